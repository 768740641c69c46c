"""Signing in, codes, passwords, lockout (DOMAIN, People)."""

import datetime as dt

import pytest
import time_machine
from axes.models import AccessAttempt
from django.urls import reverse

from accounts import actions
from accounts.lockouts import is_locked_out
from accounts.models import Duty
from pilotwork import clock
from pilotwork.demo_accounts import ACCOUNTS
from pilotwork.refusals import Refused
from tests.accounts.conftest import browser
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "a-quite-new-password-7"
SIGN_IN, REGISTER, CHANGE = "/accounts/sign-in/", "/accounts/register/", "/accounts/password/"


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def register(client, username, code, password=NEW, again=None):
    data = {"username": username, "code": code, "new_password1": password}
    return client.post(REGISTER, data | {"new_password2": again or password})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_a_person_signs_in_with_name_and_password_and_comes_home(person):
    client = browser()
    assert sign_in(client, "zhangsan").url == reverse("home")
    assert is_signed_in(client)


def test_signing_in_leads_to_the_page_that_was_asked_for(person):
    assert sign_in(browser(), "zhangsan", next="/funds/applications/").url == "/funds/applications/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"],
)
def test_signing_in_never_leads_to_another_site(person, elsewhere):
    assert sign_in(browser(), "zhangsan", next=elsewhere).url == reverse("home")


def test_a_wrong_password_is_said_in_chinese_and_the_name_stays_typed(person):
    page = sign_in(browser(), "zhangsan", "wrong").content.decode()
    assert "登录名或密码不正确" in page
    assert 'value="zhangsan"' in page


def test_a_switched_off_account_cannot_sign_in(person, administrator):
    actions.switch_off(person, by=administrator)
    client = browser()
    assert sign_in(client, "zhangsan").status_code == 200
    assert not is_signed_in(client)


def test_demo_accounts_are_listed_in_demo_mode_only(settings, db):
    username = ACCOUNTS[0][0]
    settings.DEMO_MODE = True
    assert f"<dt>{username}</dt>" in browser().get(SIGN_IN).content.decode()
    settings.DEMO_MODE = False
    assert f"<dt>{username}</dt>" not in browser().get(SIGN_IN).content.decode()


def test_signing_out_needs_a_post_and_ends_the_session(person):
    client = browser(person)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/accounts/sign-out/").url == reverse("accounts:sign_in")
    assert not is_signed_in(client)


def test_pages_behind_the_sign_in_are_kept_by_no_cache(person):
    assert "no-store" in browser(person).get(CHANGE)["Cache-Control"]


# --- Lockout --------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_the_name_out_for_thirty_minutes(person):
    client = browser()
    answers = [sign_in(client, "zhangsan", f"wrong {i}").status_code for i in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = sign_in(client, "zhangsan")
    assert locked.status_code == 429
    assert "30 分钟" in locked.content.decode()
    assert not is_signed_in(client)
    assert is_locked_out(person)
    with time_machine.travel(clock.now() + dt.timedelta(minutes=31)):
        assert not is_locked_out(person)
        assert sign_in(client, "zhangsan").status_code == 302


def test_capitals_in_the_sign_in_name_neither_matter_nor_help_to_guess(person):
    assert sign_in(browser(), "ZhangSan").status_code == 302
    client = browser()
    for i, name in enumerate(["Zhangsan", "zHangsan", "zhAngsan", "zhaNgsan", "ZHANGSAN"]):
        answer = sign_in(client, name, f"wrong {i}")
    assert answer.status_code == 429
    assert is_locked_out(person)


def test_the_administrator_lifts_a_lockout(person, administrator):
    client = browser()
    for i in range(5):
        sign_in(client, "zhangsan", f"wrong {i}")
    office = browser(administrator)
    assert "解除登录锁定" in office.get(person.get_absolute_url()).content.decode()
    office.post(reverse("accounts:lift_lockout", args=[person.pk]))
    assert not is_locked_out(person)
    assert "解除登录锁定" not in office.get(person.get_absolute_url()).content.decode()
    assert sign_in(client, "zhangsan").status_code == 302


def test_guessing_codes_locks_out_like_guessing_passwords(person, administrator):
    code = actions.issue_registration_code(person, by=administrator)
    client = browser()
    answers = [register(client, "zhangsan", f"wrong-{i}").status_code for i in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert register(client, "zhangsan", code).status_code == 429


def test_what_was_typed_wrongly_is_not_kept_in_the_clear(person, administrator):
    actions.issue_registration_code(person, by=administrator)
    register(browser(), "zhangsan", "almost-the-code")
    sign_in(browser(), "zhangsan", "almost-the-password")
    kept = "".join(attempt.post_data for attempt in AccessAttempt.objects.all())
    assert "new_password1" in kept
    assert not {NEW, "almost-the-code", "almost-the-password"} & set(
        kept.replace("=", "\n").split()
    )


# --- Registration code ----------------------------------------------------------------------


def test_a_code_opens_the_account_once_and_signs_in(person, administrator):
    code = actions.issue_registration_code(person, by=administrator)
    client = browser()
    assert register(client, "zhangsan", code).url == reverse("home")
    assert is_signed_in(client)
    assert client.get(CHANGE).status_code == 200
    assert sign_in(browser(), "zhangsan", NEW).status_code == 302
    again = register(browser(), "zhangsan", code, "another-password-88")
    assert "已使用" in again.content.decode()


def test_capitals_in_the_sign_in_name_do_not_matter_to_a_code(person, administrator):
    code = actions.issue_registration_code(person, by=administrator)
    assert register(browser(), "ZHANGSAN", code).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [str.upper, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "],
    ids=["capitals", "no dashes", "spaces"],
)
def test_dashes_spaces_and_capitals_of_a_code_do_not_matter(person, administrator, typed):
    code = actions.issue_registration_code(person, by=administrator)
    assert register(browser(), "zhangsan", typed(code)).status_code == 302


def test_a_code_is_valid_for_twenty_days(person, administrator):
    code = actions.issue_registration_code(person, by=administrator)
    with time_machine.travel(clock.now() + dt.timedelta(days=20, minutes=1)):
        assert register(browser(), "zhangsan", code).status_code == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=19, hours=23)):
        assert register(browser(), "zhangsan", code).status_code == 302


def test_a_new_code_ends_the_earlier_one(person, administrator):
    first = actions.issue_registration_code(person, by=administrator)
    second = actions.issue_registration_code(person, by=administrator)
    assert register(browser(), "zhangsan", first).status_code == 200
    assert register(browser(), "zhangsan", second).status_code == 302


def test_a_code_opens_nobody_elses_account(person, administrator):
    code = actions.issue_registration_code(person, by=administrator)
    UserFactory(username="lisi")
    assert register(browser(), "lisi", code).status_code == 200


def test_only_the_hash_of_a_code_is_kept(person, administrator):
    code = actions.issue_registration_code(person, by=administrator)
    kept = person.registration_codes.get().code_hash
    assert actions.normalise_code(code) not in kept


def test_a_weak_password_does_not_use_the_code_up(person, administrator):
    code = actions.issue_registration_code(person, by=administrator)
    for weak in ["short-1", "20261123456", "password123", "zhangsan2026"]:
        assert register(browser(), "zhangsan", code, weak).status_code == 200
    assert register(browser(), "zhangsan", code, again="something-else-9").status_code == 200
    assert register(browser(), "zhangsan", code).status_code == 302


def test_a_code_used_by_somebody_else_in_the_meantime_is_refused(person, administrator):
    actions.issue_registration_code(person, by=administrator)
    actions.register(person, password=NEW)
    with pytest.raises(Refused, match="已被使用"):
        actions.register(person, password="another-password-88")


# --- Own password ---------------------------------------------------------------------------


def test_a_temporary_password_must_be_changed_before_anything_else(person, administrator):
    password = actions.set_temporary_password(person, by=administrator)
    client = browser()
    sign_in(client, "zhangsan", password)
    assert client.get("/").url == CHANGE
    assert client.post("/funds/applications/new/").url == CHANGE
    page = client.get(CHANGE).content.decode()
    assert "请先修改密码" in page
    assert 'name="old_password"' not in page
    client.post(CHANGE, {"new_password1": NEW, "new_password2": NEW})
    assert client.get("/").status_code == 200


def test_the_temporary_password_is_not_accepted_as_the_new_one(person, administrator):
    password = actions.set_temporary_password(person, by=administrator)
    client = browser()
    sign_in(client, "zhangsan", password)
    answer = client.post(CHANGE, {"new_password1": password, "new_password2": password})
    assert "不能与现在的密码相同" in answer.content.decode()
    assert client.get("/").url == CHANGE


def test_a_temporary_password_ends_the_persons_sessions(person, administrator):
    client = browser()
    sign_in(client, "zhangsan")
    actions.set_temporary_password(person, by=administrator)
    assert client.get(CHANGE).url == f"{SIGN_IN}?next={CHANGE}"


def test_changing_the_password_keeps_this_session_and_ends_the_others(person):
    here, there = browser(), browser()
    sign_in(here, "zhangsan")
    sign_in(there, "zhangsan")
    old = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post(CHANGE, old).url == reverse("home")
    assert here.get(CHANGE).status_code == 200
    assert there.get(CHANGE).status_code == 302


def test_what_is_wrong_with_a_new_password_stands_beside_it(person):
    client = browser(person)
    typed = {"old_password": PASSWORD, "new_password1": "short7", "new_password2": "short7"}
    assert list(client.post(CHANGE, typed).context["form"].errors) == ["new_password1"]


def test_changing_the_password_asks_for_the_present_one(person):
    client = browser(person)
    wrong = {"old_password": "guess", "new_password1": NEW, "new_password2": NEW}
    assert client.post(CHANGE, wrong).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_an_administrator_signs_in_to_djangos_admin_on_the_sites_own_page(administrator):
    away = browser().get("/admin/", follow=True)
    assert away.redirect_chain[-1][0] == f"{SIGN_IN}?next=%2Fadmin%2F"
    assert Duty.ADMINISTRATOR in administrator.duties
    assert browser(administrator).get("/admin/login/").url == "/admin/"
