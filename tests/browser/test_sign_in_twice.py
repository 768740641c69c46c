"""The second factor and the password again, in a real browser under the strict policy."""

import base64
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from funds.models import Entry, EntryKind
from tests.accounts.phone import Phone
from tests.factories import PASSWORD
from tests.journeys import bring

pytestmark = pytest.mark.long
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def is_fit_for_use(page):
    """No fault that axe finds, and nothing to scroll sideways, on a desktop and on a phone."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in found] == []
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{page.url} at {size['width']}"
    return True


def test_a_payment_after_the_password_was_asked_again_is_made_once_with_what_was_typed(
    county, desks, settings
):
    application = bring(county, "approved")
    page = desks.of("cashier")
    settings.REAUTH_MINUTES = 0
    page.goto(f"/funds/applications/{application.pk}/")
    page.get_by_label("拨付金额").fill("100")
    page.get_by_label("摘要").fill("第一笔")
    page.get_by_role("button", name="拨付", exact=True).click()
    expect(page.get_by_role("heading", name="请再次输入密码")).to_be_visible()
    assert is_fit_for_use(page)
    page.get_by_label("登录密码").fill("wrong")
    page.get_by_role("button", name="确认并办理").click()
    expect(page.get_by_text("密码不正确").first).to_be_visible()
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_role("button", name="确认并办理").click()
    expect(page.get_by_role("status").filter(has_text="已登记拨付")).to_be_visible()
    expect(page.locator("[data-kept]")).to_be_hidden()
    paid = Entry.objects.get(commitment__application=application, kind=EntryKind.DISBURSE)
    assert (str(paid.amount), paid.memo) == ("100.00", "第一笔")


def test_who_turns_away_from_the_password_finds_what_was_typed_in_the_form(county, desks, settings):
    application = bring(county, "approved")
    page = desks.of("cashier")
    settings.REAUTH_MINUTES = 0
    page.goto(f"/funds/applications/{application.pk}/")
    page.get_by_label("摘要").fill("第一笔")
    page.get_by_role("button", name="拨付", exact=True).click()
    page.get_by_label("登录密码").fill("wrong")
    page.get_by_role("button", name="确认并办理").click()
    expect(page.get_by_text("密码不正确").first).to_be_visible()
    page.goto("/")
    page.locator("[data-kept]").get_by_role("link", name="继续填写").click()
    expect(page.get_by_label("摘要")).to_have_value("第一笔")
    assert "confirm_password" not in page.evaluate("sessionStorage.getItem('typed')")
    assert not Entry.objects.filter(kind=EntryKind.DISBURSE).exists()


def test_the_second_factor_is_set_up_and_used_and_what_was_asked_for_opens(county, desks, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    page = desks.stranger()
    page.goto("/funds/accounts/")
    page.get_by_label("登录名").fill("cashier")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="开通手机验证码")).to_be_visible()
    expect(page.locator(".factor-key svg")).to_be_visible()
    assert is_fit_for_use(page)
    text = page.locator(".factor-key code").inner_text()
    phone = Phone(base64.b32decode(text.replace(" ", "")))
    page.get_by_label("验证码").fill(phone.code())
    page.get_by_role("button", name="开通").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    assert is_fit_for_use(page)
    page.get_by_role("link", name="已保存好，继续").click()
    expect(page).to_have_url(re.compile("/funds/accounts/$"))
    page.goto("/accounts/second-factor/")
    assert is_fit_for_use(page)

    page.set_viewport_size(DESKTOP)
    page.get_by_role("button", name="退出").first.click()
    page.get_by_label("登录名").fill("cashier")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="输入手机验证码")).to_be_visible()
    assert is_fit_for_use(page)
    page.get_by_label("验证码").fill(codes[0])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("还剩 9 个")).to_be_visible()
