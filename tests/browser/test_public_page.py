"""The plaque's page on a phone, 390 px wide: read, say something, come back for the answer."""

import re

import pytest
from playwright.sync_api import expect

from mentors.actions import register_activity
from reports.public.actions import open_page
from reports.public.forms import QUICKEST
from tests.browser.test_on_a_phone import expect_no_sideways_scroll
from tests.reports.visitors import TEXT, page_of

pytestmark = pytest.mark.browser_context_args(
    viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
)
ANSWER = "可以，下周起每个赶集日下午也来。"


@pytest.mark.long
def test_a_visitor_writes_without_any_script_and_comes_back_for_the_answer(county, desks):
    register_activity(county.unit, by=county.member, name="林下课堂")
    open_page(county.unit, by=county.approver)
    visitor = desks.new_context(java_script_enabled=False).new_page()
    visitor.goto(page_of(county.unit))
    expect(visitor.get_by_role("heading", level=1)).to_have_text(county.unit.organisation.name)
    expect(visitor.get_by_text("林下课堂")).to_be_visible()
    expect_no_sideways_scroll(visitor)
    visitor.get_by_role("link", name="写意见建议").tap()
    visitor.get_by_text("投诉", exact=True).tap()
    visitor.get_by_label("联系方式").fill("13812345678")
    send = visitor.get_by_role("button", name="提交")
    assert send.bounding_box()["height"] >= 44
    send.tap()
    expect(visitor.get_by_text("请写下您想说的事。")).to_be_visible()
    expect(visitor.get_by_label("投诉")).to_be_checked()
    expect(visitor.get_by_label("联系方式")).to_have_value("13812345678")
    expect_no_sideways_scroll(visitor)
    visitor.get_by_label("内容").fill(TEXT)
    # Sooner, it would be taken for a machine's.
    visitor.wait_for_timeout(QUICKEST.total_seconds() * 1000)
    send.tap()
    expect(visitor.get_by_role("heading", name="已收到，谢谢")).to_be_visible()
    expect_no_sideways_scroll(visitor)
    code = visitor.locator(".receipt strong").inner_text()

    officer = desks.of("reviewer")
    officer.goto("/")
    officer.get_by_role("link", name=re.compile(rf"^答复\s*：.*{re.escape(TEXT)}")).tap()
    expect(officer.get_by_text("联系方式：13812345678")).to_be_visible()
    officer.get_by_label("答复").fill(ANSWER)
    officer.get_by_role("button", name="答复").tap()
    expect(officer.get_by_role("status").filter(has_text="已答复")).to_be_visible()

    visitor.goto(page_of(county.unit))
    visitor.get_by_label("回执号").fill(code)
    visitor.get_by_role("button", name="查看").tap()
    expect(visitor.get_by_role("heading", name="团县委已答复")).to_be_visible()
    expect(visitor.get_by_text(ANSWER)).to_be_visible()
