"""The fund's main job from the draft to the closure, by five people at five browsers."""

import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from funds.models import Application
from funds.verify import differences
from tests.browser.writing import (
    NAME,
    budget_rows,
    figure,
    picture,
    rows_of,
    type_content,
    type_line,
    type_voucher,
)

TITLE = f"“{NAME}”立项申请"
REASON = "展板数量偏少，请按四块重报。"


def open_task(page, action):
    """From the home page, with one click, to what waits for this person."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(rf"^{action}\s*：\s*{TITLE}$")).click()


def expect_done(page, words):
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.long
def test_the_whole_job_from_draft_to_closure_by_five_people(county, desks):
    unit, mentor, reviewer, approver, cashier = (
        desks.sign_in(name) for name in ("member", "mentor", "reviewer", "approver", "cashier")
    )
    unit_writes_and_submits(unit)
    mentor_gives_his_opinion(mentor)
    reviewer_returns(reviewer)
    unit_corrects_and_resubmits(unit)
    reviewer_sees_what_changed_and_passes(reviewer)
    approver_approves_less(approver)
    cashier_pays_twice_and_opens_the_voucher(cashier)
    unit_files_the_closure(unit)
    reviewer_passes_the_closure(reviewer)
    cashier_recovers_the_balance(cashier)
    approver_closes(approver)
    the_books_are_right(county)


def unit_writes_and_submits(page):
    expect(page.get_by_role("main")).to_contain_text("10,000.00")
    page.get_by_role("link", name="新建立项申请").first.click()
    type_content(page)
    expect(page.get_by_label("收款账号")).not_to_have_value("")
    marker = page.evaluate("window.notReloaded = 'yes'")
    rows = budget_rows(page)
    type_line(rows.nth(0), "展板", "2", "150.50")
    press(page, "增加一行")
    type_line(rows.nth(1), "误加的一行", "1", "99")
    press(page, "增加一行")
    type_line(rows.nth(2), "讲师", "3", "400", "1000")
    expect(figure(page, "预算合计")).to_have_text("1,600.00")
    rows.nth(1).get_by_role("button", name="删除这一行").click()
    expect(rows).to_have_count(2)
    assert page.evaluate("window.notReloaded") == marker
    expect(figure(page, "预算合计")).to_have_text("1,501.00")
    expect(figure(page, "申请基金")).to_have_text("1,301.00")
    expect(figure(page, "自筹")).to_have_text("200.00")
    expect(page.get_by_text("申请基金 人民币壹仟叁佰零壹元整")).to_be_visible()
    page.get_by_label("附件").set_input_files(picture())
    press(page, "保存草稿")
    expect_done(page, "草稿已保存")
    expect(page.get_by_role("link", name="林地.jpg")).to_be_visible()
    expect(rows.nth(1).get_by_label("项目", exact=True)).to_have_value("讲师")
    press(page, "保存并提交")
    expect_done(page, "已提交")
    expect(page.get_by_role("main")).to_contain_text("审核中")


def mentor_gives_his_opinion(page):
    open_task(page, "提意见")
    page.get_by_label("意见").fill("切合林区实际，支持。")
    press(page, "提交意见")
    expect_done(page, "指导员意见已保存")


def reviewer_returns(page):
    open_task(page, "初审")
    main = page.get_by_role("main")
    expect(main).to_contain_text("切合林区实际，支持。")
    expect(main).to_contain_text("上级团组织意见尚未录入")
    page.get_by_label("意见").fill(REASON)
    press(page, "退回修改")
    expect_done(page, "已退回单位修改")


def unit_corrects_and_resubmits(page):
    open_task(page, "修改")
    expect(page.get_by_role("note")).to_contain_text(REASON)
    expect(page.get_by_label("活动名称")).to_have_value(NAME)
    expect(page.get_by_label("活动方案")).to_have_value("两次课，一次现场实习。")
    rows = budget_rows(page)
    expect(rows.nth(0).get_by_label("单价")).to_have_value("150.50")
    expect(rows.nth(1).get_by_label("基金承担")).to_have_value("1000.00")
    rows.nth(0).get_by_label("数量").fill("4")
    rows.nth(0).get_by_label("基金承担").fill("602")
    expect(page.get_by_text("申请基金 人民币壹仟陆佰零贰元整")).to_be_visible()
    press(page, "保存并重新提交")
    expect_done(page, "提交")


def reviewer_sees_what_changed_and_passes(page):
    open_task(page, "初审")
    changed = page.get_by_role("table", name="内容对照")
    expect(changed).to_contain_text("展板 4 × 150.50 = 602.00，基金 602.00")
    expect(changed).not_to_contain_text("活动方案")
    page.get_by_label("意见").fill("已按要求修改，建议立项。")
    press(page, "初审同意")
    expect_done(page, "初审已通过")


def approver_approves_less(page):
    open_task(page, "审批")
    expect(page.get_by_role("main")).to_contain_text("已按要求修改，建议立项。")
    amount = page.get_by_label("核定金额")
    after = page.get_by_role("definition").filter(has_text="8,398.00")
    expect(amount).to_have_value("1602.00")
    expect(after).to_be_visible()
    amount.fill("")
    amount.press_sequentially("1500")
    expect(after).to_have_count(0)
    expect(page.get_by_role("definition").filter(has_text="8,500.00")).to_be_visible()
    expect(page.get_by_text("人民币壹仟伍佰元整", exact=True)).to_be_visible()
    page.get_by_label("意见").fill("同意立项，注意节约。")
    page.get_by_label("会议纪要号").fill("办公会纪要〔第5号〕")
    press(page, "同意立项")
    expect_done(page, "已同意立项")


def cashier_pays_twice_and_opens_the_voucher(page):
    open_task(page, "拨付")
    page.get_by_label("拨付金额").fill("900")
    expect(page.get_by_text("人民币玖佰元整", exact=True)).to_be_visible()
    press(page, "拨付")
    expect_done(page, "已登记拨付")
    open_task(page, "拨付")
    expect(page.get_by_label("拨付金额")).to_have_value("600.00")
    page.get_by_label("拨付金额").fill("500")
    button = page.get_by_role("button", name="拨付", exact=True)
    button.evaluate("button => { button.click(); button.click(); }")
    expect_done(page, "已登记拨付")
    payments = page.get_by_role("table", name="拨付、收回和冲销的分录")
    expect(payments.get_by_role("row")).to_have_count(3)
    payments.get_by_role("row", name="500.00").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("拨付凭单")
    expect(page.get_by_role("main")).to_contain_text("人民币伍佰元整")


def unit_files_the_closure(page):
    page.goto("/funds/applications/")
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("main")).to_contain_text("1,400")
    page.get_by_role("link", name="报送结项").click()
    page.get_by_label("活动总结").fill("两次课全部完成，三十名社员学会分蜂。")
    vouchers = rows_of(page, "单据")
    type_voucher(vouchers.nth(0), "展板", "602", "600", "12345678")
    press(page, "增加一张")
    type_voucher(vouchers.nth(1), "讲师", "950", "750", "12345678")
    expect(figure(page, "尚可列支")).to_have_text("150.00")
    page.get_by_label("附单据张数").fill("2")
    press(page, "报送结项")
    expect(page.get_by_role("alert")).to_contain_text("12345678 在本次结项中重复")
    expect(page.get_by_label("活动总结")).to_have_value("两次课全部完成，三十名社员学会分蜂。")
    expect(vouchers.nth(1).get_by_label("金额", exact=True)).to_have_value("950")
    vouchers.nth(1).get_by_label("发票号码").fill("12345679")
    press(page, "报送结项")
    expect_done(page, "结项已报送")


def reviewer_passes_the_closure(page):
    open_task(page, "结项初审")
    spent = page.get_by_role("table", name="按预算项目的实际支出")
    expect(spent.get_by_role("row", name="讲师")).to_contain_text("950.00")
    page.get_by_label("意见").fill("票据齐全。")
    press(page, "结项初审同意")
    expect_done(page, "结项初审已通过")


def cashier_recovers_the_balance(page):
    open_task(page, "收回")
    expect(page.get_by_label("收回金额")).to_have_value("50.00")
    press(page, "收回结余")
    expect_done(page, "已登记收回")


def approver_closes(page):
    open_task(page, "结项审批")
    page.get_by_label("意见").fill("同意结项。")
    press(page, "同意结项")
    expect_done(page, "已结项")
    page.goto("/")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)


def the_books_are_right(county):
    application = Application.objects.get(name=NAME)
    assert application.state == "closed"
    booked = county.fund.entries.order_by("number").values_list("kind", "available", "cash")
    assert list(booked) == [
        ("receipt", Decimal("10000.00"), Decimal("10000.00")),
        ("reserve", Decimal("-1500.00"), Decimal("0.00")),
        ("disburse", Decimal("0.00"), Decimal("-900.00")),
        ("disburse", Decimal("0.00"), Decimal("-500.00")),
        ("recover", Decimal("50.00"), Decimal("50.00")),
        ("release", Decimal("100.00"), Decimal("0.00")),
    ]
    last = county.fund.entries.latest("number")
    assert (last.available_after, last.cash_after) == (Decimal("8650.00"), Decimal("8650.00"))
    assert [row.verb for row in application.log] == [
        "submit",
        "mentor_opinion",
        "send_back",
        "resubmit",
        "review",
        "approve",
        "pay",
        "pay",
        "file_closure",
        "review_closure",
        "recover",
        "close",
    ]
    assert list(differences()) == []
    call_command("check_ledger")
