"""Whatever is done to the books by hand, `check_ledger` names the first place of it."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DataError, connection, transaction

from accounts.matters import Matter, log_name
from accounts.models import TransitionLog
from funds.heads import kinds_of_matter, ledger_heads
from funds.models import Application, Entry
from funds.verify import differences
from tests.funds.tampering import change, delete, recompute, recompute_log
from tests.journeys import bring, fresh
from tests.people import receive
from tests.reports.briefing import freeze_report


def entries(county):
    return list(Entry.objects.of_account(county.fund))


def check(*arguments):
    """(lines, exit code) of check_ledger with these arguments."""
    out = StringIO()
    try:
        call_command("check_ledger", *arguments, stdout=out)
    except CommandError as error:
        return [*out.getvalue().splitlines(), str(error)][:-1] or [str(error)], error.returncode
    return out.getvalue().splitlines(), 0


@pytest.fixture
def kept(tmp_path):
    """Writes the heads as they are now into a file, as a backup does; returns its path."""
    made = []

    def keep():
        out = StringIO()
        call_command("ledger_heads", stdout=out)
        made.append(tmp_path / f"heads-{len(made)}.json")
        made[-1].write_text(out.getvalue(), encoding="utf-8")
        return str(made[-1])

    return keep


def printed(row):
    """A head as `--head` takes it: of an entry's voucher, in the short form that a paper may have."""
    return f"{row.account.code}:{row.number}:{row.digest[:16]}"


def test_no_two_kinds_of_matter_are_named_alike_on_papers():
    matters = [model for model in apps.get_models() if issubclass(model, Matter)]
    assert len(kinds_of_matter()) == len(matters)


def test_the_heads_kept_with_a_backup_name_every_chain_and_how_long_it_is(county):
    application = bring(county, "approved")
    heads = ledger_heads()
    last = entries(county)[-1]
    assert heads["accounts"] == [
        {"chain": county.fund.code, "number": last.number, "digest": last.digest}
    ]
    row = application.log[-1]
    assert {
        "chain": f"立项申请-{application.pk}",
        "number": row.number,
        "digest": row.digest,
    } in heads["logs"]
    assert heads["audit"] == []
    assert sum(head["number"] for head in heads["logs"]) == TransitionLog.objects.count()


@pytest.mark.long
def test_an_untouched_ledger_agrees_with_all_that_was_kept_while_it_grew(county, kept):
    early = kept()
    bring(county, "partly_paid")
    late, head = kept(), printed(entries(county)[1])
    receive(county, "5")
    lines, code = check("--against", early, "--against", late, "--head", head)
    assert code == 0
    assert lines[-1].startswith("与留存的 ")


def test_a_chain_computed_anew_is_sound_in_itself_and_shown_by_the_printed_head(county):
    receive(county, "50")
    first, second = entries(county)
    change(first, memo="另一个用途")
    recompute(county.fund)
    assert list(differences()) == []
    assert check("--head", printed(second))[1] == 1
    (line,) = check("--head", printed(second))[0]
    assert line.startswith(f"{county.fund} 第 2 号分录与“{printed(second)}”不符（留存 ")
    assert line.endswith("没有更早的留存可比，改动在第 1 号至第 2 号之间。")


def test_several_kept_heads_say_between_which_entries_the_past_was_rewritten(county, kept):
    early = kept()
    for amount in ("1", "2", "3", "4"):
        receive(county, amount)
    before = entries(county)
    freeze_report(county.programme, county.approver)
    change(before[3], memo="另一个用途")
    recompute(county.fund)
    lines, code = check("--against", early, "--head", printed(before[1]))
    assert code == 1
    assert len(lines) == 1
    assert lines[0].startswith(f"{county.fund} 第 5 号分录与定稿“")
    assert lines[0].endswith(f"第 2 号与“{printed(before[1])}”仍一致，改动在第 3 号至第 5 号之间。")
    # A voucher of the very entry before it leaves one place.
    (line,) = check("--head", printed(before[2]), "--head", printed(before[3]))[0]
    assert line.endswith(f"第 3 号与“{printed(before[2])}”仍一致，改动在第 4 号。")


def test_the_last_entries_deleted_are_missed_where_a_head_was_kept(county, kept):
    for amount in ("1", "2", "3"):
        receive(county, amount)
    path = kept()
    delete(*reversed(entries(county)[2:]))
    assert list(differences()) == []
    assert check("--against", path)[0] == [
        f"{county.fund} 第 4 号分录（“heads-0.json”有记）已不存在：现止于第 2 号，"
        "第 3 号至第 4 号被删去。"
    ]


@pytest.mark.long
def test_all_entries_of_an_account_deleted_are_missed_where_a_head_was_kept(county):
    (only,) = entries(county)
    head = printed(only)
    freeze_report(county.programme, county.approver)
    delete(only)
    (line,) = check("--head", head)[0]
    assert line.startswith(f"{county.fund} 第 1 号分录（")
    assert line.endswith("已不存在：现止于第 0 号，第 1 号被删去。")
    assert any("定稿" in words for words in differences()), "the frozen report alone shows it too"


def test_the_last_rows_of_a_log_deleted_and_the_state_set_back_are_missed_by_the_history(county):
    application = bring(county, "approved")
    approved = application.log[-1]
    delete(approved)
    Application.objects.filter(pk=application.pk).update(state="reviewed")
    assert (
        f"立项申请 {application.pk}：状态和流转记录都止于 reviewed，修改历史却止于 approved："
        "流转记录的末尾被删改。"
    ) in list(differences())


def test_a_last_row_of_a_log_rewritten_with_a_fitting_digest_and_state_is_missed_too(county):
    application = bring(county, "reviewed")
    row = application.log[-1]
    row.target = "rejected"
    change(row, target="rejected", digest=row.computed_digest(application.log[-2].digest))
    Application.objects.filter(pk=application.pk).update(state="rejected")
    (line,) = differences()
    assert line.startswith(f"立项申请 {application.pk}：状态和流转记录都止于 rejected，")


@pytest.mark.long
@pytest.mark.parametrize("way", ["rewritten", "cut off"])
def test_a_log_without_a_trace_in_the_database_is_held_against_what_was_kept(county, kept, way):
    application = bring(county, "reviewed")
    path = kept()
    row = application.log[-1]
    name = f"立项申请 {application.pk} 流转记录第 {row.number} 条"
    type(application).history.filter(id=application.pk, state="reviewed").delete()
    if way == "cut off":
        delete(row)
        Application.objects.filter(pk=application.pk).update(state="submitted")
        ending = f"已不存在：现止于第 {row.number - 1} 号，第 {row.number} 号被删去。"
    else:
        change(row, opinion="另一个意见")
        recompute_log(fresh(application))
        ending = f"改动在第 1 号至第 {row.number} 号之间。"
        Application.history.model.objects.filter(id=application.pk).update(state="reviewed")
    assert list(differences()) == []
    (line,) = check("--against", path)[0]
    assert line.startswith(name)
    assert line.endswith(ending)
    printed_head = f"{log_name(Application, application.pk)}:{row.number}:{row.digest}"
    assert check("--head", printed_head)[0][0].startswith(name)


UNREADABLE = (
    (["--head", "JJ:1"], "“JJ:1”应写作 账户代号:序号:校验码。"),
    (["--head", "JJ:x:" + "0" * 16], "编号不完整"),
    (["--head", "JJ:1:" + "0" * 15], "校验码应为 16 至 64 位的 0-9、a-f。"),
    (["--head", "没有-1:1:" + "0" * 16], "没有这个账户或事项"),
    (["--against", "no-such-file.json"], "读不出来"),
    (["--against", "package.json"], "不是账册链首文件"),
)


def test_what_can_be_no_head_is_said_and_nothing_passes_for_checked(county):
    for arguments, words in UNREADABLE:
        lines, code = check(*arguments)
        assert code in {1, 2}
        assert any(words in line for line in lines), arguments


def test_a_file_of_heads_without_its_parts_is_refused(county, tmp_path):
    broken = ledger_heads()
    del broken["logs"]
    path = tmp_path / "heads.json"
    path.write_text(json.dumps(broken), encoding="utf-8")
    assert check("--against", str(path))[1] == 2


# --- From outside, while the application knows nothing ----------------------------------------

EDITS = {
    "a value": (
        "UPDATE funds_entry SET memo = '另一个用途' WHERE number = 3",
        "第 3 号分录（{code}-00003）：校验码不符",
    ),
    "an amount": (
        "UPDATE funds_entry SET cash = cash + 100, cash_after = cash_after + 100 WHERE number = 2",
        "第 2 号分录（{code}-00002）：金额的方向与类别",
    ),
    "a row deleted": (
        "DELETE FROM funds_entry WHERE number = 2",
        "第 3 号分录（{code}-00003）：之前缺少第 2 号分录。",
    ),
}
# What only SQLite takes: it asks no column for its type.
OF_ANY_TYPE = {
    "no moment": (
        "UPDATE funds_entry SET booked_at = 'gestern' WHERE number = 3",
        "第 3 号分录（{code}-00003）：内容不是该字段可以有的",
    ),
    "no number": (
        "UPDATE funds_entry SET commitment_id = NULL, available_after = 'viel' WHERE number = 3",
        "第 3 号分录：内容不是该字段可以有的",
    ),
}


def edited_from_outside(sql, path):
    """Run SQL past application and triggers; returns the lines of check_ledger afterwards.

    SQLite: in a copy of the file, by another program. PostgreSQL: by its owner, who switches
    triggers off for himself.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("ALTER TABLE funds_entry DROP CONSTRAINT entry_kind_has_its_effect")
            cursor.execute(sql)
            cursor.execute("SET session_replication_role = origin")
            lines = list(differences())
            transaction.set_rollback(True)
        return lines
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = triggers.fetchall()
        copy.execute("PRAGMA ignore_check_constraints = ON")
        for name, _ in triggers:
            copy.execute(f'DROP TRIGGER "{name}"')
        copy.execute(sql)
        for _, create in triggers:
            copy.execute(create)
        copy.commit()
    done = subprocess.run(
        [sys.executable, "manage.py", "check_ledger"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout.splitlines()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("edit", [*EDITS, *OF_ANY_TYPE])
def test_an_edit_of_the_database_from_outside_is_named(county, tmp_path, edit):
    if edit in OF_ANY_TYPE and connection.vendor != "sqlite":
        with pytest.raises(DataError, match="invalid input syntax"):
            edited_from_outside(OF_ANY_TYPE[edit][0], tmp_path)
        return
    bring(county, "approved")
    receive(county, "50")
    sql, words = {**EDITS, **OF_ANY_TYPE}[edit]
    lines = edited_from_outside(sql, tmp_path / "copy.sqlite3")
    assert lines[0].startswith(f"{county.fund} {words.format(code=county.fund.code)}"), lines
