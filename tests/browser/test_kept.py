"""What is typed is kept: across an expired sign-in, and never sent by Enter or twice by going back."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from funds.models import Application, Entry, EntryKind
from tests.browser.writing import NAME, budget_rows, picture, type_content, type_line
from tests.factories import PASSWORD
from tests.journeys import bring

pytestmark = pytest.mark.long

SIGN_IN_PAGE = re.compile("/accounts/sign-in/")
KEPT = re.compile("没有送达，已恢复")


def end_every_session():
    """What a night does to everybody's sign-in."""
    Session.objects.all().delete()


def sign_in_again(page, username):
    """Sign in on the page to which an expired session leads."""
    expect(page).to_have_url(SIGN_IN_PAGE)
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def notice(page):
    """The line that says what did not arrive."""
    return page.locator("[data-kept]")


def test_an_application_sent_after_the_sign_in_expired_is_filled_in_again(county, desks):
    page = desks.of("member")
    page.goto("/funds/applications/new/")
    type_content(page)
    rows = budget_rows(page)
    type_line(rows.nth(0), "展板", "4", "150.50")
    page.get_by_role("button", name="增加一行").click()
    type_line(rows.nth(1), "讲师", "3", "400", "1000")
    end_every_session()
    page.get_by_role("button", name="保存草稿").click()
    sign_in_again(page, "member")

    expect(notice(page)).to_have_text(KEPT)
    expect(page.get_by_label("活动名称")).to_have_value(NAME)
    expect(rows.nth(1).get_by_label("基金承担")).to_have_value("1000")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("status").filter(has_text="草稿已保存")).to_be_visible()
    lines = Application.objects.get().budget_lines.values_list("item", "from_fund")
    assert [tuple(map(str, line)) for line in lines] == [("展板", "602.00"), ("讲师", "1000.00")]
    page.goto("/funds/applications/new/")
    expect(page.get_by_label("活动名称")).to_have_value("")
    expect(notice(page)).to_be_hidden()


@pytest.mark.long
def test_an_opinion_sent_after_the_sign_in_expired_waits_for_who_wrote_it(county, desks):
    application = bring(county, "reviewed")
    page = desks.of("approver")
    page.goto(f"/funds/applications/{application.pk}/")
    page.get_by_label("核定金额").fill("650")
    page.get_by_label("意见").fill("同意，宣传材料从简。")
    end_every_session()
    page.get_by_role("button", name="同意立项").click()
    sign_in_again(page, "member")
    page.goto(f"/funds/applications/{application.pk}/")
    expect(notice(page)).to_be_hidden()
    page.get_by_role("button", name="退出").first.click()
    page.goto(f"/accounts/sign-in/?next=/funds/applications/{application.pk}/")
    sign_in_again(page, "approver")

    expect(notice(page)).to_have_text(KEPT)
    expect(page.get_by_label("核定金额")).to_have_value("650")
    expect(page.get_by_label("意见")).to_have_value("同意，宣传材料从简。")
    page.get_by_role("button", name="同意立项").click()
    expect(page.get_by_role("status").filter(has_text="立项")).to_be_visible()
    application.refresh_from_db()
    assert (application.state, str(application.approved_amount)) == ("approved", "650.00")


@pytest.mark.long
def test_what_did_not_arrive_is_found_from_any_page_and_can_be_thrown_away(county, desks):
    application = bring(county, "reviewed")
    page = desks.of("approver")
    address = f"/funds/applications/{application.pk}/"
    page.goto(address)
    page.get_by_label("意见").fill("同意。")
    end_every_session()
    page.get_by_role("button", name="同意立项").click()
    sign_in_again(page, "approver")
    page.goto("/funds/applications/")
    notice(page).get_by_role("link", name="继续填写").click()
    expect(page.get_by_label("意见")).to_have_value("同意。")
    notice(page).get_by_role("button", name="丢弃").click()
    expect(notice(page)).to_be_hidden()
    expect(page.get_by_label("意见")).to_have_value("")


@pytest.mark.long
def test_a_form_out_of_date_since_a_new_sign_in_leads_back_to_what_was_typed(county, desks):
    application = bring(county, "submitted")
    page = desks.of("reviewer")
    page.goto(f"/funds/applications/{application.pk}/")
    page.get_by_label("意见").fill("材料齐全。")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="初审同意").click()
    page.get_by_role("link", name="回到刚才的表单").click()
    expect(notice(page)).to_have_text(KEPT)
    expect(page.get_by_label("意见")).to_have_value("材料齐全。")


@pytest.mark.long
def test_what_arrived_is_not_filled_in_again(county, desks):
    application = bring(county, "approved")
    page = desks.of("cashier")
    address = f"/funds/applications/{application.pk}/"
    page.goto(address)
    page.get_by_label("拨付金额").fill("100")
    page.get_by_label("摘要").fill("第一笔")
    page.get_by_role("button", name="拨付", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已登记拨付")).to_be_visible()
    expect(notice(page)).to_be_hidden()
    expect(page.get_by_label("摘要")).to_have_value("")


@pytest.mark.long
def test_what_nobody_answered_is_there_again_on_the_way_back(county, desks):
    application = bring(county, "submitted")
    page = desks.of("reviewer")
    address = f"/funds/applications/{application.pk}/"
    page.goto(address)
    page.get_by_label("意见").fill("材料齐全。")
    page.route("**/review/", lambda route: route.abort())
    page.get_by_role("button", name="初审同意").click()
    page.wait_for_url(re.compile("chrome-error"))
    page.go_back()
    expect(notice(page)).to_have_text(re.compile("没有收到答复"))
    expect(page.get_by_label("意见")).to_have_value("材料齐全。")


# --- Sent by nobody, or once too often ------------------------------------------------------------


def test_enter_in_a_field_decides_nothing(county, desks):
    application = bring(county, "reviewed")
    page = desks.of("approver")
    page.goto(f"/funds/applications/{application.pk}/")
    page.get_by_label("意见").fill("同意。")
    page.get_by_label("会议纪要号").fill("纪要3")
    page.get_by_label("会议纪要号").press("Enter")
    page.get_by_label("核定金额").press("Enter")
    page.get_by_label("意见").fill("同意，从简。")
    application.refresh_from_db()
    assert application.state == "reviewed"
    page.get_by_role("button", name="同意立项").click()
    expect(page.get_by_role("status").filter(has_text="立项")).to_be_visible()


@pytest.mark.long
def test_going_back_after_a_payment_shows_an_empty_form_and_pays_once(county, desks):
    application = bring(county, "approved")
    page = desks.of("cashier")
    address = f"/funds/applications/{application.pk}/"
    page.goto(address)
    page.get_by_label("拨付金额").fill("100")
    page.get_by_label("摘要").fill("第一笔")
    page.get_by_role("button", name="拨付", exact=True).click()
    done = page.get_by_role("status").filter(has_text="已登记拨付")
    expect(done).to_be_visible()
    page.go_back()
    expect(page.get_by_label("摘要")).to_have_value("")
    page.get_by_label("拨付金额").fill("100")
    page.get_by_role("button", name="拨付", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    paid = Entry.objects.filter(commitment__application=application, kind=EntryKind.DISBURSE)
    assert [str(entry.amount) for entry in paid] == ["100.00"]


def test_what_was_sent_into_a_fault_of_the_server_is_filled_in_again(
    county, desks, settings, tmp_path
):
    application = bring(county, "submitted")
    (tmp_path / "file").touch()
    working, settings.MEDIA_ROOT = settings.MEDIA_ROOT, str(tmp_path / "file" / "media")
    page = desks.of("reviewer")
    page.goto(f"/funds/applications/{application.pk}/superior_opinion/")
    page.get_by_label("意见").fill("上级团委同意。")
    page.get_by_label("扫描件").set_input_files(picture())
    page.get_by_role("button", name="录入意见").click()
    expect(page.get_by_role("heading", name="附件存不进去，这次没有保存")).to_be_visible()
    settings.MEDIA_ROOT = working
    page.get_by_role("link", name="回到刚才的表单").click()
    expect(notice(page)).to_have_text(re.compile("没有收到答复，已恢复.*请重新选择"))
    expect(page.get_by_label("意见")).to_have_value("上级团委同意。")
    page.get_by_role("button", name="录入意见").click()
    expect(page.get_by_text("上级团委同意。").first).to_be_visible()
    expect(notice(page)).to_be_hidden()
