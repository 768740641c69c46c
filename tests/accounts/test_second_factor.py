"""The second factor: who needs it, setting it up, entering codes, losing the phone."""

import base64
import datetime as dt
import json

import pytest
import time_machine

from accounts import actions, factor_actions
from accounts.factors import address_of, step_of
from accounts.lockouts import is_locked_out
from accounts.models import Duty, DutyGrant, RecoveryCode, SecondFactor, User
from pilotwork import clock
from pilotwork.refusals import Refused
from tests.accounts.conftest import browser
from tests.accounts.phone import (
    CODE,
    LISTED,
    RFC_KEY,
    SET_UP,
    SIGN_IN,
    SIGN_OUT,
    Phone,
    key_shown,
    set_up,
    signed_in,
    with_phone,
)
from tests.factories import UserFactory, days_ago

pytestmark = pytest.mark.django_db


# --- Who needs one --------------------------------------------------------------------------------


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


# --- Setting it up --------------------------------------------------------------------------------


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


# --- Signing in -----------------------------------------------------------------------------------


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
