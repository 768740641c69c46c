"""The health check: 200 while all is well, else what is not, in words that betray nothing."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from pilotwork import condition
from pilotwork.condition import known_migrations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def migrated(monkeypatch):
    """What is applied is what there is, also where the suite goes without migrations."""
    applied = frozenset(MigrationRecorder(connection).applied_migrations())
    monkeypatch.setattr(condition, "known_migrations", lambda: applied)
    return applied


def asked(client):
    """(status, lines) of the answer to anybody."""
    answer = client.get("/healthz")
    return answer.status_code, answer.content.decode().splitlines()


def told():
    """(lines, what the command ends with) of `manage.py health`."""
    written = io.StringIO()
    try:
        call_command("health", stdout=written)
    except CommandError as error:
        return written.getvalue(), str(error)
    return written.getvalue(), ""


def test_a_folder_is_not_asked_for_where_uploads_lie_in_a_bucket(client, settings):
    settings.MEDIA_ROOT = "/proc/no such folder"  # no room there
    assert asked(client)[0] == 503
    bucket = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": bucket}
    assert asked(client)[0] == 200


def test_all_is_well(client):
    assert asked(client) == (200, ["ok"])
    assert told() == ("ok\n", "")


def test_a_folder_that_cannot_be_written_to(client, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = str(tmp_path / "file" / "media")
    assert asked(client) == (503, ["uploads not writable"])
    words, end = told()
    assert f"{settings.MEDIA_ROOT} cannot be written to" in words
    assert end == "共 1 处不正常。"


def test_a_folder_that_is_made_with_the_first_upload_is_well(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "not" / "yet")
    assert asked(client) == (200, ["ok"])


def test_too_little_free_space(client, settings):
    settings.MIN_FREE_MB = 10**9
    assert asked(client) == (503, ["disk space low"])
    words, _ = told()
    assert f"MB free, MIN_FREE_MB is {10**9}" in words


def test_a_migration_that_is_not_applied(client, monkeypatch, migrated):
    newer = migrated | {("funds", "9999_newer")}
    monkeypatch.setattr(condition, "known_migrations", lambda: newer)
    assert asked(client) == (503, ["migrations not applied"])
    words, _ = told()
    assert words == "migrations not applied: run manage.py migrate for funds.9999_newer\n"


def test_the_known_migrations_are_those_of_the_program(settings):
    settings.MIGRATION_MODULES = {}
    known = known_migrations.__wrapped__()
    rooms = {app for app, _ in known}
    assert {"accounts", "units", "mentors", "funds", "pairings", "awards", "reports"} <= rooms
    assert ("funds", "0001_initial") in known
