"""Uploaded files that nothing was saved with: found after a day, taken away, the others left."""

import datetime as dt
import io
import os

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from funds.models import ApplicationAttachment
from pilotwork import clock
from pilotwork.files import PDF, Accepted, PrivateStorage
from pilotwork.strays import strays
from tests.journeys import draft

PAPER = Accepted("预算.pdf", PDF, b"%PDF-1.7")
YESTERDAY = dt.timedelta(days=1, hours=1)


@pytest.fixture
def files(county, settings, tmp_path):
    """{what: name} of a file that a row names, one that none does, and one of this very hour."""
    settings.MEDIA_ROOT = str(tmp_path)
    kept = ApplicationAttachment.keep(PAPER, by=county.member, application=draft(county))
    store = PrivateStorage()
    names = {
        "kept": kept.file.name,
        "stray": store.save("uploads/stray/file.pdf", ContentFile(b"%PDF-1.7")),
        "young": store.save("uploads/young/file.pdf", ContentFile(b"%PDF-1.7")),
    }
    written = (clock.now() - YESTERDAY).timestamp()
    for what in ("kept", "stray"):
        os.utime(store.path(names[what]), (written, written))
    return names


def test_a_file_without_a_row_is_a_stray_after_a_day(files):
    assert [name for _, name in strays()] == [files["stray"]]


def test_only_strays_are_taken_away_and_a_dry_run_takes_nothing(files):
    store, said = PrivateStorage(), io.StringIO()
    call_command("forget_strays", "--dry-run", stdout=said)
    assert said.getvalue() == f"{files['stray']}\n共 1 个，未删除。\n"
    assert store.exists(files["stray"])
    call_command("forget_strays", stdout=io.StringIO())
    left = {what for what, name in files.items() if store.exists(name)}
    assert left == {"kept", "young"}
