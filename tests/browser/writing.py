"""What a unit types: the application, its budget rows, the closure's vouchers."""

import io

from PIL import Image

from pilotwork import clock
from tests.factories import days_ago

NAME = "林下养蜂青年课堂"


def picture():
    """A photo as a phone would send it, for set_input_files."""
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(content, "JPEG")
    return {"name": "林地.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def type_content(page):
    """Fill in everything of a new application but the budget; the payee is filled in already."""
    page.get_by_label("活动名称").fill(NAME)
    page.get_by_label("活动目的").fill("让青年社员学会林下养蜂。")
    page.get_by_label("活动方案").fill("两次课，一次现场实习。")
    page.get_by_label("活动开始日期").fill(clock.today().isoformat())
    page.get_by_label("活动结束日期").fill(days_ago(-2).isoformat())
    page.get_by_label("活动地点").fill("合作社林地")
    page.get_by_label("参加人员").fill("青年社员 30 人")
    page.get_by_label("联系人").fill("郑")
    page.get_by_label("联系电话").fill("022-0000 0000")


def rows_of(page, table):
    """The rows of a growing table that are there to see, without the heading."""
    inputs = page.get_by_role("button", name="删除这一行")
    return page.get_by_role("table", name=table).get_by_role("row").filter(has=inputs)


def budget_rows(page):
    """The rows of the budget."""
    return rows_of(page, "经费预算明细")


def type_line(row, item, quantity, unit_price, from_fund=None):
    """Type one budget line; without `from_fund` the fund's part follows the amount by itself."""
    row.get_by_label("项目", exact=True).fill(item)
    row.get_by_label("数量").fill(quantity)
    row.get_by_label("单价").fill(unit_price)
    if from_fund is not None:
        row.get_by_label("基金承担").fill(from_fund)


def type_voucher(row, item, amount, from_fund, invoice_number=""):
    """Type one voucher of a closure under the budget line `item`."""
    row.get_by_label("预算项目").select_option(label=item)
    row.get_by_label("用途").fill(f"{item}费")
    row.get_by_label("金额", exact=True).fill(amount)
    row.get_by_label("其中基金").fill(from_fund)
    row.get_by_label("发票号码").fill(invoice_number)


def figure(page, name):
    """What a growing table says for `name` under its rows, such as 预算合计."""
    term = page.get_by_role("term").filter(has_text=name)
    return page.locator(".rows-totals div").filter(has=term).get_by_role("status")
