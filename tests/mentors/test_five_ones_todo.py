"""What waits in the mentors room: the same as the transitions say, and the reminders of a week."""

import datetime as dt
import uuid

import pytest

from accounts.models import User
from accounts.todo import items_for
from mentors import todo
from mentors.actions import records, visits
from mentors.models import Difficulty, Document, ExcusedWeek, Visit
from mentors.weeks import WeekState
from pilotwork import clock
from pilotwork.files import Accepted
from tests.factories import PilotProgrammeFactory, PilotUnitFactory, days_ago
from tests.mentors.five_ones import assign, day, excuse, living_on, make_unit, visit, week
from units.actions import end_programme
from units.models import WorkingDayOverride

PAPER = Accepted("方案.pdf", "application/pdf", b"%PDF-1.7")


def waiting_by_transition():
    """{(verb, matter): names} of the main verbs as each matter itself grants them."""
    found = {}
    for model in (Visit, ExcusedWeek, Difficulty, Document):
        for matter in model.objects.all():
            if matter.main_verb:
                found[matter.main_verb, matter] = {
                    p.username for p in matter.who_can(matter.main_verb)
                }
    return found


def waiting_by_list():
    """The same as the list gives it to everybody who can sign in."""
    found = {}
    for person in User.objects.filter(is_active=True):
        for item in items_for(todo.KINDS, person):
            if item.verb:
                found.setdefault((item.verb, item.matter), set()).add(person.username)
    return found


def test_the_list_gives_each_matter_to_exactly_those_whom_its_transition_lets(county):
    unit, mentor = county.unit, county.mentor
    visits.record_visit(
        unit,
        by=county.other_mentor,
        key=uuid.uuid4(),
        visited_on=days_ago(17),
        progress="看了林地。",
    )
    visits.ask_excuse(unit, by=mentor, week=clock.today(), reason="防汛。")
    records.raise_difficulty(unit, by=county.member, description="缺苗。")
    solved = records.raise_difficulty(unit, by=county.member, description="缺水。")
    records.solve_difficulty(solved, by=mentor, opinion="打井。", on=clock.today())
    records.upload_document(unit, by=county.member, kind="plan", upload=PAPER)
    summary = records.upload_document(unit, by=county.member, kind="summary", upload=PAPER)
    records.send_back_document(summary, by=county.reviewer, opinion="太短。")
    expected = waiting_by_transition()
    assert len(expected) == 6
    # The mentor may upload too; the unit is who is asked.
    expected["upload", summary] -= {"mentor"}
    assert waiting_by_list() == expected


# --- Reminders --------------------------------------------------------------------------------


def reminded(unit):
    """Whether the unit's mentor is reminded of this week's visit today."""
    mentor = unit.mentor_assignments.order_by("-starts_on").first().mentor
    return unit in todo.units_to_visit(mentor)


@pytest.mark.parametrize(
    ("number", "is_reminded"), [(16, False), (17, False), (18, True), (20, True), (22, True)]
)
def test_a_unit_without_a_visit_this_week_is_remembered_from_wednesday_on(db, number, is_reminded):
    unit = make_unit()
    mentor = assign(unit, day(1, 1)).mentor
    with living_on(day(11, number)):
        found = items_for(todo.KINDS, mentor)
        assert [(item.title, item.since) for item in found] == (
            [(str(unit), day(11, 16))] if is_reminded else []
        )
        if is_reminded:
            assert found[0].action_url == f"/mentors/units/{unit.pk}/visits/new/"


def test_a_reminder_names_the_programme_of_an_organisation_that_is_in_several(db):
    unit = make_unit()
    again = PilotUnitFactory(
        organisation=unit.organisation, programme=PilotProgrammeFactory(starts_on=day(10, 1))
    )
    mentor = assign(unit, day(1, 1)).mentor
    assign(again, day(10, 1), mentor=mentor)
    with living_on(day(11, 18)):
        details = {item.detail for item in items_for(todo.KINDS, mentor)}
    assert details == {f"本周还没有实地走访 · {one.programme}" for one in (unit, again)}


def situations():
    """(name, starts, ends, assignment's first and last day, what else lies there, today)."""
    wednesday = day(11, 18)
    whole = (day(1, 1), day(12, 31))
    since = (day(1, 1), None)
    return {
        "due": (*whole, *since, None, wednesday),
        "visited": (*whole, *since, lambda u: visit(u, day(11, 17)), wednesday),
        "by_telephone": (*whole, *since, lambda u: visit(u, day(11, 17), mode="remote"), wednesday),
        "excused": (*whole, *since, lambda u: excuse(u, wednesday), wednesday),
        "asked": (*whole, *since, lambda u: excuse(u, wednesday, state="asked"), wednesday),
        "last_week": (*whole, *since, lambda u: visit(u, day(11, 13)), wednesday),
        "begins_wednesday": (day(11, 18), day(12, 31), day(11, 18), None, None, wednesday),
        "begins_thursday": (day(11, 19), day(12, 31), day(11, 19), None, None, day(11, 20)),
        "ends_wednesday": (day(1, 1), day(11, 18), *since, None, wednesday),
        "ends_tuesday": (day(1, 1), day(11, 17), *since, None, day(11, 17)),
        "new_mentor": (*whole, day(11, 18), None, None, wednesday),
        "spring_festival": (*whole, *since, None, day(2, 18)),
        "national_day": (*whole, *since, None, day(10, 8)),
        "corrected": (
            *whole,
            *since,
            lambda u: [
                WorkingDayOverride.objects.create(day=day(11, n), is_workday=False)
                for n in (16, 17, 20)
            ],
            wednesday,
        ),
        "made_to_work": (
            *whole,
            *since,
            lambda u: [
                WorkingDayOverride.objects.create(day=day(2, n), is_workday=True)
                for n in (16, 17, 18)
            ],
            day(2, 18),
        ),
    }


@pytest.mark.parametrize("name", situations())
def test_the_reminder_agrees_with_the_one_function_that_decides_a_week(db, name):
    starts_on, ends_on, first, last, besides, today = situations()[name]
    unit = make_unit(starts_on, ends_on)
    assign(unit, first, last)
    with living_on(today):
        if besides:
            besides(unit)
        is_pending = week(unit, today, today).state == WeekState.PENDING
        assert reminded(unit) == (is_pending and today.weekday() >= 2)


def test_a_visit_ends_the_reminder(db):
    unit = make_unit()
    mentor = assign(unit, day(1, 1)).mentor
    with living_on(day(11, 18)):
        assert reminded(unit)
        visits.record_visit(
            unit, by=mentor, key=uuid.uuid4(), visited_on=clock.today(), progress="看了。"
        )
        assert not reminded(unit)


@pytest.mark.parametrize(("left", "is_reminded"), [(31, False), (30, True), (0, True), (-5, True)])
def test_the_summary_report_is_asked_for_in_the_last_thirty_days_and_after(
    county, left, is_reminded
):
    county.programme.ends_on = clock.today() + dt.timedelta(days=left)
    county.programme.save()
    for person in (county.member, county.mentor):
        states = [item.state for item in items_for(todo.KINDS, person)]
        assert ("缺总结报告" in states) == is_reminded
    assert "缺总结报告" not in [
        i.state for i in items_for(todo.KINDS, county.neighbour) if i.matter == county.unit
    ]
    records.upload_document(county.unit, by=county.member, kind="summary", upload=PAPER)
    for person in (county.member, county.mentor):
        assert "缺总结报告" not in [item.state for item in items_for(todo.KINDS, person)]


def test_a_pilot_ended_early_asks_for_the_summary_report_from_that_day_on(county):
    end_programme(county.programme, by=county.administrator, opinion="提前结束。")
    assert [item.state for item in items_for(todo.KINDS, county.member)] == [
        "缺实施方案",
        "缺总结报告",
    ]


def test_a_pilot_ended_before_its_first_day_asks_for_nothing(county):
    programme = PilotProgrammeFactory(starts_on=days_ago(-30), ends_on=days_ago(-300))
    PilotUnitFactory(programme=programme, organisation=county.unit.organisation)
    before = [item.state for item in items_for(todo.KINDS, county.member)]
    end_programme(programme, by=county.administrator, opinion="开错了。")
    assert [item.state for item in items_for(todo.KINDS, county.member)] == before
