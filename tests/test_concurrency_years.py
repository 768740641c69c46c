"""Races over 结转 and archiving, in the style of `tests.test_concurrency`, on both databases."""

import threading
import uuid

import pytest

from funds.actions import carry_over as verbs
from funds.actions import ledger
from funds.models import CarryOver, Entry
from funds.verify import differences
from mentors.actions.visits import record_visit
from mentors.models import Mode, Visit
from pilotwork import clock
from pilotwork.money import ZERO, to_yuan
from reports.programmes import archiving
from reports.programmes.archiving import archive_programme
from reports.programmes.opening import open_programme
from tests.factories import FundAccountFactory, PilotProgrammeFactory, days_ago
from tests.journeys import bring, pay
from tests.mentors.five_ones import guided_unit
from tests.people import FUND, County, receive
from tests.test_concurrency import PATIENCE, all_at_once, refusals, winners
from units.actions import end_programme, leave, unarchive_programme
from units.models import PilotProgramme, PilotUnit, UnitState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(transactional_db):
    return County()


def chain_of(county):
    """(an ended programme, the next, the one after): the first two have FUND and are ended."""
    first, second, third = (
        county.programme,
        *(PilotProgrammeFactory(starts_on=days_ago(begun)) for begun in (20, 10)),
    )
    for programme in (second, third):
        FundAccountFactory(programme=programme)
    receive(county, FUND, second.fund_account)
    for programme in (first, second):
        end_programme(programme, by=county.administrator, opinion="到期。")
    return first, second, third


def decide(county, programme, to_programme, amount=FUND):
    return verbs.decide_carry_over(
        PilotProgramme.objects.get(pk=programme.pk),
        by=county.approver,
        to_programme=to_programme,
        amount=amount,
        opinion="转入。",
    )


def book(county, carry_over, key=None):
    return verbs.book_carry_over(
        carry_over, by=county.cashier, occurred_on=clock.today(), request_key=key
    )


def in_between(monkeypatch, module, name, meanwhile):
    """`meanwhile`, to be run at once with what calls `module.name`: it begins when that has returned
    and the caller still stands there, for a second or until `meanwhile` is done."""
    original, reached, done = getattr(module, name), threading.Event(), threading.Event()

    def slow(*args):
        found = original(*args)
        reached.set()
        done.wait(1)
        return found

    def late():
        assert reached.wait(PATIENCE)
        try:
            return meanwhile()
        finally:
            done.set()

    monkeypatch.setattr(module, name, slow)
    return late


def available(programme):
    return programme.fund_account.balances.available


def test_of_two_decisions_at_once_one_holds(county):
    first, second, _ = chain_of(county)
    results = all_at_once(*[lambda: decide(county, first, second)] * 6)
    assert (len(winners(results)), len(refusals(results))) == (1, 5)
    assert CarryOver.objects.count() == 1


def test_a_decision_and_a_payment_in_the_same_instant_do_not_wait_for_each_other(
    county, monkeypatch
):
    """The payment holds the fund's row and asks for the programme's; the decision needs both."""
    application = bring(county, "approved")
    later = PilotProgrammeFactory(starts_on=days_ago(10))
    FundAccountFactory(programme=later)
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    paying = in_between(monkeypatch, verbs, "lock", lambda: pay(county, application, "500"))
    results = all_at_once(lambda: decide(county, county.programme, later, to_yuan("1")), paying)
    assert refusals(results) == []


def test_no_money_is_sent_to_a_programme_that_is_archived_in_the_same_instant(county, monkeypatch):
    """Archiving has looked at what is still open when the decision is made."""
    later = PilotProgrammeFactory(starts_on=days_ago(10))
    FundAccountFactory(programme=later)
    for programme in (county.programme, later):
        end_programme(programme, by=county.administrator, opinion="到期。")

    deciding = in_between(
        monkeypatch,
        archiving,
        "open_matters",
        lambda: decide(county, county.programme, later),
    )
    archived, refused = all_at_once(
        lambda: archive_programme(later, by=county.administrator), deciding
    )
    assert archived.state == "archived"
    assert refusals([refused]) == [refused]
    assert "归档" in refused.message
    assert not CarryOver.objects.exists()


def test_one_form_sent_many_times_at_once_carries_over_once(county):
    first, second, _ = chain_of(county)
    carry_over, key = decide(county, first, second), uuid.uuid4()
    results = all_at_once(*[lambda: book(county, carry_over, key)] * 6)
    assert len({entry.pk for entry in results}) == 1
    assert (available(first), available(second)) == (ZERO, 2 * FUND)
    assert list(differences()) == []


def test_of_two_bookings_of_one_decision_one_holds(county):
    first, second, _ = chain_of(county)
    carry_over = decide(county, first, second)
    results = all_at_once(*[lambda: book(county, carry_over)] * 6)
    assert (len(winners(results)), len(refusals(results))) == (1, 5)
    assert available(first) == ZERO


def test_money_carried_along_a_chain_at_the_same_moment_neither_waits_for_ever_nor_is_lost(
    county, race_rounds
):
    """One booking pays into the fund that the other pays out of, and receipts come in meanwhile."""
    first, second, third = chain_of(county)
    one = to_yuan("1")
    for _ in range(min(race_rounds, 10)):
        moves = decide(county, first, second, one), decide(county, second, third, one)
        results = all_at_once(
            *(lambda move=move: book(county, move) for move in moves),
            *(
                lambda fund=fund: receive(county, one, fund)
                for fund in (second.fund_account, third.fund_account)
            ),
        )
        assert refusals(results) == []
    assert list(differences()) == []
    outside = 2 * FUND + 2 * one * min(race_rounds, 10)
    assert sum(available(programme) for programme in (first, second, third)) == outside


def test_nothing_is_booked_after_the_archive_that_came_in_between(county):
    first, second, _ = chain_of(county)
    book(county, decide(county, first, second))
    fund, entries = first.fund_account, Entry.objects.filter(account__programme=first)
    results = all_at_once(
        lambda: archive_programme(first, by=county.administrator),
        *[lambda: receive(county, "1", fund)] * 4,
    )
    archived = PilotProgramme.objects.get(pk=first.pk).state == "archived"
    booked = entries.filter(kind="receipt").count() - 1
    # Either it was archived with nothing left, or money came in first and it was not.
    assert archived == (booked == 0)
    assert len(winners(results)) == (1 if archived else 4)
    with pytest.raises(Exception, match="已归档|大于零"):
        ledger.receive(
            fund,
            by=county.cashier,
            amount=ZERO if not archived else to_yuan("1"),
            source="other",
            occurred_on=clock.today(),
            counterparty="企业",
            reference="再来",
        )


def test_one_form_sent_many_times_at_once_opens_one_programme(county):
    key = uuid.uuid4()
    results = all_at_once(
        *[
            lambda: open_programme(
                by=county.administrator,
                name="下一次试点",
                year=2030,
                starts_on=days_ago(-30),
                ends_on=days_ago(-300),
                request_key=key,
            )
        ]
        * 4
    )
    assert len({programme.pk for programme in results}) == 1
    assert PilotProgramme.objects.count() == 2


def test_nothing_is_left_open_in_a_programme_that_is_archived_in_the_same_instant(
    county, race_rounds
):
    """A late visit waits for the reviewer: archiving sees it, or the visit sees the archive."""
    unit = guided_unit(days_ago(60), days_ago(-60))
    mentor = unit.mentor_assignments.get().mentor
    end_programme(unit.programme, by=county.administrator, opinion="到期。")
    for _ in range(min(race_rounds, 10)):
        results = all_at_once(
            lambda: archive_programme(unit.programme, by=county.administrator),
            *(
                lambda day=day: record_visit(
                    unit,
                    by=mentor,
                    visited_on=days_ago(day),
                    mode=Mode.ON_SITE,
                    progress="看了林地。",
                    key=uuid.uuid4(),
                )
                for day in (31, 32, 33)
            ),
        )
        archived = PilotProgramme.objects.get(pk=unit.programme_id).state == "archived"
        assert archived == (not Visit.objects.exists())
        assert len(winners(results)) == (1 if archived else 3)
        Visit.objects.all().delete()
        if archived:
            unarchive_programme(unit.programme, by=county.approver, opinion="再来一次。")


def test_no_verb_ends_in_a_programme_that_was_archived_while_it_began(county, monkeypatch):
    """The look at what is still open was over, and the verb had found the programme open."""
    unit = guided_unit(days_ago(60), days_ago(-60))
    end_programme(unit.programme, by=county.administrator, opinion="到期。")
    leaving = in_between(
        monkeypatch,
        archiving,
        "open_matters",
        lambda: leave(unit, by=county.administrator, last_day=clock.today(), opinion="退出。"),
    )
    archived, refused = all_at_once(
        lambda: archive_programme(unit.programme, by=county.administrator), leaving
    )
    assert archived.state == "archived"
    assert refusals([refused]) == [refused]
    assert refused.message == PilotUnit.objects.get(pk=unit.pk).sealed
    assert PilotUnit.objects.get(pk=unit.pk).state == UnitState.ACTIVE
