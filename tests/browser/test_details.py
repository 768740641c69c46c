"""What makes the pages easy to trust, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from accounts.actions import set_temporary_password
from funds.models import Application
from tests.browser.writing import budget_rows, picture, type_content, type_line
from tests.factories import PASSWORD, days_ago
from tests.journeys import bring, go_on

pytestmark = pytest.mark.long

NEW_PASSWORD = "reed-boat-under-the-moon-7"
CELLS = ("项目", "数量", "单价", "基金承担")
SIGN_IN_PAGE = re.compile("/accounts/sign-in/")


def page_of(application, verb=""):
    """The address of the application's page, or of one of its verbs."""
    return f"/funds/applications/{application.pk}/" + (f"{verb}/" if verb else "")


def tab_to(page, target):
    """Press the tab key until `target` has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("The tab key does not lead there.")


# --- Signing in and out -------------------------------------------------------------------------


@pytest.mark.long
def test_a_temporary_password_is_changed_before_anything_else(county, desks):
    temporary = set_temporary_password(county.member, by=county.administrator)
    page = desks.sign_in("member", temporary)
    heading = page.get_by_role("heading", name="请先修改密码")
    expect(heading).to_be_visible()
    page.goto("/funds/applications/")
    expect(heading).to_be_visible()
    page.locator("#id_new_password1").fill(NEW_PASSWORD)
    page.get_by_label("再输一次新密码").fill(NEW_PASSWORD)
    page.get_by_role("button", name="保存新密码").click()
    page.goto("/funds/applications/")
    expect(page.get_by_role("heading", level=1)).to_have_text("基金申请")


@pytest.mark.long
def test_a_wrong_password_is_said_where_the_focus_goes(desks):
    page = desks.sign_in("member", "not-my-password")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("没有登录成功")
    expect(summary).to_be_focused()
    expect(page.get_by_label("登录名")).to_have_value("member")


@pytest.mark.long
def test_after_signing_out_the_back_button_shows_no_private_page(county, desks):
    application = bring(county, "submitted")
    page = desks.sign_in("reviewer")
    page.goto(page_of(application))
    name = page.get_by_role("heading", name=application.name)
    expect(name).to_be_visible()
    page.get_by_role("button", name="退出").first.click()
    expect(page).to_have_url(SIGN_IN_PAGE)
    page.go_back()
    expect(page).to_have_url(SIGN_IN_PAGE)
    expect(name).not_to_be_visible()


@pytest.mark.long
def test_a_password_changed_elsewhere_ends_the_session_here(county, desks):
    here, elsewhere = desks.of("reviewer"), desks.of("reviewer")
    here.goto("/")
    expect(here.get_by_role("heading", level=1)).to_contain_text(county.reviewer.name)
    elsewhere.goto("/accounts/password/")
    elsewhere.get_by_label("旧密码").fill(PASSWORD)
    elsewhere.locator("#id_new_password1").fill(NEW_PASSWORD)
    elsewhere.get_by_label("再输一次新密码").fill(NEW_PASSWORD)
    elsewhere.get_by_role("button", name="保存新密码").click()
    expect(elsewhere.get_by_role("status")).to_be_visible()
    here.reload()
    expect(here).to_have_url(SIGN_IN_PAGE)
    elsewhere.goto("/")
    expect(elsewhere.get_by_role("heading", level=1)).to_contain_text(county.reviewer.name)


# --- Errors, and what was typed -------------------------------------------------------------------


@pytest.mark.long
def test_a_refused_amount_keeps_the_words_and_leads_to_the_field(county, desks):
    application = bring(county, "reviewed")
    page = desks.of("approver")
    page.goto(page_of(application))
    amount = page.get_by_label("核定金额")
    amount.fill("900")
    page.get_by_label("意见").fill("同意，注意节约。")
    page.get_by_label("会议纪要号").fill("纪要3")
    page.get_by_role("button", name="同意立项").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("900.00")
    expect(summary).to_contain_text("800.00")
    expect(amount).to_have_value("900")
    expect(page.get_by_label("意见")).to_have_value("同意，注意节约。")
    expect(page.get_by_label("会议纪要号")).to_have_value("纪要3")
    summary.get_by_role("link", name="核定金额").click()
    expect(amount).to_be_focused()
    expect(amount).to_have_attribute("aria-invalid", "true")


@pytest.mark.long
def test_returning_without_a_reason_asks_for_it_and_keeps_the_amount(county, desks):
    application = bring(county, "reviewed")
    page = desks.of("approver")
    page.goto(page_of(application))
    page.get_by_label("核定金额").fill("650")
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("核定金额")).to_have_value("650")
    expect(page.get_by_role("button", name="同意立项")).to_be_visible()
    application.refresh_from_db()
    assert application.state == "reviewed"


def test_errors_in_the_budget_keep_every_row_and_lead_to_the_cell(desks):
    page = desks.of("member")
    page.goto("/funds/applications/new/")
    type_content(page)
    page.get_by_label("活动结束日期").fill(days_ago(3).isoformat())
    rows = budget_rows(page)
    type_line(rows.nth(0), "展板", "4", "150.50")
    page.get_by_role("button", name="增加一行").click()
    type_line(rows.nth(1), "误加的一行", "1", "99")
    page.get_by_role("button", name="增加一行").click()
    type_line(rows.nth(2), "讲师", "三次", "400", "1000")
    expect(rows.nth(2).locator("[data-line=own]")).to_have_text("0.00")
    rows.nth(1).get_by_role("button", name="删除这一行").click()
    page.get_by_label("附件").set_input_files(picture())
    page.get_by_role("button", name="保存草稿").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link", name="活动结束日期")).to_be_visible()
    expect(summary).to_contain_text("请在改正后重新选择")
    assert not Application.objects.exists()
    expect(page.get_by_label("活动方案")).to_have_value("两次课，一次现场实习。")
    kept = [row for row in rows.all() if row.get_by_label("项目", exact=True).input_value()]
    assert [
        [row.get_by_label(name, exact=True).input_value() for name in CELLS] for row in kept
    ] == [["展板", "4", "150.50", "602.00"], ["讲师", "三次", "400", "1000"]]
    summary.get_by_role("link", name="数量").click()
    expect(kept[1].get_by_label("数量")).to_be_focused()
    kept[1].get_by_label("数量").fill("3")
    page.get_by_label("活动结束日期").fill(days_ago(-2).isoformat())
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("status").filter(has_text="草稿已保存")).to_be_visible()
    lines = Application.objects.get().budget_lines.values_list("item", "amount", "from_fund")
    assert [tuple(map(str, line)) for line in lines] == [
        ("展板", "602.00", "602.00"),
        ("讲师", "1200.00", "1000.00"),
    ]


@pytest.mark.long
def test_leaving_a_form_with_something_typed_warns(county, desks):
    application = bring(county, "submitted")
    page = desks.of("reviewer")
    page.goto(page_of(application))
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    opinion = page.get_by_label("意见")
    opinion.press_sequentially("材料")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="试点工作台").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    expect(opinion).to_have_value("材料")
    opinion.fill("材料齐全。")
    page.get_by_role("button", name="初审同意").click()
    expect(page.get_by_role("status")).to_contain_text("初审已通过")
    assert asked == ["beforeunload"]


# --- Keyboard -------------------------------------------------------------------------------------


def test_a_decision_is_made_with_the_keyboard_alone(county, desks):
    application = bring(county, "submitted")
    page = desks.of("reviewer")
    page.goto(page_of(application))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tab_to(page, page.get_by_label("意见"))
    page.keyboard.type("材料齐全。")
    button = page.get_by_role("button", name="初审同意")
    tab_to(page, button)
    assert button.evaluate("b => getComputedStyle(b).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("初审已通过")


# --- Paper ----------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_three_forms_print_nothing_but_the_form(county, desks):
    application = bring(county, "closing")
    voucher = application.commitment.entries.get(kind="disburse")
    page = desks.of("cashier")
    for address, title in [
        (page_of(application) + "approval-form/", "试点工作基金立项审批表"),
        (f"/funds/entries/{voucher.pk}/voucher/", "拨付凭单"),
        (page_of(application) + "closure-form/", "结项表"),
    ]:
        page.emulate_media(media="screen")
        page.goto(address)
        expect(page.get_by_role("button", name="打印")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("navigation")).to_have_count(0)
        width = page.locator(".sheet").first.evaluate("sheet => sheet.scrollWidth")
        assert width <= page.viewport_size["width"]


@pytest.mark.long
def test_a_page_printed_loses_rail_and_buttons(county, desks):
    application = bring(county, "reviewed")
    page = desks.of("approver")
    page.goto(page_of(application))
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="主导航")).not_to_be_visible()
    expect(page.get_by_role("button", name="同意立项")).not_to_be_visible()
    expect(page.get_by_role("button", name="退出")).to_have_count(0)


# --- Who may not ----------------------------------------------------------------------------------


@pytest.mark.long
def test_the_page_says_why_one_may_not_decide_and_who_can(county, desks):
    application = bring(county, "reviewed")
    page = desks.of("mentor")
    page.goto(page_of(application))
    note = page.get_by_role("note")
    expect(note).to_contain_text("您不能办理“同意立项”")
    expect(note).to_contain_text("指导员")
    expect(note).to_contain_text(county.approver.name)
    expect(note).not_to_contain_text(county.mentor.name)
    expect(page.get_by_role("button", name="同意立项")).to_have_count(0)


@pytest.mark.long
def test_a_typed_address_of_a_verb_is_refused_with_the_reason_and_who_can(county, desks):
    application = bring(county, "reviewed")
    page = desks.of("mentor")
    response = page.goto(page_of(application, "approve"))
    assert response.status == 403
    main = page.get_by_role("main")
    expect(main).to_contain_text("这一步您不能办理")
    expect(main).to_contain_text("指导员")
    expect(main).to_contain_text(county.approver.name)
    main.get_by_role("link", name="回工作台").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(county.mentor.name)


@pytest.mark.long
def test_a_verb_that_somebody_else_was_faster_with_is_said(county, desks):
    application = bring(county, "submitted")
    page = desks.of("reviewer")
    page.goto(page_of(application))
    page.get_by_label("意见").fill("材料齐全。")
    go_on(county, application, "withdraw")
    page.get_by_role("button", name="初审同意").click()
    expect(page.get_by_role("alert")).to_contain_text("已撤回")
    application.refresh_from_db()
    assert application.state == "withdrawn"
