"""What an attacker tries, address by address, as the tables of tests/access_table.py list them."""

import datetime as dt
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.conf import settings as in_force
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.db import models, transaction
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.access import all_views
from accounts.models import AuditEvent, User
from tests.access_table import DO, READ, cases, rows_of
from tests.access_typed import address, typed_for
from tests.access_world import KINDS
from tests.accounts.phone import with_phone
from tests.factories import PASSWORD, UserFactory
from tests.test_access import OWN_ROOMS, rows_in_tables, world  # noqa: F401
from tests.test_security import ROUTES, any_address, browser
from units.models.suggestions import RECEIPT_ALPHABET, RECEIPT_LENGTH

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("attacks")]
SIGN_IN, CODE = "/accounts/sign-in/", "/accounts/second-factor/code/"
HERE = "http://testserver/accounts/sign-in/"
ELSEWHERE = [
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example/",
    "https:evil.example/",
    "https:///evil.example/",
    "https://testserver@evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,evil",
    "%2f%2fevil.example/",
    "/%5cevil.example/",
    " //evil.example/",
    "\t//evil.example/",
    "/\t/evil.example/",
    "//evil.example\\@testserver/",
    "//ev\u0131l.example/",
]


# --- Open redirects -------------------------------------------------------------------------------


def stays_here(location):
    """Whether a browser that is sent to `location` stays on this site.

    A browser takes backslashes for slashes and overlooks tabs, line ends and blanks around.
    """
    seen = location.strip().replace("\\", "/")
    for overlooked in "\t\r\n":
        seen = seen.replace(overlooked, "")
    parts = urlsplit(urljoin(HERE, seen))
    return (parts.scheme, parts.netloc) == ("http", "testserver")


def test_the_test_knows_a_foreign_address():
    assert not stays_here("/\\evil.example/")
    assert not stays_here("/\t/evil.example/")
    assert not stays_here("javascript:alert(1)")
    assert stays_here("/funds/")


@pytest.mark.long
@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_way_in_or_out_leads_to_another_site(county, target):
    typed = {"username": "approver", "password": PASSWORD, "next": target}
    assert stays_here(Client().post(SIGN_IN, typed).url)
    assert stays_here(Client().post(f"{SIGN_IN}?next={target}", typed | {"next": ""}).url)
    signed_in = browser(county.approver)
    assert stays_here(signed_in.get(SIGN_IN, {"next": target}).url)
    assert stays_here(
        signed_in.post("/accounts/confirm/", typed | {"confirm_password": PASSWORD}).url
    )
    assert stays_here(signed_in.post("/accounts/sign-out/", {"next": target}).url)
    to_admin = Client().get("/admin/login/", {"next": target}).url
    assert to_admin.startswith(f"{SIGN_IN}?next=")
    assert stays_here(Client().post(to_admin, typed).url)


@pytest.mark.long
@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_second_step_links_and_leads_to_this_site_alone(county, target):
    page = browser(county.approver).get("/accounts/second-factor/", {"next": target})
    assert page.context["next"] == "/" or stays_here(page.context["next"])
    phone, _ = with_phone(county.approver)
    client = browser(county.approver)
    assert stays_here(client.post(CODE, {"code": phone.code(), "next": target}).url)


@pytest.mark.long
def test_a_forged_host_of_a_proxy_stands_in_no_page(county):
    client = browser(county.allrounder)
    for name, route in ROUTES:
        answer = client.get(any_address(name, route), headers={"x-forwarded-host": "evil.example"})
        assert "evil.example" not in answer.get("Location", ""), name
        if not answer.streaming:
            assert b"evil.example" not in answer.content, name


# --- Sessions -------------------------------------------------------------------------------------


def test_changing_the_password_gives_a_new_session_and_ends_the_others(county):
    here, elsewhere = browser(county.approver), browser(county.approver)
    before = here.session.session_key
    new = {"new_password1": "another-honest-one-7", "new_password2": "another-honest-one-7"}
    answer = here.post("/accounts/password/", new | {"old_password": PASSWORD})
    assert answer.status_code == 302
    assert here.session.session_key != before
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").url == f"{SIGN_IN}?next=/"
    thief = Client()
    thief.cookies[in_force.SESSION_COOKIE_NAME] = before
    assert thief.get("/").url == f"{SIGN_IN}?next=/"


@pytest.mark.parametrize("act", ["switch_off", "set_temporary_password"])
def test_a_session_ends_with_the_account_or_its_password(county, act):
    client = browser(county.approver)
    assert client.get("/").status_code == 200
    getattr(actions, act)(county.approver, by=county.administrator)
    assert client.get("/").url == f"{SIGN_IN}?next=/"


def test_what_signing_out_leaves_behind_opens_nothing(county):
    client = browser(county.approver)
    kept = client.cookies[in_force.SESSION_COOKIE_NAME].value
    client.post("/accounts/sign-out/")
    client.cookies[in_force.SESSION_COOKIE_NAME] = kept
    assert client.get("/").url == f"{SIGN_IN}?next=/"


# --- Names and passwords --------------------------------------------------------------------------


class CountedHasher(MD5PasswordHasher):
    """Counts how often the slow part of a sign-in is done."""

    worked = 0

    def encode(self, password, salt):
        CountedHasher.worked += 1
        return super().encode(password, salt)


@pytest.mark.parametrize(
    "username", ["approver", "nobody-of-this-name", "switched_off", "unopened"]
)
def test_signing_in_takes_as_long_whoever_it_claims_to_be(county, settings, username):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    unopened = UserFactory(username="unopened")
    unopened.set_unusable_password()
    unopened.save(update_fields=["password"])
    CountedHasher.worked = 0
    answer = Client().post(SIGN_IN, {"username": username, "password": "wrong"})
    assert answer.status_code == 200
    assert CountedHasher.worked == 1


def test_a_name_that_does_not_exist_is_locked_out_alike(county):
    answers = []
    for username in ("approver", "nobody-of-this-name"):
        client = Client()
        for _ in range(5):
            answer = client.post(SIGN_IN, {"username": username, "password": "wrong"})
        answers.append((answer.status_code, answer.content))
    assert answers[0] == answers[1]
    assert answers[0][0] == 429


class StrongerHasher(PBKDF2PasswordHasher):
    """What a later version of Django would prefer."""

    iterations = 3


def test_a_password_is_hashed_anew_when_a_better_way_is_preferred(county, settings):
    assert county.approver.password.startswith("md5$")
    settings.PASSWORD_HASHERS = [f"{__name__}.StrongerHasher", *settings.PASSWORD_HASHERS]
    Client().post(SIGN_IN, {"username": "approver", "password": PASSWORD})
    county.approver.refresh_from_db()
    assert county.approver.password.startswith("pbkdf2_sha256$3$")
    assert county.approver.check_password(PASSWORD)


# --- Addresses that can be guessed ----------------------------------------------------------------


def test_what_is_open_to_the_world_is_found_by_no_counting():
    for route, name, view in all_views():
        if view.__dict__.get("access") == "public" and "<" in route:
            assert "<int:" not in route, name
            assert "<uuid:" in route or "<slug:code>" in route, name
    assert len(RECEIPT_ALPHABET) ** RECEIPT_LENGTH > 2**58


# The programme's name stands over every page; the others are named by a word, not a number.
KNOWN_TO_ALL = {
    "funds:decide_carry_over",
    "reports:act_on_programme",
    "reports:programme",
    "reports:help_picture",
    "reports:figure",
    "reports:import_template",
    "reports:import_upload",
}
ABOUT = {
    (name, *about): pytest.param(name, about, id=" ".join([name, *about]))
    for name, about, cells in [*rows_of(READ), *rows_of(DO)]
    if about and cells["N"] == "i" and name not in KNOWN_TO_ALL
}


@pytest.mark.long
@pytest.mark.parametrize(("name", "about"), ABOUT.values())
def test_a_stranger_learns_of_nothing_by_its_number(world, name, about):  # noqa: F811
    client = browser(world.stranger)
    there = address(world, name, about)
    nowhere = reverse(name, args=[2**40, *about[1:]])
    met = []
    for url in (there, nowhere):
        with transaction.atomic():
            met.append(client.get(url).status_code)
            transaction.set_rollback(True)
    # 403 is said of the whole page, whatever it is about; 404 of what is there as of what is not.
    assert met[0] in {403, 404}
    assert met[0] == met[1]


# --- What others' computers keep ------------------------------------------------------------------


PRIVATE = [case for case in cases(READ) if case.values[2]["N"] == "i"]


@pytest.mark.long
@pytest.mark.parametrize(("name", "about", "expected"), PRIVATE)
def test_nothing_private_is_kept_or_answered_from_a_copy(world, name, about, expected):  # noqa: F811
    letter = next(letter for letter, cell in expected.items() if cell in {".", ">"})
    client = Client()
    client.cookies[in_force.SESSION_COOKIE_NAME] = world.cookies[letter]
    url = address(world, name, about)
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    copies = {"if-none-match": "*", "if-modified-since": later}
    for question in ({}, {"format": "xlsx"}):
        answer = client.get(url, question, headers=copies)
        assert answer.status_code in {200, 302}
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert not answer.has_header("ETag")
        assert not answer.has_header("Last-Modified")


# --- More fields than the form shows --------------------------------------------------------------

# What no form lets anybody write; where a form has a field of the name, it is left out.
SMUGGLED = {
    "state": "closed",
    "approved_amount": "999999",
    "by_name": "别人",
    "created_at": "2020-01-01",
    "is_superuser": "1",
    "is_staff": "1",
    "is_active": "",
    "must_change_password": "1",
    "second_factor_at": "2020-01-01",
    "is_public": "1",
    "pk": "1",
    "id": "1",
}
POINTING = ("by", "by_id", "user", "user_id", "created_by", "pilot_unit", "pilot_unit_id")
# Differ each time in rows that are else the same.
BY_CHANCE = (models.DateTimeField, models.UUIDField, models.FileField, models.JSONField)
NAMES_BY_CHANCE = {"id", "digest", "password", "code_hash", "receipt", "object_id", "sha256"}


@pytest.fixture(scope="module")
def highest(world, django_db_blocker):  # noqa: F811
    """{model: the highest key in its table}: what is above it was written by the attempt."""
    rooms = [apps.get_app_config(room) for room in OWN_ROOMS]
    tables = [model for room in rooms for model in room.get_models() if model is not AuditEvent]
    with django_db_blocker.unblock():
        return {model: model._base_manager.aggregate(top=Max("pk"))["top"] or 0 for model in tables}


def written(world, highest, matter):  # noqa: F811
    """What the tables with new rows hold in them, and what the matter and all people are now."""
    found = {}
    now = rows_in_tables()
    for model, top in highest.items():
        rows = model._base_manager.order_by("pk")
        if model in {type(matter), User}:
            found[model] = [said_by(row, highest) for row in rows]
        elif now[model._meta.db_table] != world.rows[model._meta.db_table]:
            found[model] = [said_by(row, highest) for row in rows.filter(pk__gt=top)]
    return found


def said_by(row, highest):
    """What one row says, without its key, moments and what is made by chance."""
    said = {}
    for field in row._meta.concrete_fields:
        is_by_chance = isinstance(field, BY_CHANCE) or field.name in NAMES_BY_CHANCE
        if is_by_chance or field.primary_key or field.name.startswith("history_id"):
            continue
        value = field.value_from_object(row)
        top = highest.get(field.related_model) if field.is_relation else None
        said[field.name] = "new" if value and top is not None and value > top else value
    return said


def post_and_undo(cookie, url, typed, look):
    """What `look()` sees after a posting of which nothing stays."""
    client = Client()
    client.cookies[in_force.SESSION_COOKIE_NAME] = cookie
    with transaction.atomic():
        client.post(url, typed)
        seen = look()
        transaction.set_rollback(True)
    return seen


@pytest.mark.long
@pytest.mark.parametrize(("name", "about", "expected"), cases(DO))
def test_fields_that_no_form_shows_change_nothing(world, highest, name, about, expected):  # noqa: F811
    letter = next((one for one, cell in expected.items() if cell == "." and KINDS[one]), "A")
    url, world.typing = address(world, name, about), getattr(world, KINDS[letter])
    matter = getattr(world, about[0]) if about else None
    cookie = world.cookies[letter]
    plain, again = typed_for(world, name, about), typed_for(world, name, about)
    # The same words, but files that can be read once more.
    again = {key: again[key] if hasattr(again[key], "read") else plain[key] for key in again}
    smuggled = SMUGGLED | dict.fromkeys(POINTING, world.stranger.pk)
    extra = {key: value for key, value in smuggled.items() if key not in plain}

    def look():
        return written(world, highest, matter)

    smuggling = post_and_undo(cookie, url, again | extra, look)
    assert smuggling == post_and_undo(cookie, url, plain, look)
