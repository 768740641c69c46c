"""Races: many people act in the same instant, and the books are right whoever wins.

The same tests run on PostgreSQL and on SQLite. A thread that meets anything but a refusal that a
person can read ("database is locked", a deadlock, a broken constraint) fails the test.
"""

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.matters import NotPermitted
from accounts.models import TransitionLog
from funds.actions import applications, dues_refunds
from funds.actions.accounts import county_account
from funds.models import AccountKind, Application, DuesRecord, Entry, EntryKind, State
from funds.verify import differences
from pilotwork import clock
from pilotwork.money import ZERO, to_yuan, yuan
from pilotwork.refusals import Refused
from tests.conftest import SHORT_RACE
from tests.funds import dues
from tests.journeys import (
    OPINION,
    bring,
    draft,
    expense,
    file_closure,
    fresh,
    go_on,
    pay,
)
from tests.people import FUND, County, receive

THREADS = 32
PATIENCE = 120  # seconds until a thread that never comes back fails the test

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(transactional_db):
    return County()


def all_at_once(*calls):
    """Run every call in a thread of its own, all let go together; returns their results in order.

    A refusal is a result; any other exception is raised here.
    """
    start = threading.Barrier(len(calls))

    def run(call):
        try:
            start.wait(PATIENCE)
            return call()
        except (Refused, NotPermitted) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(run, call) for call in calls]
        return [future.result(PATIENCE) for future in futures]


def test_what_goes_wrong_in_a_thread_fails_the_test():
    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        all_at_once(lambda: 1, broken)


def provide_for(county, rounds):
    """Money enough for so many rounds: what is raced for here is not the fund's last yuan."""
    receive(county, str(2000 * rounds))


def refusals(results):
    return [result for result in results if isinstance(result, Exception)]


def winners(results):
    return [result for result in results if not isinstance(result, Exception)]


def check_the_books(county):
    """Entries without gaps, chained, balances as their sum; logs numbered and chained."""
    entries = list(Entry.objects.of_account(county.fund))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    available = cash = ZERO
    previous = ""
    for entry in entries:
        available, cash = available + entry.available, cash + entry.cash
        assert (entry.available_after, entry.cash_after) == (available, cash)
        assert 0 <= available <= cash
        assert entry.digest == entry.computed_digest(previous)
        previous = entry.digest
    for application in Application.objects.all():
        rows = list(TransitionLog.objects.of(application))
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        previous = ""
        for row in rows:
            assert row.digest == row.computed_digest(previous)
            previous = row.digest


def approval(application, by, amount=None):
    """A call that approves what was asked for, or `amount` yuan."""
    return lambda: applications.approve(
        Application(pk=application.pk),
        by=by,
        amount=amount or application.requested_amount,
        opinion=OPINION,
    )


# --- The fund is never overdrawn ------------------------------------------------------------------


def test_thirty_two_approvals_of_three_times_the_money_never_exceed_it(county, race_rounds):
    dice = random.Random(20260504)
    waiting = []
    for _ in range(race_rounds if race_rounds > SHORT_RACE else 2):  # each is many races at once
        while len(waiting) < THREADS:
            asked = FUND * 3 / THREADS + dice.randint(-300, 300)
            waiting.append(bring(county, "reviewed", to_yuan(f"{asked:.2f}")))
        approvers = [county.approver, county.second_approver] * (THREADS // 2)
        results = all_at_once(*map(approval, waiting, approvers))
        left = county.fund.balances.available
        approved, lost = [], []
        for application, result in zip(waiting, results, strict=True):
            asked = application.requested_amount
            state = fresh(application).state
            if isinstance(result, Exception):
                assert isinstance(result, Refused)
                assert result.field == "amount"
                assert result.message.startswith(f"核定金额 {yuan(asked)} 元超过基金可用余额 ")
                assert state == State.REVIEWED
                assert asked > left
                lost.append(application)
            else:
                assert state == State.APPROVED
                approved.append(application)
        total = sum((application.requested_amount for application in approved), ZERO)
        assert total == FUND - left <= FUND
        assert approved
        assert lost
        check_the_books(county)
        for application in approved:
            applications.revoke(application, by=county.approver, opinion=OPINION)
        assert county.fund.balances.available == FUND
        waiting = lost


# --- One matter, two people at once -----------------------------------------------------------------


def test_one_application_approved_twice_at_once_is_approved_once(county, race_rounds):
    provide_for(county, race_rounds)
    for _ in range(race_rounds):
        application = bring(county, "reviewed")
        people = [county.approver, county.second_approver] * 2
        results = all_at_once(*[approval(application, by) for by in people])
        assert len(winners(results)) == 1
        assert all(refusal.stale for refusal in refusals(results))
        reserved = Entry.objects.filter(commitment=fresh(application).commitment_id)
        assert [entry.amount for entry in reserved] == [application.requested_amount]
        check_the_books(county)


def test_approval_against_withdrawal_has_one_winner(county, race_rounds):
    provide_for(county, race_rounds)
    for _ in range(race_rounds):
        application = bring(county, "reviewed")
        approved, withdrawn = all_at_once(
            approval(application, county.approver),
            lambda a=application: applications.withdraw(a, by=county.member),
        )
        loser = withdrawn if fresh(application).state == State.APPROVED else approved
        assert refusals([approved, withdrawn]) == [loser]
        assert loser.stale
        reserved = Entry.objects.filter(commitment__application=application).exists()
        assert reserved == (loser is withdrawn)
        check_the_books(county)


# --- Nobody is paid twice --------------------------------------------------------------------------


def test_one_form_sent_many_times_at_once_pays_once(county, race_rounds):
    provide_for(county, race_rounds)
    for _ in range(race_rounds):
        application, key = bring(county, "approved"), uuid.uuid4()
        results = all_at_once(
            *[lambda a=application, k=key: pay(county, a, "300", request_key=k, seen=3)] * 4
        )
        assert refusals(results) == []
        assert len({entry.pk for entry in results}) == 1
        assert fresh(application).sums.disbursed == 300
        check_the_books(county)


def test_two_forms_at_once_never_pay_more_than_was_approved(county, race_rounds):
    provide_for(county, race_rounds)
    for _ in range(race_rounds):
        application = bring(county, "approved")
        both = [lambda a=application: pay(county, a, "500", request_key=uuid.uuid4())] * 2
        results = all_at_once(*both)
        assert [refusal.message for refusal in refusals(results)] == [
            "本事项尚未拨付的占用为 300.00 元，不足 500.00 元。"
        ]
        assert fresh(application).sums.disbursed == 500
        check_the_books(county)


def test_two_forms_at_once_pay_two_instalments_when_both_fit(county, race_rounds):
    provide_for(county, race_rounds)
    for _ in range(race_rounds):
        application = bring(county, "approved")
        both = [lambda a=application: pay(county, a, "400", request_key=uuid.uuid4())] * 2
        assert refusals(all_at_once(*both)) == []
        assert fresh(application).sums.disbursed == 800
        check_the_books(county)


def test_two_pages_that_show_the_same_moment_pay_once(county, race_rounds):
    provide_for(county, race_rounds)
    for _ in range(race_rounds):
        application = bring(county, "approved")
        seen = application.last_number
        both = [lambda a=application, s=seen: pay(county, a, "400", seen=s)] * 2
        (refusal,) = refusals(all_at_once(*both))
        assert "您打开页面之后" in refusal.message
        assert fresh(application).sums.disbursed == 400


def test_payment_against_revocation_has_one_winner(county, race_rounds):
    provide_for(county, race_rounds)
    for _ in range(race_rounds):
        application = bring(county, "approved")
        paid, revoked = all_at_once(
            lambda a=application: pay(county, a, "300"),
            lambda a=application: applications.revoke(a, by=county.approver, opinion=OPINION),
        )
        after = fresh(application)
        if after.state == State.REVOKED:
            assert refusals([paid, revoked]) == [paid]
            assert (after.sums.disbursed, after.sums.unpaid) == (0, 0)
        else:
            assert refusals([paid, revoked]) == [revoked]
            assert "已有拨付，不能撤销立项" in revoked.message
            assert (after.sums.disbursed, after.sums.unpaid) == (300, 500)
        check_the_books(county)


# --- Numbers and invoices ---------------------------------------------------------------------------


def test_receipts_and_numbers_of_the_same_instant_leave_no_gap(county, race_rounds):
    for done in range(race_rounds):
        drafts = [draft(county) for _ in range(8)]
        submissions = [lambda a=a: applications.submit(a, by=county.member) for a in drafts]
        receipts = [lambda: receive(county, "1")] * 8
        assert refusals(all_at_once(*submissions, *receipts)) == []
        numbers = Application.objects.values_list("number", flat=True).order_by("number")
        year = numbers[0].split("-")[0]
        assert list(numbers) == [f"{year}-{n:03d}" for n in range(1, 8 * (done + 1) + 1)]
        assert Entry.objects.filter(kind=EntryKind.RECEIPT).count() == 1 + 8 * (done + 1)
        check_the_books(county)


def test_one_invoice_claimed_by_two_closures_at_once_is_claimed_once(county, race_rounds):
    provide_for(county, race_rounds)
    for done in range(race_rounds):
        pair = [bring(county, "partly_paid") for _ in range(2)]
        number = f"{done:08d}"
        results = all_at_once(
            *[
                lambda a=a, n=number: file_closure(county, a, expense(a, invoice_number=n))
                for a in pair
            ]
        )
        (refusal,) = refusals(results)
        assert refusal.field == "expenses"
        assert sorted(fresh(a).state for a in pair) == [State.APPROVED, State.CLOSING]
        for application in pair:
            if fresh(application).state == State.CLOSING:
                go_on(county, application, "return_closure")


# --- Dues -------------------------------------------------------------------------------------------


def test_the_same_dues_refunded_by_two_cashiers_at_once_go_back_once(county, race_rounds):
    for _ in range(race_rounds):
        records = [dues.due(county), dues.due(county, unit=county.other_unit)]
        runs = [
            lambda by=by, rows=records: dues_refunds.refund_each(
                [(record, None) for record in rows],
                by=by,
                occurred_on=clock.today(),
                method="银行转账",
                request_key=uuid.uuid4(),
            )
            for by in (county.cashier, county.allrounder) * 2
        ]
        outcomes = [outcome for results in all_at_once(*runs) for outcome in results]
        assert [dues.fresh(record).refunded for record in records] == [dues.PAYABLE] * 2
        assert len({outcome.entry.pk for outcome in outcomes if outcome.entry}) == 2
        assert all("已结清" in outcome.reason for outcome in outcomes if not outcome.entry)
        assert county_account(AccountKind.DUES).balances.cash == 0
        assert list(differences()) == []
        make_room(records)


def test_one_receipt_number_given_to_two_units_at_once_stands_once(county, race_rounds):
    for done in range(race_rounds):
        records = [dues.begin(county), dues.begin(county, unit=county.other_unit)]
        number = f"TF-{done}"
        results = all_at_once(
            *[lambda r=r, n=number: dues.collect(county, r, "100", n) for r in records]
        )
        (refusal,) = refusals(results)
        assert refusal.field == "receipt_number"
        assert sorted(dues.fresh(record).paid for record in records) == [0, 100]
        make_room(records)


def test_uses_logged_at_once_never_exceed_what_was_given_back(county, race_rounds):
    for _ in range(race_rounds):
        record = dues.refunded(county)
        results = all_at_once(*[lambda r=record: dues.use(county, r, "500")] * 3)
        assert len(winners(results)) == 1
        assert dues.fresh(record).used == 500
        make_room([record])


def make_room(records):
    """Move records to years of their own, so that this year's can be recorded anew."""
    for record in records:
        DuesRecord.objects.filter(pk=record.pk).update(year=record.year - record.pk % 1000 - 1)
