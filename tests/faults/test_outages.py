"""The database goes away and comes back; a disk is full; a folder refuses: what people see then."""

import json
import resource
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from mentors.models import Document, Visit
from pilotwork.faults import DATABASE_AWAY, DATABASE_BUSY, DISK_FULL
from tests.faults.browsers import Browser
from tests.faults.outages import way_to
from tests.faults.servers import serving
from tests.people import County
from tests.reports.visitors import opened

pytestmark = pytest.mark.long
MEGABYTE = 1024 * 1024


@pytest.fixture
def county(database):
    return County()


@contextmanager
def at_work(database, folder, username, **environment):
    """(server, browser of the person, signed in) on the database, with the logs of production."""
    with serving(folder, database, LOG_AS_JSON="1", **environment) as server:
        server.start()
        yield server, Browser(server.url, username).sign_in()


def visit_form(browser, unit):
    """The address of the unit's visit form, and it filled in."""
    path = f"/mentors/units/{unit.pk}/visits/new/"
    return path, browser.fields_of(path, "key") | {"progress": "苗木已经栽完。", "photos": ""}


def logged(server):
    """The server's log, read."""
    return [json.loads(line) for line in server.words().splitlines() if line.startswith("{")]


def check_page(answer, fault):
    """The page of the fault, in Chinese, with the id that is in the header, and when to come back."""
    page = answer.content.decode()
    assert answer.status_code == fault.status
    assert answer.headers["Retry-After"] == str(fault.retry_after)
    assert fault.heading in page
    assert answer.headers["X-Request-ID"] in page


# --- The database is away -------------------------------------------------------------------------


def test_without_the_database_every_page_says_so_and_all_is_back_by_itself(
    county, database, tmp_path
):
    token = opened(county).public_token
    way, address = way_to(database, tmp_path / "data")
    with at_work(address, tmp_path, "mentor") as (server, browser):
        path, fields = visit_form(browser, county.unit)
        stranger = Browser(server.url, "")
        way.cut()
        try:
            for page in ("/", path, "/funds/applications/?q=x", "/healthz-not", "/admin/"):
                check_page(browser.get(page), DATABASE_AWAY)
            check_page(browser.post(path, fields), DATABASE_AWAY)
            visitors = stranger.get(f"/p/{token}/")
            check_page(visitors, DATABASE_AWAY)
            assert "工作台" not in visitors.text
            assert stranger.get("/robots.txt").status_code == 200
            health = stranger.get("/healthz")
            assert (health.status_code, health.text) == (503, "database unavailable")
        finally:
            way.mend()
        assert browser.get("/").status_code == 200
        assert browser.post(path, fields).status_code == 302
        errors = [line for line in logged(server) if line["level"] == "ERROR"]
    assert Visit.objects.count() == 1
    assert {line["status"] for line in errors} == {503}
    broken = [line for line in errors if line["route"] != "health"]
    assert len(broken) == 7
    assert all(line["errors"] and line["request"] for line in broken)


def test_a_server_starts_without_its_database_and_waits_for_it(county, database, tmp_path):
    way, address = way_to(database, tmp_path / "data")
    with serving(tmp_path, address) as server:
        browser = Browser(server.url, "mentor")
        way.cut()
        try:
            server.start()
            check_page(browser.get(f"/p/{uuid.uuid4()}/"), DATABASE_AWAY)
        finally:
            way.mend()
        assert browser.sign_in().get("/").status_code == 200


def test_who_waits_too_long_for_another_one_s_writing_is_told_to_come_back(
    county, database, tmp_path
):
    patience = {"DATABASE_TIMEOUT": "1"}
    if connection.vendor == "postgresql":
        patience = {"PGOPTIONS": "-c lock_timeout=1s"}
    with at_work(database, tmp_path, "mentor", **patience) as (_, browser):
        path, fields = visit_form(browser, county.unit)
        with locked(county.unit):
            check_page(browser.post(path, fields), DATABASE_BUSY)
            assert browser.get(path).status_code == 200
        assert not Visit.objects.exists()
        assert browser.post(path, fields).status_code == 302
    assert Visit.objects.count() == 1


@contextmanager
def locked(unit):
    """Somebody else holds the unit (SQLite: the whole file) for as long as the block lasts."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM units_pilotunit WHERE id = %s FOR UPDATE", [unit.pk])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


# --- No room --------------------------------------------------------------------------------------


def test_a_full_database_saves_nothing_by_half_and_goes_on_when_there_is_room(
    county, database, tmp_path
):
    with at_work(database, tmp_path, "mentor") as (_, browser):
        path, fields = visit_form(browser, county.unit)
    with full(), serving(tmp_path, database, MAX_PAGES=str(pages())) as server:
        server.start()
        browser.url = server.url
        # Many words: what fits into pages that are begun already is not refused.
        answer = browser.post(path, fields | {"problems": "缺" * 2000, "next_step": "栽" * 2000})
        check_page(answer, DISK_FULL)
        assert "回到刚才的表单" in answer.text
        assert browser.get(path).status_code == 200
    assert not Visit.objects.exists()
    with serving(tmp_path, database) as server:
        server.start()
        browser.url = server.url
        assert browser.post(path, fields).status_code == 302
    assert Visit.objects.count() == 1


def pages():
    """How many pages the SQLite file has, which the server may not exceed; 0 for PostgreSQL."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA page_count")
        return cursor.fetchone()[0]


@contextmanager
def full():
    """PostgreSQL says of its own what it says when its disk is full, as soon as a visit is saved."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER no_room AFTER INSERT ON mentors_visit EXECUTE FUNCTION no_room()"
        )
        yield
        cursor.execute("DROP FUNCTION no_room CASCADE")


@pytest.mark.parametrize("size", [2, 5], ids=["kept in memory", "kept in a temporary file"])
def test_an_upload_that_breaks_off_for_want_of_room_leaves_nothing(
    county, database, tmp_path, size
):
    paper = b"%PDF-1.7" + b"\0" * (size * MEGABYTE + MEGABYTE // 4)
    path = f"/mentors/units/{county.unit.pk}/documents/plan/new/"
    with at_work(database, tmp_path, "member") as (server, browser):
        fields = browser.fields_of(path, "upload") | {"upload": ""}
        files = {"upload": ("方案.pdf", paper, "application/pdf")}
        with small_files(server, 2 * MEGABYTE):
            check_page(browser.post(path, fields, files), DISK_FULL)
            assert not Document.objects.exists()
            uploads = Path(tmp_path / "media" / "uploads")
            assert not uploads.exists() or not list(uploads.iterdir())
        assert browser.post(path, fields, files).status_code == 302
    with override_settings(MEDIA_ROOT=str(tmp_path / "media")):
        assert Document.objects.get().versions.get().is_intact


@contextmanager
def small_files(server, size):
    """Let no process of the server write beyond `size` bytes of a file: the system refuses it."""
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    for pid in server.processes():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    yield
    for pid in server.processes():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
