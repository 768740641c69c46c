"""The ledger: what its verbs refuse, and what the database refuses whoever asks it."""

import datetime as dt
import uuid

import pytest

from accounts.matters import NotPermitted
from funds.actions import ledger
from funds.models import BankBalance, Commitment, Entry, FundAccount, Source
from funds.models.ledger import AccountKind, CommitmentKind
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.factories import days_ago
from tests.funds.books import held
from tests.people import FUND, receive

# --- What each kind does --------------------------------------------------------------------------


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


# --- Refusals -------------------------------------------------------------------------------------


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


def test_money_of_more_than_a_year_before_the_programme_is_a_slip_in_the_year(county):
    def book(days, reference):
        return ledger.receive(
            county.fund,
            by=county.cashier,
            amount=to_yuan("1"),
            source=Source.WORKING,
            occurred_on=county.programme.starts_on - dt.timedelta(days=days),
            counterparty="县财政局",
            reference=reference,
        )

    assert book(365, "早 1").pk
    with pytest.raises(Refused, match="比试点开始早一年以上") as refusal:
        book(366, "早 2")
    assert refusal.value.field == "occurred_on"


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
    with pytest.raises(Refused) as caught:
        ledger.note_bank_balance(
            county.fund, by=county.cashier, on=days_ago(31), balance=to_yuan("1")
        )
    assert "第一笔收支" in caught.value.message
    kept = ledger.note_bank_balance(
        county.fund, by=county.cashier, on=clock.today(), balance=to_yuan("9999.99"), note="少一分"
    )
    assert BankBalance.objects.get() == kept


# --- Reversals ------------------------------------------------------------------------------------


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
