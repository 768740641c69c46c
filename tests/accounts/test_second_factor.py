"""The second factor: who needs it, setting it up, entering codes, losing the phone."""

import base64
import datetime as dt
import json
import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import actions, factor_actions
from accounts.factors import address_of, step_of
from accounts.lockouts import is_locked_out
from accounts.matters import NotPermitted
from accounts.models import Duty, DutyGrant, FactorReset, RecoveryCode, SecondFactor, User
from pilotwork import clock
from pilotwork.refusals import Refused
from tests.accounts.conftest import browser
from tests.accounts.phone import Phone, with_phone
from tests.factories import PASSWORD, UserFactory, days_ago

pytestmark = pytest.mark.django_db
SIGN_IN, SIGN_OUT = "/accounts/sign-in/", "/accounts/sign-out/"
SET_UP, CODE = "/accounts/second-factor/", "/accounts/second-factor/code/"
RENEW, GIVE_UP = "/accounts/second-factor/recovery-codes/", "/accounts/second-factor/give-up/"
LISTED = re.compile(r"<li><code>([a-z0-9-]{19})</code></li>")
RFC_KEY = b"12345678901234567890"


@pytest.fixture
def required(settings):
    """An installation that asks for the second factor."""
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def cashier(db):
    return UserFactory(username="cashier", name="钱", duties=[Duty.CASHIER])


def signed_in(user, next_page="/"):
    """A browser in which the person typed the password, and nothing else yet."""
    client = browser()
    typed = {"username": user.username, "password": PASSWORD, "next": next_page}
    assert client.post(SIGN_IN, typed).status_code == 302
    return client


def key_shown(page):
    """The key that the set-up page shows as text."""
    text = re.search(r"密钥 <code>([A-Z2-7 ]+)</code>", page.content.decode()).group(1)
    return base64.b32decode(text.replace(" ", ""))


def set_up(client, next_page="/"):
    """Set up what the page shows; returns (phone, the answer to the first code)."""
    phone = Phone(key_shown(client.get(SET_UP)))
    return phone, client.post(SET_UP, {"code": phone.code(), "next": next_page})


# --- Who needs one ----------------------------------------------------------------------------


def test_the_codes_are_those_of_every_authenticator_app():
    # RFC 6238, appendix B, the last six of the eight digits.
    for moment, code in [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]:
        with clock.at(dt.datetime.fromtimestamp(moment, dt.UTC)):
            assert step_of(RFC_KEY, code, after=0) == moment // 30


def test_the_app_is_told_whose_account_it_is(cashier):
    assert address_of(RFC_KEY, cashier) == (
        "otpauth://totp/%E8%AF%95%E7%82%B9%E5%B7%A5%E4%BD%9C%E5%8F%B0%3Acashier"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=%E8%AF%95%E7%82%B9%E5%B7%A5%E4%BD%9C%E5%8F%B0"
    )


def test_without_the_setting_nobody_is_asked(cashier):
    assert signed_in(cashier).get("/").status_code == 200


def test_with_the_setting_who_holds_a_county_duty_sets_it_up_before_anything_else(
    required, cashier
):
    client = signed_in(cashier)
    for address in ("/", "/funds/accounts/", "/admin/", "/accounts/password/", CODE, SIGN_IN):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(f"{SET_UP}?next="), address
    assert client.post("/funds/accounts/1/receive/", {"amount": "1"}).url.startswith(SET_UP)
    assert client.get(SET_UP).status_code == 200
    assert client.post(SIGN_OUT).url == SIGN_IN


def test_the_superuser_of_a_new_installation_needs_it_and_a_unit_does_not(required, person):
    superuser = UserFactory(username="root", is_superuser=True)
    assert signed_in(superuser).get("/").url == f"{SET_UP}?next=/"
    assert signed_in(person).get("/").status_code == 200


def test_a_duty_given_in_the_middle_of_a_session_asks_from_then_on(required, person):
    client = signed_in(person)
    assert client.get("/").status_code == 200
    DutyGrant.objects.create(user=person, duty=Duty.REVIEWER, starts_on=days_ago(0))
    assert client.get("/").url == f"{SET_UP}?next=/"


def test_a_temporary_password_is_changed_before_the_set_up(required, cashier):
    cashier.must_change_password = True
    cashier.save(update_fields=["must_change_password"])
    client = signed_in(cashier)
    assert client.get("/").url == "/accounts/password/"
    new = {"new_password1": "a-quite-new-password-7", "new_password2": "a-quite-new-password-7"}
    client.post("/accounts/password/", new)
    assert client.get("/").url == f"{SET_UP}?next=/"


def test_a_fragment_of_a_page_sends_the_whole_page_there(required, cashier):
    answer = signed_in(cashier).get("/reports/so-far/", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, SET_UP)


# --- Setting it up ----------------------------------------------------------------------------


def test_a_right_first_code_shows_ten_recovery_codes_once_and_opens_the_rest(required, cashier):
    client = signed_in(cashier)
    before = client.session.session_key
    phone, answer = set_up(client, next_page="/funds/accounts/")
    page = answer.content.decode()
    codes = LISTED.findall(page)
    assert len(set(codes)) == 10
    assert 'href="/funds/accounts/"' in page
    assert client.session.session_key != before
    assert client.get("/").status_code == 200
    page = client.get(SET_UP).content.decode()
    assert "还剩 10 个" in page
    assert not any(code in page for code in codes)


def test_the_set_up_page_shows_the_same_key_until_it_is_confirmed(cashier):
    client = signed_in(cashier)
    key = key_shown(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": "000000"})
    assert "验证码不正确" in answer.content.decode()
    assert key_shown(answer) == key
    assert key_shown(signed_in(cashier).get(SET_UP)) != key
    assert not SecondFactor.objects.exists()


def test_setting_it_up_ends_the_persons_other_sessions(cashier):
    elsewhere, here = signed_in(cashier), signed_in(cashier)
    set_up(here)
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").url == f"{SIGN_IN}?next=/"


def test_nobody_sets_it_up_twice(cashier):
    with_phone(cashier)
    phone = Phone(RFC_KEY)
    with pytest.raises(Refused, match="已经开通"):
        factor_actions.set_up_factor(cashier, key=phone.key, code=phone.code())


def test_neither_key_nor_codes_are_kept_where_a_copy_of_the_database_shows_them(cashier):
    client = signed_in(cashier)
    phone, answer = set_up(client)
    codes = [code.replace("-", "") for code in LISTED.findall(answer.content.decode())]
    kept = SecondFactor.objects.values_list("sealed_key", flat=True).get()
    secrets = [phone.key.hex(), base64.b32encode(phone.key).decode(), *codes]
    stored = [kept, *RecoveryCode.objects.values_list("digest", flat=True)]
    stored += [json.dumps(dict(client.session.items()))]
    stored += [str(row) for row in User.history.values()]
    assert not any(secret in text for secret in secrets for text in stored)
    assert "pending_key" not in client.session


# --- Signing in -------------------------------------------------------------------------------


def test_who_has_a_second_factor_enters_a_code_whatever_the_setting_says(cashier):
    phone, _ = with_phone(cashier)
    client = signed_in(cashier, "/funds/accounts/")
    assert client.get("/funds/accounts/").url == f"{CODE}?next=/funds/accounts/"
    assert client.get("/admin/").url == f"{CODE}?next=/admin/"
    assert client.get(SET_UP).url == f"{CODE}?next={SET_UP}"
    before = client.session.session_key
    answer = client.post(CODE, {"code": phone.code(), "next": "/funds/accounts/"})
    assert answer.url == "/funds/accounts/"
    assert client.session.session_key != before
    assert client.get("/funds/accounts/").status_code == 200


def test_a_temporary_password_opens_nothing_without_the_code(cashier, administrator):
    phone, _ = with_phone(cashier)
    temporary = actions.set_temporary_password(cashier, by=administrator)
    client = browser()
    client.post(SIGN_IN, {"username": "cashier", "password": temporary})
    assert client.get("/accounts/password/").url.startswith(CODE)
    client.post(CODE, {"code": phone.code()})
    assert client.get("/").url == "/accounts/password/"


def test_a_code_is_good_once(cashier):
    phone, _ = with_phone(cashier)
    code = phone.code()
    assert signed_in(cashier).post(CODE, {"code": code}).status_code == 302
    again = signed_in(cashier)
    answer = again.post(CODE, {"code": code})
    assert "已经用过" in answer.content.decode()
    assert again.get("/").url.startswith(CODE)


@pytest.mark.parametrize(("later", "is_taken"), [(-2, 0), (-1, 1), (1, 1), (2, 0)])
def test_the_phones_clock_may_be_one_step_off(cashier, later, is_taken):
    phone, _ = with_phone(cashier)
    with clock.at(clock.now()):
        answer = signed_in(cashier).post(CODE, {"code": phone.code(later)})
    assert (answer.status_code == 302) == is_taken


def test_an_older_code_is_not_taken_after_a_newer_one(cashier):
    phone, _ = with_phone(cashier)
    with clock.at(clock.now()):
        assert factor_actions.accept_code(cashier, code=phone.code()) == "phone"
        with pytest.raises(Refused):
            factor_actions.accept_code(cashier, code=phone.code(-1))
        assert factor_actions.accept_code(cashier, code=phone.code(1)) == "phone"


def test_a_code_typed_with_full_width_digits_and_spaces_is_taken(cashier):
    phone, _ = with_phone(cashier)
    typed = phone.code().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    answer = signed_in(cashier).post(CODE, {"code": f" {typed[:3]} {typed[3:]} "})
    assert answer.status_code == 302


def test_five_wrong_codes_lock_the_person_out_also_after_the_password_again(cashier, administrator):
    phone, codes = with_phone(cashier)
    client = signed_in(cashier)
    answers = []
    for _ in range(2):
        answers.append(client.post(CODE, {"code": "000000"}).status_code)
    client = signed_in(cashier)
    for _ in range(3):
        answers.append(client.post(CODE, {"code": "wrong"}).status_code)
    assert answers == [200, 200, 200, 200, 429]
    assert is_locked_out(cashier)
    for code in (phone.code(), codes[0]):
        assert signed_in(cashier).post(CODE, {"code": code}).status_code == 429
    with time_machine.travel(clock.now() + dt.timedelta(minutes=31)):
        assert not is_locked_out(cashier)
        assert signed_in(cashier).post(CODE, {"code": phone.code()}).status_code == 302


def test_an_administrator_lifts_that_lockout_too(cashier, administrator):
    phone, _ = with_phone(cashier)
    client = signed_in(cashier)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    actions.lift_lockout(cashier, by=administrator)
    assert not is_locked_out(cashier)
    assert signed_in(cashier).post(CODE, {"code": phone.code()}).status_code == 302


def test_a_right_code_forgives_the_wrong_ones_before_it(cashier):
    phone, _ = with_phone(cashier)
    client = signed_in(cashier)
    for _ in range(4):
        client.post(CODE, {"code": "000000"})
    client.post(CODE, {"code": phone.code()})
    client = signed_in(cashier)
    assert client.post(CODE, {"code": "000000"}).status_code == 200


def test_the_second_step_leads_to_no_other_site(cashier):
    phone, _ = with_phone(cashier)
    answer = signed_in(cashier).post(CODE, {"code": phone.code(), "next": "//evil.example/"})
    assert answer.url == "/"


# --- Recovery codes ---------------------------------------------------------------------------


def test_a_recovery_code_is_good_once_and_the_page_says_how_many_are_left(cashier):
    _, codes = with_phone(cashier)
    client = signed_in(cashier)
    answer = client.post(CODE, {"code": codes[3].upper().replace("-", " ")}, follow=True)
    assert "还剩 9 个" in answer.content.decode()
    assert "已经用过" in signed_in(cashier).post(CODE, {"code": codes[3]}).content.decode()


def test_a_recovery_code_is_nobody_elses(cashier, person):
    with_phone(person)
    _, codes = with_phone(cashier)
    with pytest.raises(Refused):
        factor_actions.accept_code(person, code=codes[0])


def test_new_recovery_codes_end_the_old_ones(cashier):
    phone, codes = with_phone(cashier)
    client = signed_in(cashier)
    client.post(CODE, {"code": phone.code()})
    new = LISTED.findall(client.post(RENEW).content.decode())
    assert len(new) == 10
    assert signed_in(cashier).post(CODE, {"code": codes[0]}).status_code == 200
    assert signed_in(cashier).post(CODE, {"code": new[0]}).status_code == 302


# --- Another phone, none, or lost -------------------------------------------------------------


def test_a_new_phone_is_set_up_after_the_old_one_is_given_up(required, cashier):
    phone, codes = with_phone(cashier)
    client = signed_in(cashier)
    client.post(CODE, {"code": phone.code()})
    assert client.post(GIVE_UP, {"then": "set-up"}).url == SET_UP
    assert client.get("/").url.startswith(SET_UP)
    new, _ = set_up(client)
    again = signed_in(cashier)
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2)):
        assert again.post(CODE, {"code": phone.code()}).status_code == 200
        assert again.post(CODE, {"code": codes[0]}).status_code == 200
        assert again.post(CODE, {"code": new.code()}).status_code == 302


def test_who_set_it_up_of_his_own_will_may_do_without_again(person):
    phone, _ = with_phone(person)
    client = signed_in(person)
    client.post(CODE, {"code": phone.code()})
    assert client.post(GIVE_UP).url == person.get_absolute_url()
    assert signed_in(person).get("/").status_code == 200


def test_an_administrator_resets_it_with_a_reason_and_the_person_is_told(
    required, cashier, administrator
):
    phone, codes = with_phone(cashier)
    at_work = signed_in(cashier)
    at_work.post(CODE, {"code": phone.code()})
    given = with_phone(administrator)[0]
    desk = signed_in(administrator)
    desk.post(CODE, {"code": given.code()})
    address = reverse("accounts:reset_factor", args=[cashier.pk])
    assert desk.post(address, {"reason": ""}).status_code == 200
    assert desk.post(address, {"reason": "手机遗失"}).url == cashier.get_absolute_url()
    assert at_work.get("/").url.startswith(SIGN_IN)
    told = signed_in(cashier).get(SET_UP).content.decode()
    assert "由 管 重置，原因：手机遗失" in told
    reset = FactorReset.objects.get()
    assert (reset.user, reset.by, reset.by_name) == (cashier, administrator, "管")
    logged = cashier.history.get(history_change_reason="重置手机验证码")
    assert (logged.history_user, logged.second_factor_at) == (administrator, None)
    assert "手机遗失" in desk.get(cashier.get_absolute_url()).content.decode()
    assert "手机遗失" not in signed_in(cashier).get(SET_UP).content.decode()


def test_nobody_but_an_administrator_resets_anothers(cashier, administrator, person):
    with_phone(cashier)
    with_phone(administrator)
    with pytest.raises(NotPermitted):
        factor_actions.reset_factor(cashier, by=person, reason="手机遗失")
    with pytest.raises(Refused, match="自己的"):
        factor_actions.reset_factor(administrator, by=administrator, reason="手机遗失")
    with pytest.raises(Refused, match="没有开通"):
        factor_actions.reset_factor(person, by=administrator, reason="手机遗失")
    assert SecondFactor.objects.count() == 2


def test_the_server_resets_that_of_the_last_administrator(administrator, capsys):
    with_phone(administrator)
    call_command("reset_second_factor", "administrator", "--reason", "手机和恢复码都遗失")
    assert "已重置" in capsys.readouterr().out
    administrator.refresh_from_db()
    assert administrator.second_factor_at is None
    assert FactorReset.objects.get().told.endswith("如果不是您申请的，请立即联系县团委。")
    with pytest.raises(CommandError, match="没有开通"):
        call_command("reset_second_factor", "administrator", "--reason", "再来")
    with pytest.raises(CommandError, match="没有登录名"):
        call_command("reset_second_factor", "nobody", "--reason", "再来")


def test_a_closed_account_keeps_no_second_factor(person, administrator):
    _, codes = with_phone(person)
    actions.switch_off(person, by=administrator)
    actions.switch_on(person, by=administrator)
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert signed_in(person).get("/").status_code == 200


def test_under_another_secret_key_only_recovery_codes_are_taken_and_the_page_says_why(
    cashier, settings
):
    phone, codes = with_phone(cashier)
    settings.SECRET_KEY = "another" * 9
    client = signed_in(cashier)
    assert "服务器密钥已更换" in client.post(CODE, {"code": phone.code()}).content.decode()
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
