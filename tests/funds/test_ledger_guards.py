"""What the database itself refuses, whoever asks it past the application."""

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, models, transaction

from accounts.models import TransitionLog
from funds.models import Entry, EntryKind, FundAccount
from funds.models.ledger import AccountKind
from pilotwork import clock
from pilotwork.appendonly import missing_triggers
from pilotwork.money import to_yuan
from tests.funds.books import held, sums_of
from tests.people import County, receive

TABLE = Entry._meta.db_table


def refused_by_the_database(sql, *parameters):
    """Run one statement past Django; whether the database itself refused it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # TRUNCATE would fail for what is still to be checked, not for the trigger.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql, parameters)
    except IntegrityError:
        return True
    return False


def insert(entry):
    """Whether the database refuses the entry as it is, however wrong."""
    try:
        with transaction.atomic():
            models.Model.save(entry, force_insert=True)
    except IntegrityError:
        return True
    return False


def next_entry(county, kind=EntryKind.RECEIPT, amount="10", cash=None, **changed):
    """The entry that would come next in the fund, unsaved, with `changed` to make it wrong."""
    last = Entry.objects.of_account(county.fund).last()
    available = to_yuan(amount)
    cash = available if cash is None else to_yuan(cash)
    fields = {
        "account": county.fund,
        "number": last.number + 1,
        "kind": kind,
        "available": available,
        "cash": cash,
        "available_after": last.available_after + available,
        "cash_after": last.cash_after + cash,
        "occurred_on": clock.today(),
        "booked_at": clock.now(),
        "by": county.cashier,
        "by_name": "某",
        "digest": "x",
    }
    return Entry(**fields | changed)


def carried(commitment, **changed):
    """The commitment's sums as the next entry carries them."""
    sums = sums_of(commitment)
    names = ("reserved", "released", "disbursed", "recovered")
    return {
        "commitment": commitment,
        **{f"{name}_after": getattr(sums, name) + to_yuan(changed.get(name, 0)) for name in names},
    }


def test_the_database_takes_the_next_entry_and_refuses_every_wrong_one(county, commitment, paid):
    wrong = {
        "a gap": {"number": 6},
        "a number used before": {"number": 4},
        "a wrong available balance": {"available_after": to_yuan("9999")},
        "a wrong cash balance": {"cash_after": to_yuan("9999")},
        "a receipt with a matter": carried(commitment),
        "a receipt of cash alone": {"available": to_yuan("0"), "available_after": to_yuan("9600")},
        "a kind that does not fit": {"kind": EntryKind.DISBURSE},
        "an unknown kind": {"kind": "gift"},
        "a reversal that names nothing": {"kind": EntryKind.REVERSE},
        "a receipt that names an entry": {"reverses": paid[2]},
        "sums without a matter": {"reserved_after": to_yuan("1")},
    }
    for what, changed in wrong.items():
        assert insert(next_entry(county, **changed)), what
    assert not insert(next_entry(county))


def test_the_database_refuses_negative_balances(county, commitment, paid):
    more = next_entry(
        county, EntryKind.RESERVE, "-9600.01", "0", **carried(commitment, reserved="9600.01")
    )
    assert insert(more)
    all_there_is = next_entry(
        county, EntryKind.RESERVE, "-9600", "0", **carried(commitment, reserved="9600")
    )
    assert not insert(all_there_is)


def test_the_database_refuses_an_overdrawn_matter(county, commitment, paid):
    for kind, amount, cash, sums in [
        (EntryKind.DISBURSE, "0", "-200.01", {"disbursed": "200.01"}),
        (EntryKind.RELEASE, "200.01", "0", {"released": "200.01"}),
        (EntryKind.RECOVER, "200.01", "200.01", {"recovered": "200.01"}),
    ]:
        assert insert(next_entry(county, kind, amount, cash, **carried(commitment, **sums))), kind


def test_the_database_refuses_sums_that_do_not_follow_from_the_entry_before(
    county, commitment, paid
):
    for kind, amount, cash, sums in [
        (EntryKind.DISBURSE, "0", "-150", {}),
        (EntryKind.DISBURSE, "0", "-150", {"disbursed": "100"}),
        (EntryKind.DISBURSE, "0", "-300", {"reserved": "100", "disbursed": "300"}),
        (EntryKind.RECOVER, "50", "50", {}),
        (EntryKind.RELEASE, "50", "0", {"released": "-50"}),
        (EntryKind.RESERVE, "-50", "0", {"reserved": "51"}),
    ]:
        assert insert(next_entry(county, kind, amount, cash, **carried(commitment, **sums))), sums
    right = next_entry(
        county, EntryKind.DISBURSE, "0", "-150", **carried(commitment, disbursed="150")
    )
    assert not insert(right)


def test_the_database_refuses_a_matter_in_two_accounts(county, commitment, paid):
    account = FundAccount.objects.create(kind=AccountKind.WORKING, name="工作经费", code="GZ")
    receive(county, "1000", account)
    stray = next_entry(
        county,
        EntryKind.RESERVE,
        "-10",
        "0",
        **carried(commitment, reserved="10"),
    )
    stray.account, stray.number = account, 2
    stray.available_after, stray.cash_after = to_yuan("990"), to_yuan("1000")
    assert insert(stray)


def test_the_database_refuses_a_wrong_reversal(county, commitment, paid):
    reservation, payment, recovery = paid
    elsewhere = FundAccount.objects.create(kind=AccountKind.WORKING, name="工作经费", code="GZ")
    foreign = receive(county, "5", elsewhere)
    receipt = Entry.objects.of_account(county.fund).first()
    back = {"recovered": "-100"}
    for what, entry in {
        "another amount": next_entry(
            county, "reverse", "-99", "-99", reverses=recovery, **carried(commitment, **back)
        ),
        "of a reservation": next_entry(
            county, "reverse", "500", "0", reverses=reservation, **carried(commitment)
        ),
        "of another account": next_entry(county, "reverse", "-5", "-5", reverses=foreign),
        "without its matter": next_entry(county, "reverse", "-100", "-100", reverses=recovery),
        "with sums as before": next_entry(
            county, "reverse", "-100", "-100", reverses=recovery, **carried(commitment)
        ),
        "of a payment given back": next_entry(
            county, "reverse", "0", "300", reverses=payment, **carried(commitment, disbursed="-300")
        ),
        "of money that is reserved": next_entry(
            county, "reverse", "-10000", "-10000", reverses=receipt
        ),
    }.items():
        assert insert(entry), what
    right = next_entry(
        county, "reverse", "-100", "-100", reverses=recovery, **carried(commitment, **back)
    )
    assert not insert(right)
    again = next_entry(
        county, "reverse", "-100", "-100", reverses=recovery, **carried(commitment, **back)
    )
    assert insert(again)


def test_entries_and_opinions_are_rewritten_by_nobody(county, paid):
    before = list(Entry.objects.order_by("pk").values())
    assert refused_by_the_database(f"UPDATE {TABLE} SET memo = 'x' WHERE number = %s", 1)
    assert refused_by_the_database(f"DELETE FROM {TABLE} WHERE number = %s", 4)
    assert refused_by_the_database(f"UPDATE {TABLE} SET cash_after = cash_after + 1")
    if connection.vendor == "postgresql":
        assert refused_by_the_database(f"TRUNCATE {TABLE} CASCADE")
    assert list(Entry.objects.order_by("pk").values()) == before
    log = TransitionLog._meta.db_table
    assert not TransitionLog.objects.exists()
    TransitionLog.objects.create(
        matter=county.fund, number=1, target="x", by=county.cashier, at=clock.now()
    )
    assert refused_by_the_database(f"UPDATE {log} SET opinion = 'x'")
    assert refused_by_the_database(f"DELETE FROM {log}")


@pytest.mark.django_db(transaction=True)
def test_a_later_migration_that_alters_the_entries_leaves_them_guarded():
    county = County()
    field = models.CharField(max_length=5, default="")
    field.set_attributes_from_name("later_idea")
    with connection.schema_editor() as editor:
        editor.add_field(Entry, field)
    emit_post_migrate_signal(0, False, "default")
    try:
        assert missing_triggers(connection) == []
        assert refused_by_the_database(f"UPDATE {TABLE} SET later_idea = 'x'")
        assert refused_by_the_database(f"DELETE FROM {TABLE}")
        assert insert(next_entry(county, number=3))
    finally:
        with connection.schema_editor() as editor:
            editor.remove_field(Entry, field)
        emit_post_migrate_signal(0, False, "default")
    assert missing_triggers(connection) == []
    receive(county, "5")
    assert held(county.fund) == (10005, 10005)
