"""The password again before what is sensitive: who is asked, when, and that nothing typed is lost."""

import datetime as dt

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Duty, User
from accounts.sessions import PASSWORD_AT
from funds.models import Entry, EntryKind
from pilotwork import clock
from pilotwork import settings as application
from tests.accounts.conftest import browser
from tests.accounts.phone import with_phone
from tests.factories import PASSWORD, UserFactory
from tests.journeys import bring

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ASKED = "请再次输入密码"
CONFIRM = "/accounts/confirm/"
NEW_PERSON = {"username": "fresh", "name": "赵", "post": "科员"}


@pytest.fixture(autouse=True)
def in_use(settings):
    """What an office uses that sets nothing."""
    settings.REAUTH_MINUTES = application.REAUTH_MINUTES


def stale(user):
    """A browser in which the person's password was typed long ago, or never: a stolen session."""
    client = browser(user)
    session = client.session
    del session[PASSWORD_AT]
    session.save()
    return client


def is_asked(answer):
    """Whether the answer asks for the password, with what was posted in it."""
    return answer.status_code == 200 and ASKED in answer.content.decode()


def payment(application, **more):
    """A payment as a browser posts it."""
    typed = {"amount": "100", "occurred_on": clock.today(), "method": "银行转账"}
    typed |= {"request_key": "4f1c1f6e-8f58-4f2c-9a53-6a2c1a3b5d10", "memo": "第一笔"}
    return typed | more


def paid(application):
    return Entry.objects.filter(commitment__application=application, kind=EntryKind.DISBURSE)


# --- A verb ---------------------------------------------------------------------------------------


def test_a_stolen_session_alone_pays_nothing(county):
    application = bring(county, "approved")
    client = stale(county.cashier)
    address = reverse("funds:act", args=[application.pk, "pay"])
    assert is_asked(client.post(address, payment(application)))
    assert not paid(application).exists()


def test_with_the_password_beside_what_was_typed_it_is_paid_and_not_asked_again(county):
    application = bring(county, "approved")
    client = stale(county.cashier)
    address = reverse("funds:act", args=[application.pk, "pay"])
    answer = client.post(address, payment(application))
    page = answer.content.decode()
    repeated = dict(answer.context["repeated"])
    assert repeated["memo"] == "第一笔"
    assert '<input type="hidden" name="memo" value="第一笔">' in page
    assert f'action="{address}"' in page
    assert "csrfmiddlewaretoken" not in repeated
    done = client.post(address, repeated | {"confirm_password": PASSWORD})
    assert done.status_code == 302
    assert [str(entry.amount) for entry in paid(application)] == ["100.00"]
    again = payment(application, request_key="4f1c1f6e-8f58-4f2c-9a53-6a2c1a3b5d11", amount="50")
    assert client.post(address, again).status_code == 302
    assert paid(application).count() == 2


def test_a_wrong_password_pays_nothing_keeps_what_was_typed_and_counts_towards_the_lockout(county):
    application = bring(county, "approved")
    client = stale(county.cashier)
    address = reverse("funds:act", args=[application.pk, "pay"])
    wrong = payment(application, confirm_password="wrong")
    answer = client.post(address, wrong)
    assert is_asked(answer)
    assert "密码不正确" in answer.content.decode()
    assert "wrong" not in answer.content.decode()
    assert dict(answer.context["repeated"])["memo"] == "第一笔"
    for _ in range(4):
        answer = client.post(address, wrong)
    assert answer.status_code == 429
    locked = client.post(address, payment(application, confirm_password=PASSWORD))
    assert locked.status_code == 429
    assert not paid(application).exists()
    sign_in = {"username": "cashier", "password": PASSWORD}
    assert browser().post("/accounts/sign-in/", sign_in).status_code == 429
    # What was typed into the form is none of the lockout's business.
    kept = " ".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert "memo" not in kept
    assert "wrong" not in kept


def test_a_password_that_was_left_out_is_asked_for_and_there_is_a_way_back(county):
    application = bring(county, "approved")
    client = stale(county.cashier)
    address = reverse("funds:act", args=[application.pk, "pay"])
    asked = client.post(address, payment(application))
    assert not asked.context["form"].errors
    assert f'href="{asked.context["back_url"]}"' in asked.content.decode()
    answer = client.post(address, payment(application, confirm_password=""))
    assert "confirm_password" in answer.context["form"].errors


def test_a_right_password_forgives_the_wrong_ones_before_it(county):
    client = stale(county.administrator)
    for _ in range(4):
        client.post(CONFIRM, {"confirm_password": "wrong"})
    assert client.post(CONFIRM, {"confirm_password": PASSWORD}).status_code == 302
    client = stale(county.administrator)
    assert client.post(CONFIRM, {"confirm_password": "wrong"}).status_code == 200


def test_who_may_not_do_it_is_told_so_and_not_asked(county):
    application = bring(county, "approved")
    address = reverse("funds:act", args=[application.pk, "pay"])
    assert stale(county.approver).post(address, payment(application)).status_code == 403


def test_a_form_with_errors_shows_them_first(county):
    application = bring(county, "approved")
    address = reverse("funds:act", args=[application.pk, "pay"])
    answer = stale(county.cashier).post(address, payment(application, amount="一百"))
    assert answer.context["form"].errors["amount"]
    assert ASKED not in answer.content.decode()


def test_what_is_not_sensitive_is_not_asked_about(county):
    application = bring(county, "submitted")
    address = reverse("funds:act", args=[application.pk, "review"])
    assert stale(county.reviewer).post(address, {"opinion": "同意。"}).status_code == 302


# --- For how long ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "asked"), [(14, False), (16, True)])
def test_the_password_serves_for_fifteen_minutes(county, minutes, asked):
    client = browser()
    client.post("/accounts/sign-in/", {"username": "administrator", "password": PASSWORD})
    with time_machine.travel(clock.now() + dt.timedelta(minutes=minutes)):
        answer = client.post(reverse("accounts:new_person"), NEW_PERSON)
    assert is_asked(answer) == asked
    assert User.objects.filter(username="fresh").exists() != asked


def test_the_setting_says_for_how_long(county, settings):
    settings.REAUTH_MINUTES = 0
    assert is_asked(browser(county.administrator).post("/accounts/people/new/", NEW_PERSON))


def test_a_clock_that_was_set_back_makes_nothing_fresh(county):
    client = browser(county.administrator)
    session = client.session
    session[PASSWORD_AT] = clock.now().timestamp() + 3600
    session.save()
    assert is_asked(client.post("/accounts/people/new/", NEW_PERSON))


def test_a_code_of_the_second_factor_is_no_password(county):
    phone, _ = with_phone(county.administrator)
    client = stale(county.administrator)
    client.post("/accounts/second-factor/code/", {"code": phone.code()})
    assert is_asked(client.post("/accounts/people/new/", NEW_PERSON))


# --- A page, the admin, a fragment, files ---------------------------------------------------------


def test_an_archive_is_opened_after_the_password(county):
    address = reverse("reports:programme_archive", args=[county.programme.pk])
    client = stale(county.leader)
    asking = client.get(address)
    assert asking.url == f"{CONFIRM}?next={address}"
    assert ASKED in client.get(asking.url).content.decode()
    typed = {"confirm_password": PASSWORD, "next": address}
    assert client.post(asking.url, typed).url == address
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil", "javascript:alert(1)"]
)
def test_the_page_that_asks_leads_to_no_other_site(county, elsewhere):
    client = stale(county.leader)
    answer = client.post(CONFIRM, {"confirm_password": PASSWORD, "next": elsewhere})
    assert answer.url == "/"


def test_the_admin_changes_nothing_without_it(county):
    client = stale(county.administrator)
    address = f"/admin/units/organisation/{county.other.pk}/change/"
    page = client.get(address)
    assert page.status_code == 200
    typed = {"name": county.other.name, "payee_account": "6210 9999"}
    answer = client.post(address, typed)
    assert is_asked(answer)
    assert dict(answer.context["repeated"])["payee_account"] == "6210 9999"
    county.other.refresh_from_db()
    assert county.other.payee_account != "6210 9999"
    assert client.post("/admin/logout/").status_code in {200, 302}


def test_a_fragment_of_a_page_sends_the_whole_page_to_be_asked(county):
    client = stale(county.administrator)
    page = "http://testserver/accounts/people/new/"
    headers = {"hx-request": "true", "hx-current-url": page}
    answer = client.post("/accounts/people/new/", NEW_PERSON, headers=headers)
    assert answer["HX-Redirect"] == f"{CONFIRM}?next=/accounts/people/new/"
    assert not User.objects.filter(username="fresh").exists()


def test_files_are_not_lost_unsaid(county):
    client = stale(county.administrator)
    upload = {"upload": SimpleUploadedFile("一.pdf", b"%PDF-1.7")}
    back = "/accounts/people/new/"
    headers = {"referer": f"http://testserver{back}"}
    answer = client.post(back, NEW_PERSON | upload, headers=headers)
    assert "文件请重新选择" in answer.content.decode()
    assert answer.context["repeated"] == [("next", back)]
    typed = {"next": back, "confirm_password": PASSWORD}
    assert client.post(answer.context["action"], typed).url == back


# --- Guesses elsewhere ----------------------------------------------------------------------------


def test_a_stolen_session_cannot_guess_the_password_where_it_is_changed(db):
    client = stale(UserFactory(username="wang", duties=[Duty.CASHIER]))
    typed = {"old_password": "wrong", "new_password1": "a-quite-new-password-7"}
    typed |= {"new_password2": "a-quite-new-password-7"}
    answers = [client.post("/accounts/password/", typed).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post("/accounts/password/", typed | {"old_password": PASSWORD}).status_code == 429
