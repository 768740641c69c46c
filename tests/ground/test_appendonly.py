"""Append-only rows are refused to everybody, in Python and by the database itself."""

import datetime as dt
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from funds.models import BankBalance, FundAccount
from pilotwork.appendonly import (
    AppendOnlyError,
    AppendOnlyQuerySet,
    append_only_models,
    canonical,
    digest_of,
    drop_triggers,
    install_triggers,
    lifted,
    missing_triggers,
)

TABLE = BankBalance._meta.db_table
MOMENT = datetime(2026, 11, 23, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def row(db):
    account = FundAccount.objects.create(kind="dues", name="团费", code="TF")
    person = User.objects.create_user("guan", name="管")
    return BankBalance.objects.create(
        account=account, on=dt.date(2026, 11, 23), balance="100", by=person, at=MOMENT
    )


def refused(sql):
    """Run one statement past Django; return whether the database itself refused it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except IntegrityError:
        return True
    return False


def test_a_row_is_never_saved_again_nor_deleted(row):
    for change in (row.save, row.delete, BankBalance.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()
    with pytest.raises(AppendOnlyError):
        BankBalance.objects.update(note="改")
    with pytest.raises(AppendOnlyError), transaction.atomic():
        BankBalance.objects.bulk_update([row], ["note"])
    with pytest.raises(AppendOnlyError):
        BankBalance.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["id"], update_fields=["note"]
        )
    assert BankBalance.objects.get().note == ""


def test_a_new_object_with_an_old_key_does_not_replace_the_row(row):
    twin = BankBalance(
        pk=row.pk, account=row.account, on=row.on, balance=5, by=row.by, at=MOMENT, note="改"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert BankBalance.objects.get().balance == 100


def test_every_append_only_table_refuses_update_and_delete_in_the_database(row):
    assert {"accounts_transitionlog", "funds_entry", TABLE} <= {
        model._meta.db_table for model in append_only_models()
    }
    assert missing_triggers(connection) == []
    assert refused(f"UPDATE {TABLE} SET note = 'x'")
    assert refused(f"DELETE FROM {TABLE}")
    assert BankBalance.objects.get().note == ""


def test_the_database_has_no_way_round_by_replacing_or_emptying(row):
    if connection.vendor == "sqlite":
        columns = 'id, account_id, "on", balance, note, by_id, at'
        same = f"SELECT {columns.replace('note,', 'note || 1,')} FROM {TABLE}"
        assert refused(f"INSERT OR REPLACE INTO {TABLE} ({columns}) {same}")
        assert refused(f"UPDATE OR REPLACE {TABLE} SET note = 'x'")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert refused(f"TRUNCATE {TABLE} CASCADE")
        assert refused(f"TRUNCATE {FundAccount._meta.db_table} CASCADE")
    assert BankBalance.objects.get().note == ""


def test_a_missing_or_switched_off_trigger_fails_the_system_check_and_migrating_puts_it_back(row):
    name = f"{TABLE}_no_update"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {name}")
        else:
            cursor.execute(f"DROP TRIGGER {name}")
    assert missing_triggers(connection) == [name]
    found = checks.run_checks(tags=["database"], databases=["default"])
    assert [(error.id, name in error.msg) for error in found] == [("pilotwork.E102", True)]
    call_command("migrate", verbosity=0, skip_checks=False)
    assert missing_triggers(connection) == []
    assert checks.run_checks(tags=["database"], databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_a_table_rebuilt_by_a_later_migration_gets_its_triggers_back():
    if connection.vendor == "sqlite":
        with connection.schema_editor() as editor:
            editor._remake_table(BankBalance)
        assert set(missing_triggers(connection)) == {
            f"{TABLE}_no_update",
            f"{TABLE}_no_delete",
            f"{TABLE}_no_replace",
        }
    else:
        drop_triggers(connection)
        assert f"{TABLE}_no_truncate" in missing_triggers(connection)
    emit_post_migrate_signal(0, False, "default")
    assert missing_triggers(connection) == []


def test_triggers_are_lifted_for_the_block_only(row):
    with lifted():
        assert not refused(f"UPDATE {TABLE} SET note = 'x'")
    assert refused(f"UPDATE {TABLE} SET note = 'y'")


def test_installing_twice_is_the_same_as_once(row):
    install_triggers(connection)
    install_triggers(connection)
    assert missing_triggers(connection) == []


def test_a_queryset_that_could_update_is_found_before_the_start(monkeypatch):
    found = [error for model in append_only_models() for error in model.check()]
    assert [error for error in found if error.id == "pilotwork.E101"] == []
    monkeypatch.setattr(
        BankBalance._default_manager.__class__, "_queryset_class", AppendOnlyQuerySet.__base__
    )
    assert "pilotwork.E101" in [error.id for error in BankBalance.check()]


def test_the_digest_is_the_same_whatever_the_database_hands_back():
    shanghai = MOMENT.astimezone(dt.timezone(dt.timedelta(hours=8)))
    written = {"amount": Decimal("100"), "at": shanghai, "on": dt.date(2026, 1, 1), "none": None}
    read = {"none": None, "on": dt.date(2026, 1, 1), "at": MOMENT, "amount": Decimal("100.00")}
    assert digest_of(written, "") == digest_of(read, "")
    assert canonical(written) == {
        "amount": "100.00",
        "at": "2026-11-23T01:02:03.000004+00:00",
        "on": "2026-01-01",
        "none": None,
    }


def test_the_digest_is_what_anybody_recomputes_from_the_documentation():
    # printf '%s' '{"fields":{"名":"王口镇"},"previous":""}' | sha256sum
    expected = "dca3ee21952b840353aba06d2985f622fa255ca5bc32cbc02e06a7c48791fb53"
    assert digest_of({"名": "王口镇"}, "") == expected


@given(st.text(), st.text(), st.text())
def test_another_row_or_another_past_gives_another_digest(memo, other, past):
    digest = digest_of({"memo": memo}, past)
    assert (digest == digest_of({"memo": other}, past)) == (memo == other)
    assert digest != digest_of({"memo": memo}, past + "0")


@pytest.mark.parametrize("value", [0.1, datetime(2026, 1, 1), object(), b"x", {1, 2}])
def test_what_has_no_one_spelling_has_no_digest(value):
    with pytest.raises(TypeError):
        digest_of({"value": value}, "")
