"""Three programmes one after another: no figure of one ever changes for what happens in another.

Each is lived through by the verbs people use, on its own days; the third opens while the second still
runs. What is left of each fund goes on to the next, and the money adds up over the whole chain.
"""

import uuid

import pytest

from accounts.matters import NotPermitted
from accounts.todo import items_for
from funds.actions.carry_over import book_carry_over, decide_carry_over
from funds.models import Source
from funds.overview import figures_of
from funds.verify import differences
from mentors.actions import records, register_activity
from mentors.actions.visits import record_visit
from mentors.five_ones import matrix
from mentors.models import MentorAssignment
from mentors.pages import with_organisation
from pairings.actions import pair
from pairings.models import Pairing
from pilotwork import clock
from pilotwork.files import PDF, Accepted
from pilotwork.money import ZERO, to_yuan
from pilotwork.refusals import Refused
from reports.figures import measure
from reports.programmes.archiving import archive_programme
from reports.programmes.opening import Continuing, open_programme
from reports.todo import KINDS
from reports.trends import month_lines, week_lines
from tests import journeys
from tests.factories import days_ago
from tests.funds import dues
from tests.mentors.five_ones import day, living_on
from tests.pairings import together
from tests.people import FUND, County, receive
from units.actions import end_programme, unarchive_programme
from units.models import PilotProgramme, PilotUnit

PAPER = Accepted("总结.pdf", PDF, b"%PDF-1.7")
SPENT = to_yuan("200")  # by the one project of each year: 300 paid, 100 came back


class Years:
    """The county over the years; `now` is what the present programme's people work on."""

    def __init__(self):
        with living_on(day(1, 10)):
            self.county = County()
            self.county.pairing = pair(
                self.county.unit,
                self.county.office,
                by=self.county.administrator,
                starts_on=days_ago(9),
            )
        self.alone = {}

    def work(self, on):
        """What a unit, its mentor and the county do in a programme; all of it on one day."""
        county = self.county
        with living_on(on):
            journeys.bring(county, "closed")
            record_visit(
                county.unit, by=county.mentor, key=uuid.uuid4(), visited_on=on, progress="看了。"
            )
            raised = records.raise_difficulty(county.unit, by=county.member, description="缺场地")
            records.solve_difficulty(raised, by=county.mentor, opinion="借到。", on=on)
            records.confirm_difficulty(raised, by=county.member)
            # What nobody brought to an end: a difficulty, a plan that was sent back.
            records.raise_difficulty(county.unit, by=county.member, description="缺老师")
            plan = records.upload_document(county.unit, by=county.member, kind="plan", upload=PAPER)
            records.send_back_document(plan, by=county.reviewer, opinion="请补充。")
            records.note_research(county.unit, by=county.mentor, summary="流动。", on=on)
            register_activity(county.unit, by=county.member, name="课堂")
            records.coordinate(
                county.unit, by=county.mentor, source="镇", amount=SPENT, on=on, received_on=on
            )
            together.bring(county, county.pairing, together.Seminar, "confirmed")
            together.bring(county, county.pairing, together.Agreement, "confirmed")
            if on.year not in {record.year for record in dues.DuesRecord.objects.all()}:
                dues.refund(county, dues.due(county, year=on.year))

    def open_next(self, on, starts_on, ends_on, name):
        """Open the next programme on a day, with all units, mentors and partners, and its money."""
        county, before = self.county, self.county.programme
        with living_on(on):
            opened = open_programme(
                by=county.administrator,
                name=name,
                year=starts_on.year,
                starts_on=starts_on,
                ends_on=ends_on,
                like=before,
                planned={Source.DONATION: FUND},
                continuing=[Continuing(unit) for unit in before.units.all()],
                request_key=uuid.uuid4(),
            )
            county.programme, county.fund = opened, opened.fund_account
            county.unit = opened.units.get(organisation=county.branch)
            county.pairing = Pairing.objects.get(pilot_unit=county.unit)
            receive(county, FUND)
        return opened

    def end(self, programme, on):
        with living_on(on):
            ended = end_programme(programme, by=self.county.administrator, opinion="到期。")
            self.alone[ended] = (on, self.told(ended, on))
        return ended

    def carry_over(self, programme, to_programme, on):
        """All that is left goes on, or is kept without a next programme."""
        with living_on(on):
            left = programme.fund_account.balances.available
            decided = decide_carry_over(
                programme,
                by=self.county.approver,
                to_programme=to_programme,
                amount=left,
                opinion="依规办理。",
            )
            if to_programme:
                book_carry_over(decided, by=self.county.cashier, occurred_on=on)

    def archive(self, programme, on):
        with living_on(on):
            return archive_programme(programme, by=self.county.administrator)

    def told(self, programme, on):
        """Everything that pages and the report say of a programme at the end of the day `on`."""
        programme = PilotProgramme.objects.select_related("fund_account").get(pk=programme.pk)
        units = with_organisation(PilotUnit.objects.filter(programme=programme))
        rows = matrix(units.select_related("programme").order_by("pk"))
        figures = measure(programme, on)
        paid = sum((month.paid for month in month_lines(programme)), ZERO)
        return {
            "figures": figures,
            "cells": [row.cells for row in rows],
            "weeks": week_lines(programme),
            "paid": paid,
        }

    def unchanged(self):
        """Whether each ended programme is still told of as when it ended, whatever came since."""
        for programme, (on, told) in self.alone.items():
            assert self.told(programme, on) == told, programme


@pytest.mark.long
@pytest.mark.django_db
def test_no_figure_of_a_programme_changes_with_the_next_ones():
    years = Years()
    first = years.county.programme
    years.work(day(3, 16))
    years.end(first, day(11, 2))
    second = years.open_next(day(12, 20), day(1, 1, 2027), day(11, 30, 2027), "第二次试点")
    with living_on(day(12, 21)):
        years.unchanged()
        assert measure(second, day(12, 21))["visits"] == 0
    years.carry_over(first, second, day(12, 22))
    years.work(day(3, 15, 2027))
    with living_on(day(3, 16, 2027)):
        years.unchanged()
    years.archive(first, day(3, 17, 2027))
    third = years.open_next(day(10, 29, 2027), day(11, 1, 2027), day(10, 31, 2028), "第三次试点")
    years.work(day(11, 15, 2027))
    years.end(second, day(11, 30, 2027))
    years.carry_over(second, third, day(12, 1, 2027))
    years.archive(second, day(12, 2, 2027))
    years.end(third, day(10, 31, 2028))
    years.carry_over(third, None, day(11, 1, 2028))
    years.archive(third, day(11, 2, 2028))
    with living_on(day(11, 3, 2028)):
        years.unchanged()
        assert list(differences()) == []
        came_to_one_sum([first, second, third])
        nobody_is_asked_for_anything(years.county)
        for programme, (_, told) in years.alone.items():
            figures = told["figures"]
            ones = ("visits", "seminars", "agreements", "difficulties_solved", "applications")
            assert [figures[key] for key in ones] == [1] * 5, programme
            assert (figures["units"], figures["mentors"], figures["pairs"]) == (2, 2, 1)
            assert told["paid"] == SPENT


def nobody_is_asked_for_anything(county):
    """What an archived programme left undone waits for nobody."""
    for name, person in county.everybody():
        waits = items_for(KINDS, person)
        assert [item.title for item in waits] == [], name


def came_to_one_sum(programmes):
    """Each fund had what came in, less what its project cost; what is left went on, to the last one."""
    figures = figures_of([one.fund_account for one in programmes])
    for one in figures:
        assert one.paid == SPENT
    left = FUND - SPENT
    assert [one.carried_out for one in figures] == [left, 2 * left, ZERO]
    assert [one.cash for one in figures] == [ZERO, ZERO, 3 * left]
    # From outside came three times FUND: what is carried over is not counted again.
    assert [one.received for one in figures] == [FUND, FUND + left, FUND + 2 * left]


# --- Opening and archiving -----------------------------------------------------------------------


def opened_by(county, **changed):
    arguments = {
        "by": county.administrator,
        "name": "下一次试点",
        "year": clock.today().year + 1,
        "starts_on": days_ago(-40),
        "ends_on": days_ago(-300),
        "like": county.programme,
        "continuing": [Continuing(county.unit), Continuing(county.other_unit, with_mentor=False)],
    }
    return open_programme(**arguments | changed)


@pytest.mark.django_db
def test_a_new_programme_takes_over_settings_units_mentors_and_partners(county):
    pair(county.unit, county.office, by=county.administrator, starts_on=clock.today())
    county.programme.closure_grace_days = 45
    county.programme.save()
    programme = opened_by(county, planned={Source.WORKING: to_yuan("3000"), Source.DONATION: ZERO})
    assert (programme.closure_grace_days, programme.state) == (45, "active")
    assert [unit.organisation for unit in programme.units.order_by("pk")] == [
        county.branch,
        county.other,
    ]
    assert {unit.joined_on for unit in programme.units.all()} == {programme.starts_on}
    (guiding,) = MentorAssignment.objects.filter(pilot_unit__programme=programme)
    assert (guiding.mentor, guiding.starts_on) == (county.mentor, programme.starts_on)
    (paired,) = Pairing.objects.filter(programme=programme)
    assert (paired.partner, paired.starts_on) == (county.office, programme.starts_on)
    (plan,) = programme.fund_account.planned_receipts.all()
    assert (plan.source, plan.amount) == (Source.WORKING, to_yuan("3000"))
    assert programme.fund_account.code != county.fund.code
    # The old ones stay as they were.
    assert county.unit.mentor_assignments.filter(ends_on=None).get().mentor == county.mentor
    assert county.unit.pairings.get().ends_on is None
    assert list(differences()) == []


@pytest.mark.django_db
def test_one_partner_has_one_unit_in_a_programme(county):
    pair(county.unit, county.office, by=county.administrator, starts_on=clock.today())
    with pytest.raises(Refused, match="已与"):
        pair(county.other_unit, county.office, by=county.administrator, starts_on=clock.today())


@pytest.mark.django_db
def test_a_form_sent_twice_opens_one_programme(county):
    key = uuid.uuid4()
    assert opened_by(county, request_key=key) == opened_by(county, request_key=key)
    assert PilotProgramme.objects.count() == 2


@pytest.mark.django_db
def test_a_programme_opens_whole_or_not_at_all(county):
    twice = [Continuing(county.unit), Continuing(county.unit)]
    with pytest.raises(Exception, match="(?i)unique"):
        opened_by(county, continuing=twice)
    assert PilotProgramme.objects.get() == county.programme


@pytest.mark.django_db
def test_only_the_administrator_opens_and_archives(county):
    with pytest.raises(NotPermitted):
        opened_by(county, by=county.approver)
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    with pytest.raises(NotPermitted):
        archive_programme(county.programme, by=county.approver)


@pytest.mark.django_db
def test_what_is_open_keeps_a_programme_from_being_archived(county):
    application = journeys.bring(county, "partly_paid")
    with pytest.raises(Refused, match="“进行中”"):
        archive_programme(county.programme, by=county.administrator)
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    with pytest.raises(Refused, match="占用 500.00 元"):
        archive_programme(county.programme, by=county.administrator)
    application = journeys.go_on(county, application, "terminate")
    with pytest.raises(Refused, match="结余 9,700.00 元"):
        archive_programme(county.programme, by=county.administrator)
    decide_carry_over(
        county.programme,
        by=county.approver,
        to_programme=None,
        amount=to_yuan("9700"),
        opinion="没有下一次。",
    )
    with pytest.raises(Refused, match="结余没有收回 1 项"):
        archive_programme(county.programme, by=county.administrator)
    journeys.go_on(county, application, "recover_rest")
    with pytest.raises(Refused, match="决定留存 9,700.00 元，基金现有可用 9,800.00 元"):
        archive_programme(county.programme, by=county.administrator)


@pytest.mark.django_db
def test_in_an_ended_programme_documents_closures_and_recoveries_go_on(county):
    application = journeys.bring(county, "closing")
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    journeys.go_on(county, application, "review_closure", "recover_rest", "close")
    assert records.upload_document(county.unit, by=county.member, kind="summary", upload=PAPER)
    with pytest.raises(Refused, match="已结束"):
        journeys.go_on(county, journeys.draft(county), "submit")


@pytest.mark.django_db
def test_the_approver_may_open_an_archive_again(county):
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    decide_carry_over(
        county.programme, by=county.approver, to_programme=None, amount=FUND, opinion="留存。"
    )
    archived = archive_programme(county.programme, by=county.administrator)
    last_day = archived.last_day
    with pytest.raises(NotPermitted):
        unarchive_programme(archived, by=county.administrator, opinion="再看看。")
    again = unarchive_programme(archived, by=county.approver, opinion="漏了一笔。")
    assert (again.state, again.last_day) == ("ended", last_day)
