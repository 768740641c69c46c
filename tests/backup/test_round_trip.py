"""A backup put back elsewhere is the same installation, on either database (long: each has a world)."""

import datetime as dt
import os
import re
import resource
import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from accounts.models import User
from funds.actions import drafts
from funds.models import Application, ApplicationAttachment, Entry, EntryKind
from funds.verify import differences, summaries
from mentors.models import DocumentVersion
from pilotwork import clock
from pilotwork.appendonly import missing_triggers
from pilotwork.demo_accounts import PASSWORD
from pilotwork.files import JPEG, Accepted
from reports import figures
from reports.backup.box import Box, table_member
from reports.backup.snapshot import snapshot
from reports.backup.tables import encode
from reports.management.commands.backup import UPLOADS_LOST
from tests.backup.elsewhere import (
    emptied,
    everything,
    in_place_of_the_own,
    second_database,
    sqlite_database,
)
from tests.backup.rewriting import rewrite, sign
from tests.buckets import s3_service, storage_of
from tests.journeys import bring, draft
from tests.machines import address_of_the_tests_database
from tests.pages.found import ROUTES, addresses, site
from tests.pages.world import PHOTO, World
from tests.people import County, receive
from units.models import PilotProgramme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
WRITERS = 4
BACKEND = "django.contrib.auth.backends.ModelBackend"
# Tokens of forms and keys against sending twice; the moment a page was opened.
TOKEN = re.compile(rb'value="[^"]{30,}"|"X-CSRFToken": *"[^"]*"')


@pytest.fixture
def elsewhere(transactional_db, tmp_path):
    """The alias of a second, empty database."""
    with second_database(tmp_path) as alias:
        yield alias


@pytest.fixture
def media(settings, tmp_path):
    """Folders for the uploads of the two installations."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


def back_up(folder, alias="default"):
    """Write a backup; returns its path."""
    before = set(folder.glob("*.zip"))
    call_command("backup", folder, database=alias, stdout=StringIO())
    (path,) = set(folder.glob("*.zip")) - before
    return path


def restore(path, alias):
    call_command("restore", path, database=alias, stdout=StringIO())


def grown():
    """A county with one of everything, people with permissions of Django's, and a deleted draft."""
    world = World()
    group = Group.objects.create(name="查看")
    group.permissions.add(Permission.objects.get(codename="view_entry"))
    world.people["root"].groups.add(group)
    world.people["root"].user_permissions.add(*Permission.objects.order_by("-pk")[:3])
    world.deleted = fresh_draft(world).pk
    drafts.discard_draft(Application(pk=world.deleted), by=world.member)
    return world


def fresh_draft(world):
    """One more draft of the world's unit."""
    return draft(SimpleNamespace(unit=world.unit, member=world.member))


def pages_of(world):
    """{name: address} of one page of every kind that the site has, but the one that makes a new key
    for a phone each time."""
    found = (
        (name, next(iter(addresses(name, view, ROUTES[name], world)), None))
        for name, view in site()
        if name != "accounts:second_factor"
    )
    return {name: address for name, address in found if address}


def seen(pages, username, moment):
    """{name: status and words} of the pages as the person sees them at a moment."""
    client = Client()
    with clock.at(moment):
        client.force_login(User.objects.get(username=username), BACKEND)
        answers = {name: client.get(address) for name, address in pages.items()}
    return {
        name: (answer.status_code, answer.get("Location"), words_of(answer))
        for name, answer in answers.items()
    }


def words_of(answer):
    """What a page holds, without the tokens that are new each time; of a file, that it is one."""
    is_page = answer.get("Content-Type", "").startswith("text/html")
    return TOKEN.sub(b"", answer.getvalue()) if is_page else answer.get("Content-Type")


def what_is_said():
    """The figures of every programme on three days, the accounts' lines, the faults that are found."""
    days = [clock.today() - dt.timedelta(days=days) for days in (0, 10, 20)]
    measured = {
        (programme.pk, day): figures.measure(programme, day)
        for programme in PilotProgramme.objects.all()
        for day in days
    }
    return measured, list(summaries()), list(differences())


def test_everything_is_the_same_on_the_other_side(elsewhere, media, tmp_path, settings):
    world = grown()
    before, said = everything("default"), what_is_said()
    pages, now = pages_of(world), clock.now()
    assert len(pages) > 100
    path = back_up(tmp_path)
    shown = seen(pages, "secretary", now)
    assert [status for status, _, _ in shown.values()].count(200) > 60
    settings.MEDIA_ROOT = str(tmp_path / "other media")
    restore(path, elsewhere)
    after = everything(elsewhere)
    assert after.keys() == before.keys()
    for label, rows in before.items():
        assert after[label] == rows, label
    assert missing_triggers(connections[elsewhere]) == []
    with in_place_of_the_own(elsewhere):
        assert what_is_said() == said
        for name, answer in seen(pages, "secretary", now).items():
            assert answer == shown[name], name
        check_people_can_go_on(world)
    assert files_below(tmp_path / "other media") == files_below(media)


def check_people_can_go_on(world):
    """Sign in with the old password, open an upload, work on; keys follow on those given before."""
    client = Client()
    answer = client.post(reverse("accounts:sign_in"), {"username": "orghead", "password": PASSWORD})
    assert answer.status_code == 302
    assert all(version.is_intact for version in DocumentVersion.objects.all())
    assert fresh_draft(world).pk == world.deleted + 1


def files_below(folder):
    """{path: content} of all files."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def test_uploads_may_move_from_a_folder_into_a_bucket_and_back(
    elsewhere, media, tmp_path, settings
):
    county = County()
    drafts.attach(draft(county), [PHOTO], by=county.member, purpose="proposal")
    first = back_up(tmp_path / "first")
    folder = settings.STORAGES["default"]
    with s3_service() as service:
        bucket = storage_of(service.new_bucket())
        settings.STORAGES = {**settings.STORAGES, "default": bucket}
        restore(first, elsewhere)
        with in_place_of_the_own(elsewhere):
            assert all(kept.is_intact for kept in ApplicationAttachment.objects.all())
        second = back_up(tmp_path / "second", elsewhere)
    settings.STORAGES = {**settings.STORAGES, "default": folder}
    settings.MEDIA_ROOT = str(tmp_path / "other media")
    emptied(elsewhere)
    restore(second, elsewhere)
    assert files_below(tmp_path / "other media") == files_below(media)


def test_a_lost_upload_is_named_and_everything_else_is_kept(elsewhere, media, tmp_path):
    county = County()
    drafts.attach(draft(county), [PHOTO, PHOTO], by=county.member, purpose="proposal")
    lost, changed = ApplicationAttachment.objects.all()
    (media / lost.file.name).unlink()
    (media / changed.file.name).write_bytes(b"changed")
    with pytest.raises(CommandError, match="2 个附件") as failure:
        back_up(tmp_path)
    assert failure.value.returncode == UPLOADS_LOST
    (path,) = tmp_path.glob("*.zip")
    restore(path, elsewhere)
    assert everything(elsewhere) == everything("default")
    with Box(path) as box:
        assert box.manifest["missing"] == [lost.file.name]
        assert box.manifest["changed"] == [changed.file.name]


@pytest.mark.postgres
def test_an_office_may_move_from_sqlite_to_postgresql_and_back(elsewhere, media, tmp_path):
    with sqlite_database(tmp_path / "office.sqlite3") as small:
        with in_place_of_the_own(small):
            world = grown()
            before, said = everything("default"), what_is_said()
        assert connections[small].vendor == "sqlite"
        restore(back_up(tmp_path / "first", small), elsewhere)
        assert everything(elsewhere) == before
        with in_place_of_the_own(elsewhere):
            assert connection.vendor == "postgresql"
            assert what_is_said() == said
        emptied(small)
        restore(back_up(tmp_path / "second", elsewhere), small)
        assert everything(small) == before
        with in_place_of_the_own(small):
            assert what_is_said() == said
            check_people_can_go_on(world)


def test_a_backup_made_while_people_work_is_of_one_moment(elsewhere, media, tmp_path):
    county = County()
    over = threading.Event()
    failures = []

    def write(number):
        try:
            while not over.is_set():
                receive(county, "1000")
                bring(county, ["closed", "revoked", "terminated_settled"][number % 3])
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    paths = []
    try:
        for n in range(3):
            waited = Entry.objects.count()
            while Entry.objects.count() < waited + 20 and not failures:
                over.wait(0.05)
            paths.append(back_up(tmp_path / f"{n}"))
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert failures == []
    in_the_end = Entry.objects.count()
    for path in paths:
        restore(path, elsewhere)
        with in_place_of_the_own(elsewhere):
            assert list(differences()) == []
            assert 20 <= Entry.objects.count() < in_the_end
        emptied(elsewhere)


def test_nobody_waits_for_a_backup_and_it_sees_nothing_new(transactional_db):
    county = County()

    def work():
        receive(county, "5")
        connections.close_all()

    with snapshot(connection):
        before = Entry.objects.count()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
        assert Entry.objects.count() == before
    assert Entry.objects.filter(kind=EntryKind.RECEIPT).count() == before + 1


def back_up_on_a_full_disk(folder, media):
    """Run the command where a file cannot grow beyond 100 kB; returns the finished process."""
    limit = (100_000, 100_000)
    return subprocess.run(
        [sys.executable, "manage.py", "backup", folder, "--keep-daily=1"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "pilotwork.settings",
            "DATABASE_URL": address_of_the_tests_database(),
            "MEDIA_ROOT": str(media),
        },
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
        capture_output=True,
        text=True,
        check=False,
    )


def test_old_backups_go_only_when_the_new_one_is_good(transactional_db, media, tmp_path):
    county = County()
    large = Accepted("大.jpg", JPEG, os.urandom(200_000))
    drafts.attach(draft(county), [large], by=county.member, purpose="proposal")
    folder = tmp_path / "backups"
    old = [folder / f"pilotwork-2020010{day}-120000.zip" for day in (1, 2)]
    folder.mkdir()
    for path in old:
        path.write_bytes(b"")
    done = back_up_on_a_full_disk(folder, media)
    assert (done.returncode, done.stdout) == (1, "")
    assert "磁盘空间不足" in done.stderr
    assert sorted(folder.iterdir()) == old
    call_command("backup", folder, keep_daily=2, stdout=StringIO())
    assert [path.exists() for path in old] == [False, True]


def test_only_an_empty_installation_takes_a_backup(transactional_db, media, tmp_path):
    County()
    path = back_up(tmp_path)
    people = User.objects.count()
    with pytest.raises(CommandError, match="只能恢复到空的安装"):
        restore(path, "default")
    assert User.objects.count() == people


def with_row_changed(path, label, name, value):
    """Let the last row of a table say something else, checksums and all."""
    with Box(path) as box:
        (table,) = (table for table in box.manifest["tables"] if table["model"] == label)
        rows = list(box.rows(label))
    rows[-1][table["fields"].index(name)] = value
    rewrite(path, {table_member(label): "".join(encode(row) + "\n" for row in rows).encode()})


# What is wrong with a backup whose checksums are all right, and what is said.
SPOIL = {
    "指向不存在的行": lambda path: with_row_changed(path, "funds.entry", "account_id", 999_999),
    "链首": lambda path: with_row_changed(path, "accounts.transitionlog", "digest", "0" * 64),
    "不在附件目录之内": lambda path: rewrite(path, {"media/../outside.pdf": b"%PDF-"}),
    "另一版本.*备份多出 funds.9999_later": lambda path: rewrite(
        path, migrations=[["funds", "9999_later"]]
    ),
}


def test_a_backup_that_does_not_fit_leaves_the_installation_empty(
    elsewhere, media, tmp_path, settings
):
    county = County()
    drafts.attach(draft(county), [PHOTO], by=county.member, purpose="proposal")
    bring(county, "approved")
    path = back_up(tmp_path)
    good = path.read_bytes()
    settings.MEDIA_ROOT = str(tmp_path / "other media")
    for words, spoil in SPOIL.items():
        path.write_bytes(good)
        spoil(path)
        with pytest.raises(CommandError, match=words):
            restore(path, elsewhere)
        assert not any(everything(elsewhere).values()), words
        assert missing_triggers(connections[elsewhere]) == []
        assert files_below(tmp_path / "other media") == {}
    path.write_bytes(good)
    sign(path)
    restore(path, elsewhere)
    assert everything(elsewhere) == everything("default")
