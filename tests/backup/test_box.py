"""The file of a backup: whole or not there at all, and a damaged one is never taken for a good one."""

import datetime as dt
import fcntl
import os
import zipfile
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps

from pilotwork import clock
from pilotwork.refusals import Refused
from reports.backup.box import FORMAT, Box, checksum_of, place_for
from reports.backup.checking import check
from reports.backup.retention import clear_away
from reports.backup.tables import NAMED, THROW_AWAY, encode, kept, tables
from tests.backup.rewriting import rewrite, sign

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=clock.SHANGHAI)


def written(folder, moment=NOON, interrupt=None):
    """Write a small backup; returns its path. `interrupt` is called when half of it is there."""
    with clock.at(moment), place_for(folder) as (writer, path):
        rows = writer.write_lines("tables/funds.entry.jsonl", ["[1]\n", "[2]\n"])
        writer.write("media/uploads/1/file.pdf", [b"%PDF-", b"1"])
        if interrupt:
            interrupt()
        noted = {"model": "funds.entry", "fields": ["id"], "rows": rows, "last_number": 2}
        writer.finish({"made_at": moment.isoformat(), "tables": [noted]})
    return path


def checked(path):
    with Box(path) as box:
        return check(box)


def test_a_backup_gets_its_name_when_it_is_whole_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "new" / "folder"
    path = written(folder)
    assert checked(path)
    assert path.name == "pilotwork-20261126-120000.zip"
    assert sorted(os.listdir(folder)) == [path.name, f"{path.name}.sha256"]
    assert path.stat().st_mode & 0o777 == 0o600
    with Box(path) as box:
        assert list(box.rows("funds.entry")) == [[1], [2]]
        # However its moment is written, it is told by the office's clocks.
        box.manifest["made_at"] = "2026-11-26T04:05:06+00:00"
        assert box.made_at == "2026年11月26日 12:05"


@pytest.mark.parametrize("failure", [ZeroDivisionError, KeyboardInterrupt])
def test_one_that_breaks_off_leaves_nothing(tmp_path, failure):
    def interrupt():
        raise failure

    with pytest.raises(failure):
        written(tmp_path, interrupt=interrupt)
    assert os.listdir(tmp_path) == []


def test_what_a_killed_one_left_is_swept_away_and_nothing_else(tmp_path):
    (tmp_path / ".pilotwork-20261125-120000.zip.part").write_bytes(b"PK")
    (tmp_path / ".other.zip.part").write_bytes(b"PK")
    path = written(tmp_path)
    assert set(os.listdir(tmp_path)) == {".other.zip.part", path.name, checksum_of(path).name}


def test_two_backups_are_not_written_into_one_folder_at_once(tmp_path):
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(Refused, match="另一个备份正在写入"):
        written(tmp_path)
    os.close(handle)
    written(tmp_path)


def test_a_full_disk_is_named_and_nothing_is_left(tmp_path):
    # The device that answers every write as a full disk does.
    with pytest.raises(Refused, match="磁盘空间不足"):
        written(tmp_path, interrupt=lambda: Path("/dev/full").write_bytes(b"no room"))
    assert os.listdir(tmp_path) == []


def test_a_place_where_nothing_can_be_written_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refused, match="备份没有写成"):
        written(tmp_path / "file" / "folder")


def changed_byte(path):
    content = bytearray(path.read_bytes())
    content[content.index(b"%PDF-1")] ^= 1
    path.write_bytes(content)


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-40])


def a_member_more(path):
    with zipfile.ZipFile(path, "a") as box:
        box.writestr("media/uploads/2/file.pdf", b"%PDF-")


def a_row_less(path):
    rewrite(path, {"tables/funds.entry.jsonl": b"[1]\n"})


def without_manifest(path):
    with zipfile.ZipFile(path, "w") as box:
        box.writestr("tables/funds.entry.jsonl", b"[1]\n")


def of_tomorrow(path):
    rewrite(path, format=FORMAT + 1)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (changed_byte, "media/uploads/1/file.pdf 已损坏"),
        (cut_off, "不是完整的备份文件"),
        (a_member_more, "与清单不符"),
        (a_row_less, "有 1 行，清单上是 2 行"),
        (without_manifest, "不是本系统的备份"),
        (of_tomorrow, "备份的格式是第"),
    ],
)
def test_a_damaged_backup_is_refused_even_with_a_checksum_that_fits(tmp_path, damage, words):
    path = written(tmp_path)
    damage(path)
    sign(path)
    with pytest.raises(Refused, match=words):
        checked(path)


def test_the_checksum_beside_it_must_fit_and_its_absence_is_known(tmp_path):
    path = written(tmp_path)
    beside = checksum_of(path)
    beside.write_text(f"{'0' * 64}  {path.name}\n")
    with pytest.raises(Refused, match="与旁边的校验和"):
        checked(path)
    beside.unlink()
    assert not checked(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Refused, match="打不开"):
        Box(tmp_path / "none.zip")


# --- Retention ---------------------------------------------------------------------------------


def days_kept(folder):
    return sorted(path.name[10:18] for path in folder.glob("pilotwork-*.zip"))


def a_backup_each_day(folder, number):
    for days in range(number):
        path = folder / f"pilotwork-{NOON - dt.timedelta(days=days):%Y%m%d-%H%M%S}.zip"
        path.write_bytes(b"")
        checksum_of(path).write_text("")


def test_the_newest_of_each_day_week_and_month_stay(tmp_path):
    a_backup_each_day(tmp_path, 100)
    (tmp_path / "pilotwork-20261126-080000.zip").write_bytes(b"")
    gone = clear_away(tmp_path, daily=3, weekly=2, monthly=3)
    # Three days, the Sunday of the week before, the last days of two earlier months.
    assert days_kept(tmp_path) == [
        *("20260930", "20261031", "20261122", "20261124", "20261125", "20261126")
    ]
    assert len(gone) == 95
    assert len(list(tmp_path.glob("*.sha256"))) == 6
    assert not (tmp_path / "pilotwork-20261126-080000.zip").exists()


def test_only_backups_are_ever_cleared_away_and_the_newest_never(tmp_path):
    a_backup_each_day(tmp_path, 2)
    others = ["pilotwork-20200101-120000.zip.old", "copy pilotwork-20200101-120000.zip", "a.zip"]
    for name in others:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "pilotwork-20200101-120000.zip").mkdir()
    clear_away(tmp_path, daily=0, weekly=0, monthly=0)
    names = {path.name for path in tmp_path.iterdir()}
    newest = "pilotwork-20261126-120000.zip"
    assert names == {*others, "pilotwork-20200101-120000.zip", newest, f"{newest}.sha256"}


# --- What is kept ------------------------------------------------------------------------------


def test_everything_is_kept_but_what_is_named_and_nothing_kept_needs_what_is_not():
    models = {
        model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)
    }
    labels = {table.label for table in tables()}
    assert labels == models.keys() - THROW_AWAY.keys()
    assert THROW_AWAY.keys() < models.keys()
    needed = {
        field.related_model._meta.label_lower
        for table in kept()
        for field in table.fields
        if field.related_model
    }
    assert needed <= labels
    assert {"auth.permission", "contenttypes.contenttype"} == {m._meta.label_lower for m in NAMED}


def test_a_row_keeps_every_microsecond_and_knows_no_time_zone():
    moment = dt.datetime(2026, 11, 26, 8, 0, 0, 4, tzinfo=clock.SHANGHAI)
    row = [1, "林\n", None, True, moment, dt.date(2026, 5, 4), Decimal("3200.50"), UUID(int=7)]
    assert encode(row) == (
        '[1,"林\\n",null,true,"2026-11-26T00:00:00.000004+00:00","2026-05-04","3200.50",'
        '"00000000-0000-0000-0000-000000000007"]'
    )


@pytest.mark.parametrize("value", [object(), float("nan")])
def test_what_has_no_plain_spelling_is_no_row(value):
    with pytest.raises((TypeError, ValueError)):
        encode([value])
