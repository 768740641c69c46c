"""Which exceptions are the machine's fault and not ours; what is said then."""

import errno
import os
import sqlite3

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client, override_settings

from mentors.models import Visit
from pilotwork import clock, faults
from pilotwork.faults import DATABASE_AWAY, DISK_FULL, UPLOADS_REFUSED, StorageError, fault_of
from pilotwork.files import PrivateStorage
from tests.ground.test_files import picture
from tests.test_security import browser


def raised(act):
    """The exception that `act()` raises."""
    try:
        act()
    except Exception as error:
        return error
    raise AssertionError("Nothing was raised.")


def test_a_full_disk_is_known_by_the_system_s_number():
    def write():
        with open("/dev/full", "wb", buffering=0) as full:
            full.write(b"x")

    error = raised(write)
    assert error.errno == errno.ENOSPC
    assert fault_of(error) is DISK_FULL


def test_a_mistake_of_ours_is_no_fault_of_the_machine(db):
    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    assert fault_of(raised(ask)) is None
    assert fault_of(raised(lambda: {}["missing"])) is None
    assert fault_of(raised(lambda: os.stat("/nowhere/at/all"))) is None


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ("53100", faults.DISK_FULL),
        ("53300", faults.DATABASE_AWAY),
        ("57P01", faults.DATABASE_AWAY),
        ("25006", faults.DATABASE_AWAY),
        ("55P03", faults.DATABASE_BUSY),
        ("40P01", faults.DATABASE_BUSY),
        ("42703", None),
        ("23505", None),
    ],
)
@pytest.mark.postgres
def test_postgresql_s_own_words_are_told_apart_by_their_number(db, state, fault):
    def refuse():
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")

    assert fault_of(raised(refuse)) is fault


def test_a_postgresql_that_nobody_listens_for_is_away():
    with pytest.raises(psycopg2.OperationalError) as caught:
        psycopg2.connect(host="127.0.0.1", port=1, connect_timeout=2)
    error = OperationalError("away")
    error.__cause__ = caught.value
    assert fault_of(error) is DATABASE_AWAY


def test_what_followed_from_a_full_sqlite_is_a_full_disk_too(tmp_path):
    def fill():
        database = sqlite3.connect(tmp_path / "small.sqlite3")
        database.execute("PRAGMA max_page_count = 1")
        try:
            database.execute("CREATE TABLE t (x)")
        except sqlite3.Error as error:
            raise DatabaseError from error
        finally:
            database.close()

    assert fault_of(raised(fill)) is DISK_FULL


@pytest.fixture
def no_folder(tmp_path):
    """MEDIA_ROOT inside what is no folder: nobody can write there, not even root."""
    (tmp_path / "file").touch()
    with override_settings(MEDIA_ROOT=str(tmp_path / "file" / "media")):
        yield


def test_an_upload_that_the_disk_refuses_names_the_cause(no_folder):
    error = raised(lambda: PrivateStorage().save("uploads/a/file.pdf", ContentFile(b"%PDF-1.7")))
    assert isinstance(error, StorageError)
    assert isinstance(error.__cause__, NotADirectoryError)


def visit_form(county):
    """A visit with a photo, as a browser posts it."""
    return {
        "key": "c3fb1c1e-13a7-4d4f-8d7c-3f6ec4b0a5b1",
        "writer": county.mentor.pk,
        "day": clock.today().isoformat(),
        "mode": "on_site",
        "progress": "苗木已经栽完。",
    }


def test_a_visit_whose_photo_cannot_be_kept_is_not_kept_by_half(county, no_folder):
    client = browser(county.mentor, raise_request_exception=False)
    path = f"/mentors/units/{county.unit.pk}/visits/new/"
    answer = client.post(
        path, visit_form(county) | {"photos": SimpleUploadedFile("现场.jpg", picture())}
    )
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    page = answer.content.decode()
    assert UPLOADS_REFUSED.heading in page
    assert f'<a href="{path}">回到刚才的表单</a>' in page
    assert not Visit.objects.exists()
    answer = client.post(path, visit_form(county))
    assert answer.status_code == 302
    assert Visit.objects.count() == 1


def test_the_page_of_a_fault_asks_the_database_nothing():
    # Without the fixture of the database, whoever asks it fails.
    page = render_to_string("500.html", {"fault": DATABASE_AWAY, "request_id": "3f9c0a7b"})
    assert DATABASE_AWAY.advice in page
    assert "<code>3f9c0a7b</code>" in page
    assert "回到刚才的表单" not in page


def test_a_visitor_of_a_plaque_s_page_is_not_sent_to_the_workbench(db):
    with override_settings(ROOT_URLCONF="tests.ground.broken_urls"):
        client = Client(raise_request_exception=False)
        visitor = client.get("/p/broken/").content.decode()
        officer = client.get("/broken/").content.decode()
    assert "系统出了问题" in visitor
    assert "系统出了问题" in officer
    assert "工作台" in officer
    assert "工作台" not in visitor
