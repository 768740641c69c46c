"""Who may open and do what: the table of tests/access_table.py, tried at every address."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from accounts.access import all_views
from accounts.models import AuditEvent
from tests.access_table import DO, GATE, OWN, READ, SENSITIVE, cases, rows_of
from tests.access_typed import address, typed_for
from tests.access_world import KINDS, AccessWorld
from tests.conftest import is_long_run

pytestmark = pytest.mark.xdist_group("access")
FEW_READERS = list("NADUO")
FEW_WRITERS = list("NARCSUO")
# Each makes an archive of hundreds of files; tests/reports/test_archive.py says who gets which.
DOWNLOADS = {"reports:unit_archive", "reports:programme_archive"}
OWN_ROOMS = (
    "accounts",
    "units",
    "mentors",
    "funds",
    "pairings",
    "awards",
    "reports",
    "axes",
    "admin",
)
NAMES = {name for _, name, _ in all_views() if name}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for the whole table; every attempt is undone before the next."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = AccessWorld()
        for _, about, _ in [*rows_of(READ), *rows_of(DO)]:
            if about:
                getattr(world, about[0])
        world.cookies = {letter: cookie_of(world, letter) for letter in KINDS}
        world.rows = rows_in_tables()
        yield world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def readers(pytestconfig):
    """The letters of who opens the pages: everybody; in the fast suite one of each sort."""
    return list(KINDS) if is_long_run(pytestconfig) else FEW_READERS


@pytest.fixture(scope="module")
def writers(pytestconfig):
    """The letters of who tries to change something: everybody; in the fast suite most."""
    return list(KINDS) if is_long_run(pytestconfig) else FEW_WRITERS


def cookie_of(world, letter):
    """The session's cookie of that kind of person, signed in while he still could."""
    if KINDS[letter] is None:
        return ""
    client = Client()
    person = getattr(world, KINDS[letter])
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def rows_in_tables():
    """How many rows each table of the rooms holds, so that whatever is done shows."""
    models = [model for room in OWN_ROOMS for model in apps.get_app_config(room).get_models()]
    models.remove(AuditEvent)  # the one thing that looking at something may write
    tables = [model._meta.db_table for model in models]
    counting = " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(counting)
        return dict(cursor.fetchall())


def what_happened(response, is_changed):
    """The table's cell for an answer; an unforeseen one in full."""
    asks_to_sign_in = response.get("Location", "").startswith("/accounts/sign-in/?next=")
    if response.status_code == 302 and asks_to_sign_in:
        return "i"
    if response.status_code in {200, 302} and is_changed:
        return "."
    refusals = {302: ">", 403: "x", 404: "-", 405: "405"}
    return refusals.get(response.status_code, f"{response.status_code}, nothing done")


def attempt(method, world, letter, url, typed):
    """The cell that one kind of person meets; nothing of the attempt stays."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[letter]
    with transaction.atomic():
        before = AuditEvent.objects.count()
        response = getattr(client, method)(url, typed)
        recorded = AuditEvent.objects.count() - before
        is_changed = rows_in_tables() != world.rows
        transaction.set_rollback(True)
    if method == "get":
        assert not is_changed, f"GET {url} as {letter} wrote something"
        assert recorded == gives_out(response), f"GET {url} as {letter}: {recorded} audit events"
        return what_happened(response, response.status_code == 200)
    return what_happened(response, is_changed)


def gives_out(response):
    """Whether an answer is a form to print or a file to keep, which the audit must have recorded.

    A picture of ours within a page and what robots and monitors ask for are none.
    """
    if response.status_code != 200:
        return False
    forms = [template for template in response.templates if template.name == "print_base.html"]
    parts = ("text/html", "text/plain", "image/svg+xml", "image/webp")
    return bool(forms) or not response["Content-Type"].startswith(parts)


def get(world, name, about, letters=KINDS):
    """{letter: cell} of what everybody, or the people of `letters`, meet who open the address."""
    url = address(world, name, about)
    return {letter: attempt("get", world, letter, url, {}) for letter in letters}


def post(world, name, about, letters):
    """{letter: cell} of what the people of `letters` meet who post what belongs there."""
    url = address(world, name, about)
    met = {}
    for letter in letters:
        world.typing = getattr(world, KINDS[letter] or "mentor")
        met[letter] = attempt("post", world, letter, url, typed_for(world, name, about))
    return met


def test_every_address_has_a_row_and_every_row_an_address():
    assert {name for table in (READ, DO, GATE, OWN) for name, _, _ in rows_of(table)} == NAMES


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "about", "expected"), [*cases(READ, long=DOWNLOADS), *cases(GATE), *cases(OWN)]
)
def test_who_may_open_a_page(world, readers, name, about, expected):
    assert get(world, name, about, readers) == {letter: expected[letter] for letter in readers}


@pytest.mark.django_db
@pytest.mark.long
@pytest.mark.parametrize(("name", "about", "expected"), cases(READ))
def test_nothing_can_be_posted_to_a_page_that_is_only_read(world, name, about, expected):
    # What nobody meets yet is posted to by anybody.
    reader = next((letter for letter, cell in expected.items() if cell == "."), "A")
    assert attempt("post", world, reader, address(world, name, about), {}) == "405"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "about", "expected"), cases(DO))
def test_who_may_do_it(world, writers, name, about, expected):
    met = {letter: "x" if expected[letter] == "r" else expected[letter] for letter in writers}
    assert post(world, name, about, writers) == met


@pytest.mark.django_db
@pytest.mark.long
@pytest.mark.parametrize(("name", "about", "expected"), cases(DO))
def test_who_may_open_the_form_for_it(world, name, about, expected):
    opened = get(world, name, about)
    is_only_posted = "405" in opened.values()
    for letter, cell in expected.items():
        if is_only_posted:
            assert opened[letter] in {"405", cell} - {".", ">"}
        else:
            # What only some may do, or is done already, is shown all the same.
            assert opened[letter] == ("." if cell in {"r", ">"} else cell)


@pytest.mark.django_db
@pytest.mark.long
@pytest.mark.parametrize(("name", "about", "expected"), cases(DO))
def test_what_books_an_entry_or_is_sensitive_asks_for_the_password_again(
    world, settings, name, about, expected
):
    letter = next((letter for letter, cell in expected.items() if cell == "."), None)
    if letter is None or KINDS[letter] is None:
        letter = "A"
    url, world.typing = address(world, name, about), getattr(world, KINDS[letter])
    typed = typed_for(world, name, about)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[letter]
    with transaction.atomic():
        client.post(url, typed)
        books = rows_in_tables()["funds_entry"] != world.rows["funds_entry"]
        transaction.set_rollback(True)
    settings.REAUTH_MINUTES = 0
    with transaction.atomic():
        answer = client.post(url, typed_for(world, name, about))
        is_changed = rows_in_tables() != world.rows
        transaction.set_rollback(True)
    is_asked = "accounts/confirm.html" in [template.name for template in answer.templates]
    is_sensitive = bool(SENSITIVE & {name, f"{name} {about[-1] if about else ''}"})
    assert is_asked == (books or is_sensitive)
    assert not (is_asked and is_changed)
