"""The matrix unit × five ones, against a slow, obvious recomputation from plain rows."""

import datetime as dt
import uuid
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentors import five_ones
from mentors.five_ones import CellState
from mentors.models import (
    Coordination,
    Difficulty,
    Document,
    ExcusedWeek,
    MentorAssignment,
    Research,
    SignatureActivity,
    Visit,
)
from mentors.weeks import WeekState
from pilotwork.money import to_yuan
from pilotwork.workdays import is_workday, week_of
from tests.factories import (
    MentorAssignmentFactory,
    PilotProgrammeFactory,
    PilotUnitFactory,
    UserFactory,
)
from tests.mentors.five_ones import day, excuse, guided_unit, visit
from units.models import PilotUnit, WorkingDayOverride

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
BEGIN, END = day(9, 10), day(10, 20)
TODAY = day(10, 15)


# --- Slow and obvious -------------------------------------------------------------------------


def days_from(first, last):
    """Every day from `first` to `last`, both counted."""
    found = []
    while first <= last:
        found.append(first)
        first += DAY
    return found


def slow_weeks(unit, today):
    """{Monday: (state, days visited, charged mentor or None)}, gone through day by day."""
    programme = unit.programme
    overrides = {o.day: o.is_workday for o in WorkingDayOverride.objects.all()}
    weeks = {}
    for on in days_from(programme.starts_on, min(programme.ends_on, today)):
        weeks[week_of(on)] = None
    for monday in weeks:
        worked, in_force, of_mentor = 0, 0, Counter()
        latest = {}
        for on in days_from(monday, monday + 6 * DAY):
            if not is_workday(on, overrides):
                continue
            worked += 1
            if on < programme.starts_on or on > programme.ends_on or on < unit.joined_on:
                continue
            for row in MentorAssignment.objects.filter(pilot_unit=unit):
                if row.starts_on <= on and (row.ends_on is None or on <= row.ends_on):
                    in_force += 1
                    of_mentor[row.mentor_id] += 1
                    latest[row.mentor_id] = on
        visited = set()
        for row in Visit.objects.filter(pilot_unit=unit):
            inside = monday <= row.visited_on <= monday + 6 * DAY
            if inside and row.mode == "on_site" and row.state in ("recorded", "confirmed"):
                visited.add(row.visited_on)
        excused = any(
            row.week == monday and row.state == "agreed"
            for row in ExcusedWeek.objects.filter(pilot_unit=unit)
        )
        is_due = in_force >= programme.min_working_days
        if visited:
            state = "visited"
        elif worked < programme.min_working_days:
            state = "holiday"
        elif not is_due:
            state = "outside"
        elif excused:
            state = "excused"
        else:
            state = "overdue" if today > monday + 6 * DAY else "pending"
        charged = max(of_mentor, key=lambda m: (of_mentor[m], latest[m])) if is_due else None
        weeks[monday] = (state, len(visited), charged)
    return weeks


def slow_cells(unit, today):
    """The states of the five cells, each from all rows of its kind."""
    documents = {d.kind: d.state for d in Document.objects.filter(pilot_unit=unit)}
    plan = documents.get("plan")
    research = len([r for r in Research.objects.all() if r.pilot_unit_id == unit.pk])
    if research and plan == "confirmed" and documents.get("summary") == "confirmed":
        first = "done"
    else:
        first = "under_way" if research or plan else "none"
    stages = [a.stage for a in SignatureActivity.objects.all() if a.pilot_unit_id == unit.pk]
    activity = "none"
    if stages:
        activity = "done" if "brand" in stages else "under_way"
    money = [c.received_on for c in Coordination.objects.all() if c.pilot_unit_id == unit.pk]
    coordination = "none"
    if money:
        coordination = "done" if any(money) else "under_way"
    solved = [d.state for d in Difficulty.objects.all() if d.pilot_unit_id == unit.pk]
    difficulty = "none"
    if solved:
        difficulty = "done" if "confirmed" in solved else "under_way"
    ended = {
        monday: state
        for monday, (state, _, charged) in slow_weeks(unit, today).items()
        if charged and monday + 6 * DAY < today
    }
    visits = "none"
    if ended:
        visits = "overdue" if "overdue" in ended.values() else "done"
    return {
        "plan": first,
        "activity": activity,
        "coordination": coordination,
        "visits": visits,
        "difficulty": difficulty,
    }


# --- Random data ------------------------------------------------------------------------------

DAYS = st.dates(BEGIN, END)
UNIT = st.fixed_dictionaries(
    {
        "joined_on": st.dates(BEGIN, day(9, 30)),
        "changes": st.lists(DAYS, max_size=2, unique=True).map(sorted),
        "guided": st.booleans(),
        "visits": st.lists(
            st.tuples(
                DAYS,
                st.sampled_from(["on_site", "on_site", "on_site", "remote"]),
                st.sampled_from(["recorded", "recorded", "late", "confirmed", "declined"]),
            ),
            max_size=8,
        ),
        "excuses": st.dictionaries(
            DAYS.map(week_of), st.sampled_from(["asked", "agreed", "declined"]), max_size=3
        ),
        "research": st.integers(0, 2),
        "documents": st.dictionaries(
            st.sampled_from(["plan", "summary"]),
            st.sampled_from(["uploaded", "confirmed", "returned"]),
        ),
        "stages": st.lists(st.sampled_from(["designed", "held", "brand"]), max_size=2),
        "money": st.lists(st.booleans(), max_size=2),
        "difficulties": st.lists(st.sampled_from(["raised", "solved", "confirmed"]), max_size=2),
    }
)


def clear():
    """Take away what the example before has made."""
    for model in (
        Visit,
        ExcusedWeek,
        Research,
        Document,
        SignatureActivity,
        Coordination,
        Difficulty,
        MentorAssignment,
        PilotUnit,
        WorkingDayOverride,
    ):
        model.objects.all().delete()


def build(programme, mentors, drawn):
    """One unit with the drawn rows."""
    unit = PilotUnitFactory(programme=programme, joined_on=drawn["joined_on"])
    starts = [BEGIN, *(on for on in drawn["changes"] if on > BEGIN)] if drawn["guided"] else []
    ends = [on - DAY for on in starts[1:]] + [None]
    assignments = [
        MentorAssignmentFactory(pilot_unit=unit, mentor=mentor, starts_on=start, ends_on=end)
        for mentor, start, end in zip(mentors, starts, ends, strict=False)
    ]
    someone = mentors[0]
    if assignments:
        for on, mode, state in drawn["visits"]:
            visit(unit, on, mode=mode, state=state)
        for monday, state in drawn["excuses"].items():
            excuse(unit, monday, state)
    common = {"pilot_unit": unit}
    for _ in range(drawn["research"]):
        Research.objects.create(**common, on=TODAY, summary="调研。", by=someone)
    for kind, state in drawn["documents"].items():
        Document.objects.create(**common, kind=kind, state=state, began_on=TODAY)
    for stage in drawn["stages"]:
        SignatureActivity.objects.create(**common, name="课堂", stage=stage, designed_on=TODAY)
    for is_received in drawn["money"]:
        Coordination.objects.create(
            **common,
            source="县总工会",
            amount=to_yuan("500"),
            on=TODAY,
            received_on=TODAY if is_received else None,
            by=someone,
        )
    for state in drawn["difficulties"]:
        Difficulty.objects.create(
            **common,
            description="缺苗。",
            raised_on=TODAY,
            raised_by=someone,
            state=state,
            began_on=TODAY,
        )
    return unit


def rows_of(units):
    """The matrix of all units as the page asks for it, on TODAY."""
    return five_ones.matrix(units.select_related("programme", "organisation"), TODAY)


@settings(max_examples=25)
@given(
    drawn=st.lists(UNIT, min_size=1, max_size=3),
    overrides=st.dictionaries(DAYS, st.booleans(), max_size=4),
    minimum=st.integers(1, 5),
)
def test_the_matrix_equals_a_slow_recomputation_day_by_day(drawn, overrides, minimum):
    clear()
    programme = PilotProgrammeFactory(starts_on=BEGIN, ends_on=END, min_working_days=minimum)
    mentors = [UserFactory() for _ in range(3)]
    for on, is_worked in overrides.items():
        WorkingDayOverride.objects.create(day=on, is_workday=is_worked)
    units = [build(programme, mentors, one) for one in drawn]
    rows = {row.unit.pk: row for row in rows_of(PilotUnit.objects.all())}
    assert rows.keys() == {unit.pk for unit in units}
    for unit in units:
        row = rows[unit.pk]
        found = {w.monday: (w.state, w.visits, w.mentor_id) for w in row.weeks}
        assert found == slow_weeks(unit, TODAY)
        # Every week has exactly one state.
        assert len(row.weeks) == len(found)
        assert {cell.key: cell.state for cell in row.cells} == slow_cells(unit, TODAY)


# --- By name ----------------------------------------------------------------------------------


def cell(unit, key):
    """One cell of one unit on TODAY."""
    (row,) = rows_of(PilotUnit.objects.filter(pk=unit.pk))
    return next(cell for cell in row.cells if cell.key == key)


def test_an_empty_unit_has_begun_nothing():
    unit = guided_unit(starts_on=day(10, 12))
    (row,) = rows_of(PilotUnit.objects.filter(pk=unit.pk))
    assert [cell.state for cell in row.cells] == [CellState.NONE] * 5
    assert [cell.key for cell in row.cells] == [key for key, _, _ in five_ones.ONES]


def test_the_sum_of_coordinated_money_counts_what_was_received():
    unit = guided_unit()
    by = UserFactory()
    for amount, received_on in [("500", TODAY), ("300.50", TODAY), ("4000", None)]:
        Coordination.objects.create(
            pilot_unit=unit,
            source="县总工会",
            amount=to_yuan(amount),
            on=TODAY,
            received_on=received_on,
            by=by,
        )
    (row,) = rows_of(PilotUnit.objects.all())
    assert row.unit.received_amount == to_yuan("800.50")
    assert cell(unit, "coordination") == five_ones.Cell("coordination", CellState.DONE, "2 次")


@pytest.mark.parametrize(
    ("has_research", "documents", "state"),
    [
        (False, {}, CellState.NONE),
        (True, {}, CellState.UNDER_WAY),
        (False, {"plan": "uploaded"}, CellState.UNDER_WAY),
        (True, {"plan": "confirmed"}, CellState.UNDER_WAY),
        (True, {"plan": "confirmed", "summary": "uploaded"}, CellState.UNDER_WAY),
        (False, {"plan": "confirmed", "summary": "confirmed"}, CellState.UNDER_WAY),
        (True, {"plan": "confirmed", "summary": "confirmed"}, CellState.DONE),
    ],
)
def test_a_plan_is_done_only_with_research_and_a_confirmed_summary_report(
    has_research, documents, state
):
    unit = guided_unit()
    if has_research:
        Research.objects.create(pilot_unit=unit, on=TODAY, summary="调研。", by=UserFactory())
    for kind, its_state in documents.items():
        Document.objects.create(pilot_unit=unit, kind=kind, state=its_state, began_on=TODAY)
    assert cell(unit, "plan").state == state


def test_one_overdue_week_makes_the_visits_overdue_and_an_excuse_makes_them_done():
    unit = guided_unit(starts_on=day(9, 28))
    visit(unit, day(9, 29))
    assert cell(unit, "visits") == five_ones.Cell("visits", CellState.OVERDUE, "1/2")
    excuse(unit, day(10, 9))
    assert cell(unit, "visits") == five_ones.Cell("visits", CellState.DONE, "2/2")


def test_the_matrix_takes_three_queries_however_many_units_and_visits_there_are(
    django_assert_num_queries,
):
    guided_unit()
    with django_assert_num_queries(2):
        assert len(rows_of(PilotUnit.objects.all())) == 1
    for _ in range(4):
        unit = guided_unit()
        Visit.objects.bulk_create(
            Visit(
                pilot_unit=unit,
                assignment=unit.mentor_assignments.get(),
                visitor=unit.mentor_assignments.get().mentor,
                visited_on=on,
                week=week_of(on),
                progress="看了林地。",
                key=uuid.uuid4(),
                recorded_by=unit.mentor_assignments.get().mentor,
                began_on=on,
            )
            for on in days_from(day(8, 1), TODAY)
        )
    with django_assert_num_queries(2):
        rows = rows_of(PilotUnit.objects.all())
        assert len(rows) == 5
        assert rows[-1].weeks[-1].state == WeekState.VISITED
        assert str(rows[-1].unit)
