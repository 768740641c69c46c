"""Several machines behind one database are one office: nothing that matters lives in a process."""

import ast
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from funds.models import Entry, EntryKind
from mentors.models import VisitPhoto
from pilotwork import clock
from tests.buckets import s3_service
from tests.journeys import bring
from tests.machines import Browser, machines
from tests.people import County

HOME = reverse("home")
ROOMS = ["accounts", "units", "mentors", "funds", "pairings", "awards", "reports", "pilotwork"]


def imports_of(path):
    """The modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_sessions_and_lockouts_lie_in_the_database_and_nobody_uses_a_cache():
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert settings.AXES_HANDLER == "axes.handlers.database.AxesDatabaseHandler"
    files = [path for room in ROOMS for path in Path(settings.BASE_DIR, room).rglob("*.py")]
    assert len(files) > 300
    strays = [
        str(path)
        for path in files
        for name in imports_of(path)
        if name.startswith("django.core.cache")
    ]
    assert strays == []


@pytest.fixture
def county(transactional_db):
    return County()


@pytest.fixture
def png():
    """A small picture."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def pair(county, tmp_path):
    """Two machines that share the database and a bucket for uploads, and nothing else."""
    with s3_service() as service, machines(tmp_path, **service.new_bucket()) as pair:
        yield pair


@pytest.mark.long
def test_who_signs_in_at_one_machine_goes_on_at_the_other_and_is_signed_out_at_both(county, pair):
    one, other = pair
    browser = Browser()
    assert browser.sign_in(one, "cashier").status_code == 302
    assert browser.get(other, HOME).status_code == 200
    sign_out = reverse("accounts:sign_out")
    fields = browser.form(other, HOME, sign_out)
    kept = Browser()
    kept.session.cookies.update(browser.session.cookies)
    assert kept.get(one, HOME).status_code == 200
    assert browser.post(one, sign_out, fields).status_code == 302
    # Also with the cookie that somebody kept.
    for machine in (one, other):
        answer = kept.get(machine, HOME)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("accounts:sign_in"))


@pytest.mark.long
def test_wrong_passwords_at_all_machines_count_together_and_lock_out_at_all(county, pair):
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = Browser().sign_in(pair[attempt % 2], "cashier", "wrong")
    assert answer.status_code == 429
    for machine in pair:
        assert Browser().sign_in(machine, "cashier").status_code == 429
        assert Browser().sign_in(machine, "reviewer").status_code == 302


@pytest.mark.long
def test_what_is_uploaded_at_one_machine_opens_at_the_other(county, pair, png):
    one, other = pair
    browser = Browser()
    browser.sign_in(one, "mentor")
    address = reverse("mentors:record_visit", args=[county.unit.pk])
    fields = browser.form(one, address, address)
    fields |= {"mode": "on_site", "day": clock.today().isoformat(), "progress": "看了林地。"}
    answer = browser.post(one, address, fields, files={"photos": ("照片.png", png, "image/png")})
    assert answer.status_code == 302
    kept = VisitPhoto.objects.get()
    answer = browser.get(other, reverse("mentors:visit_photo", args=[kept.pk]))
    assert (answer.status_code, len(answer.content)) == (200, kept.size)


@pytest.mark.long
def test_a_payment_sent_to_both_machines_at_once_is_booked_once(county, pair):
    application = bring(county, "approved")
    browser = Browser()
    browser.sign_in(pair[0], "cashier")
    pay = reverse("funds:act", args=[application.pk, "pay"])
    fields = browser.form(pair[0], reverse("funds:application", args=[application.pk]), pay)
    fields |= {"amount": "300", "occurred_on": clock.today().isoformat(), "method": "银行转账"}
    cookies = browser.session.cookies

    def send(machine):
        tab = Browser()
        tab.session.cookies.update(cookies)
        return tab.post(machine, pay, fields).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, pair * 4))
    assert answers == [302] * 8
    paid = Entry.objects.filter(kind=EntryKind.DISBURSE)
    assert [entry.amount for entry in paid] == [300]
