"""The ledger: what its verbs refuse, and what the database refuses whoever asks it."""

import datetime as dt
import uuid

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, models, transaction

from accounts.matters import NotPermitted
from accounts.models import TransitionLog
from funds.actions import ledger
from funds.models import BankBalance, Commitment, Entry, EntryKind, FundAccount, Source
from funds.models.ledger import AccountKind, CommitmentKind, Sums
from pilotwork import clock
from pilotwork.appendonly import missing_triggers
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.factories import days_ago
from tests.people import FUND, County, receive

TABLE = Entry._meta.db_table


@pytest.fixture
def commitment(county):
    return Commitment.objects.create(
        account=county.fund, kind=CommitmentKind.APPLICATION, title="某事项"
    )


@pytest.fixture
def paid(county, commitment):
    """A matter with 500 reserved, 300 paid and 100 recovered; returns its three entries."""
    today = {"occurred_on": clock.today()}
    return [
        ledger.reserve(commitment, by=county.approver, amount=to_yuan("500")),
        ledger.disburse(commitment, by=county.cashier, amount=to_yuan("300"), **today),
        ledger.recover(commitment, by=county.cashier, amount=to_yuan("100"), **today),
    ]


def held(account):
    """(available, cash) in yuan."""
    return account.balances.available, account.balances.cash


def sums_of(commitment):
    return Sums(Entry.objects.filter(commitment=commitment).order_by("-number").first())


# --- What each kind does ------------------------------------------------------------------------


def test_each_kind_has_its_effect_on_what_is_available_and_on_the_cash(county, commitment):
    assert held(county.fund) == (10000, 10000)
    ledger.reserve(commitment, by=county.approver, amount=to_yuan("500"))
    assert held(county.fund) == (9500, 10000)
    ledger.release(commitment, by=county.approver, amount=to_yuan("100"))
    assert held(county.fund) == (9600, 10000)
    today = {"occurred_on": clock.today()}
    payment = ledger.disburse(commitment, by=county.cashier, amount=to_yuan("300"), **today)
    assert held(county.fund) == (9600, 9700)
    back = ledger.recover(commitment, by=county.cashier, amount=to_yuan("50"), **today)
    assert held(county.fund) == (9650, 9750)
    assert county.fund.balances.reserved == 100
    ledger.reverse(back, by=county.cashier, reason="记错")
    assert held(county.fund) == (9600, 9700)
    ledger.reverse(payment, by=county.cashier, reason="记错")
    assert held(county.fund) == (9600, 10000)
    assert [entry.number for entry in Entry.objects.of_account(county.fund)] == [*range(1, 8)]


def test_with_balances_says_the_same_as_the_last_entry(county, commitment, paid):
    row = FundAccount.objects.with_balances().get(pk=county.fund.pk)
    assert (row.available, row.cash) == held(county.fund) == (9600, 9800)
    empty = FundAccount.objects.create(kind=AccountKind.DUES, name="团费", code="TF")
    assert FundAccount.objects.with_balances().get(pk=empty.pk).available is None
    assert held(empty) == (0, 0)


def test_entries_tell_when_they_were_booked_and_when_it_happened(county):
    entry = ledger.receive(
        county.fund,
        by=county.cashier,
        amount=to_yuan("5"),
        source=Source.OTHER,
        occurred_on=days_ago(3),
        counterparty="某",
        reference="SJ-9",
    )
    assert entry.occurred_on == days_ago(3)
    assert clock.local(entry.booked_at).date() == clock.today()
    assert entry.voucher_number == f"{county.fund.code}-00002"


def test_an_entry_is_never_booked_before_the_one_before_it(county):
    with clock.at(clock.now() - dt.timedelta(days=40)):
        entry = receive(county, "5")
    assert entry.booked_at == Entry.objects.get(number=1).booked_at


# --- Refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_amount_that_is_not_positive_is_refused_everywhere(county, commitment, amount):
    amount, today = to_yuan(amount), {"occurred_on": clock.today()}
    for verb, details in [
        (ledger.reserve, {}),
        (ledger.release, {}),
        (ledger.disburse, today),
        (ledger.recover, today),
    ]:
        with pytest.raises(Refused, match="金额必须大于零。"):
            verb(commitment, by=county.cashier, amount=amount, **details)
    with pytest.raises(Refused, match="金额必须大于零。"):
        receive(county, amount)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "message"), [(-1, "日期不能晚于今天。"), (40_000, "日期过早，请核对年份。")]
)
def test_a_day_that_cannot_be_is_refused(county, commitment, day, message):
    for verb in (ledger.disburse, ledger.recover):
        with pytest.raises(Refused) as refusal:
            verb(commitment, by=county.cashier, amount=to_yuan("1"), occurred_on=days_ago(day))
        assert (refusal.value.message, refusal.value.field) == (message, "occurred_on")


def test_more_than_is_available_is_never_reserved(county, commitment):
    with pytest.raises(Refused) as refusal:
        ledger.reserve(commitment, by=county.approver, amount=FUND + to_yuan("0.01"))
    assert refusal.value.message == "账户可用余额 10,000.00 元，不足 10,000.01 元，不能办理。"
    ledger.reserve(commitment, by=county.approver, amount=FUND)
    assert held(county.fund) == (0, 10000)


def test_a_matter_is_never_paid_from_another_ones_reservation(county, commitment, paid):
    other = Commitment.objects.create(
        account=county.fund, kind=CommitmentKind.APPLICATION, title="另一事项"
    )
    with pytest.raises(Refused, match="本事项尚未拨付的占用为 0.00 元，不足 1.00 元。"):
        ledger.disburse(other, by=county.cashier, amount=to_yuan("1"), occurred_on=clock.today())
    with pytest.raises(Refused, match="本事项尚未拨付的占用为 200.00 元，不足 200.01 元。"):
        ledger.release(commitment, by=county.approver, amount=to_yuan("200.01"))


def test_no_more_is_recovered_than_was_paid(county, commitment, paid):
    with pytest.raises(Refused, match="本事项已拨付未收回的金额为 200.00 元，不足 200.01 元。"):
        ledger.recover(
            commitment, by=county.cashier, amount=to_yuan("200.01"), occurred_on=clock.today()
        )


def test_only_a_cashier_books_a_receipt_or_the_banks_balance(county):
    for name, person in county.everybody():
        if "cashier" in person.duties and person.is_active:
            continue
        with pytest.raises(NotPermitted, match="只有财务人员可以记账。"):
            ledger.receive(
                county.fund,
                by=person,
                amount=to_yuan("1"),
                source=Source.OTHER,
                occurred_on=clock.today(),
                counterparty="某",
                reference="",
            )
        with pytest.raises(NotPermitted):
            ledger.note_bank_balance(county.fund, by=person, on=clock.today(), balance=to_yuan("1"))
        with pytest.raises(NotPermitted):
            ledger.reverse_receipt(Entry.objects.get(), by=person, reason=f"{name}")
    assert Entry.objects.count() == 1
    assert not BankBalance.objects.exists()


def test_a_receipt_sent_twice_is_booked_once(county):
    key = uuid.uuid4()
    arguments = {
        "by": county.cashier,
        "amount": to_yuan("5"),
        "source": Source.OTHER,
        "occurred_on": clock.today(),
        "counterparty": "某",
        "reference": "",
        "request_key": key,
    }
    first = ledger.receive(county.fund, **arguments)
    assert ledger.receive(county.fund, **arguments) == first
    assert held(county.fund) == (10005, 10005)


def test_one_paper_is_booked_once_whoever_books_it(county):
    paper = {
        "amount": to_yuan("5"),
        "source": Source.OTHER,
        "occurred_on": clock.today(),
        "counterparty": "某",
        "reference": "SJ-7",
    }
    first = ledger.receive(county.fund, by=county.cashier, **paper)
    with pytest.raises(Refused, match=f"已登记为 {first.voucher_number}（5.00 元）") as refusal:
        ledger.receive(county.fund, by=county.allrounder, **paper | {"amount": to_yuan("6")})
    assert refusal.value.field == "reference"
    ledger.reverse_receipt(first, by=county.cashier, reason="记错。")
    assert ledger.receive(county.fund, by=county.cashier, **paper).number == first.number + 2


def test_a_future_bank_balance_is_refused(county):
    with pytest.raises(Refused, match="日期不能晚于今天。"):
        ledger.note_bank_balance(
            county.fund, by=county.cashier, on=days_ago(-1), balance=to_yuan("1")
        )
    kept = ledger.note_bank_balance(
        county.fund, by=county.cashier, on=clock.today(), balance=to_yuan("9999.99"), note="少一分"
    )
    assert BankBalance.objects.get() == kept


# --- Reversals ----------------------------------------------------------------------------------


def test_a_reversal_is_the_exact_opposite_names_its_entry_and_comes_once(county, paid):
    payment = paid[2]
    opposite = ledger.reverse(payment, by=county.cashier, reason="金额写错")
    assert (opposite.available, opposite.cash) == (-payment.available, -payment.cash)
    assert opposite.reverses == payment
    assert opposite.memo == f"冲销 {payment.voucher_number}：金额写错"
    with pytest.raises(Refused, match="该分录已经冲销过，不能再次冲销。") as refusal:
        ledger.reverse(payment, by=county.cashier, reason="再来")
    assert refusal.value.stale


def test_reservations_releases_and_reversals_are_not_reversed(county, commitment, paid):
    released = ledger.release(commitment, by=county.approver, amount=to_yuan("50"))
    opposite = ledger.reverse(paid[2], by=county.cashier, reason="记错")
    for entry in (paid[0], released, opposite):
        with pytest.raises(Refused, match="只有入账、拨付和收回可以冲销。"):
            ledger.reverse(entry, by=county.cashier, reason="记错")


def test_a_receipt_whose_money_is_reserved_is_not_reversed(county, commitment):
    receipt = Entry.objects.get()
    ledger.reserve(commitment, by=county.approver, amount=to_yuan("1"))
    with pytest.raises(Refused, match="账户可用余额 9,999.00 元，不足 10,000.00 元"):
        ledger.reverse_receipt(receipt, by=county.cashier, reason="退回")
    ledger.release(commitment, by=county.approver, amount=to_yuan("1"))
    ledger.reverse_receipt(receipt, by=county.cashier, reason="退回")
    assert held(county.fund) == (0, 0)


def test_a_payment_is_not_reversed_while_the_unit_has_given_part_of_it_back(county, paid):
    with pytest.raises(Refused, match="本事项已拨付未收回的金额为 200.00 元，不足 300.00 元。"):
        ledger.reverse(paid[1], by=county.cashier, reason="记错")
    ledger.reverse(paid[2], by=county.cashier, reason="记错")
    ledger.reverse(paid[1], by=county.cashier, reason="记错")
    assert held(county.fund) == (9500, 10000)


def test_payments_and_recoveries_are_reversed_in_their_matter_only(county, paid):
    for entry in paid[1:]:
        with pytest.raises(Refused, match="拨付和收回请在所属事项中冲销。"):
            ledger.reverse_receipt(entry, by=county.cashier, reason="记错")


# --- The database itself -------------------------------------------------------------------------


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
