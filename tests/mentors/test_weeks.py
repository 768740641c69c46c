"""Which weeks are due, covered, excused and overdue (DOMAIN, Weeks), with the dates of 2026."""

import datetime as dt
import uuid

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from mentors.actions.visits import record_visit
from mentors.models import ExcuseState, Mode, Visit, VisitState
from mentors.weeks import WeekState, facts_of, state_of, tally
from pilotwork import clock
from tests.factories import UserFactory
from tests.mentors.five_ones import (
    LAST,
    all_weeks,
    assign,
    day,
    excuse,
    guided_unit,
    living_on,
    make_unit,
    visit,
    week,
)
from units.actions import end_programme, leave, resume
from units.models import PilotUnit, WorkingDayOverride

pytestmark = pytest.mark.django_db
VISITED, OVERDUE, PENDING = WeekState.VISITED, WeekState.OVERDUE, WeekState.PENDING
EXCUSED, HOLIDAY, OUTSIDE = WeekState.EXCUSED, WeekState.HOLIDAY, WeekState.OUTSIDE


def state(unit, on, today=LAST):
    """(state, is it due) of one week."""
    found = week(unit, on, today)
    return found.state, found.is_due


# --- Calendar ---------------------------------------------------------------------------------


def test_the_spring_festival_week_of_2026_is_a_holiday_and_not_excused():
    unit = guided_unit()
    assert state(unit, day(2, 16)) == (HOLIDAY, False)
    assert week(unit, day(2, 16)).mentor_id is None


def test_the_weeks_before_and_after_the_spring_festival_of_2026_are_due():
    unit = guided_unit()
    # 9 to 14 February with a worked Saturday; 24 to 28 February after the last day off.
    assert state(unit, day(2, 9)) == (OVERDUE, True)
    assert state(unit, day(2, 23)) == (OVERDUE, True)


def test_both_weeks_of_national_day_2026_have_three_working_days_and_are_due():
    unit = guided_unit()
    # 28 to 30 September; 8, 9 October and the worked Saturday.
    assert state(unit, day(9, 28)) == (OVERDUE, True)
    assert state(unit, day(10, 5)) == (OVERDUE, True)


def test_both_weeks_of_national_day_2026_are_holidays_where_four_working_days_are_asked_for():
    unit = guided_unit(min_working_days=4)
    assert state(unit, day(9, 28)) == (HOLIDAY, False)
    assert state(unit, day(10, 5)) == (HOLIDAY, False)
    assert state(unit, day(9, 21)) == (OVERDUE, True)


def test_a_make_up_sunday_counts_as_a_working_day():
    # 17, 18 and, worked for National Day, Sunday 20 September.
    assert state(guided_unit(starts_on=day(9, 17)), day(9, 17)) == (OVERDUE, True)
    # The same days of an ordinary week are two.
    assert state(guided_unit(starts_on=day(9, 10)), day(9, 10)) == (OUTSIDE, False)


def test_a_visit_on_a_make_up_sunday_belongs_to_the_week_that_it_ends():
    unit = guided_unit()
    visit(unit, day(9, 20))
    assert state(unit, day(9, 14)) == (VISITED, True)
    assert state(unit, day(9, 21)) == (OVERDUE, True)


def test_the_county_may_correct_the_calendar_both_ways():
    unit = guided_unit()
    for number in (16, 17, 18):
        WorkingDayOverride.objects.create(day=day(2, number), is_workday=True)
    for number in (4, 5, 6):
        WorkingDayOverride.objects.create(day=day(11, number), is_workday=False)
    assert state(unit, day(2, 16)) == (OVERDUE, True)
    assert state(unit, day(11, 2)) == (HOLIDAY, False)


# --- Pilot, assignment, mentor ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "expected"), [(day(11, 4), (OVERDUE, True)), (day(11, 5), (OUTSIDE, False))]
)
def test_the_first_partial_week_is_due_with_three_working_days(starts_on, expected):
    assert state(guided_unit(starts_on=starts_on), starts_on) == expected


@pytest.mark.parametrize(
    ("ends_on", "expected"), [(day(11, 4), (OVERDUE, True)), (day(11, 3), (OUTSIDE, False))]
)
def test_the_last_partial_week_is_due_with_three_working_days(ends_on, expected):
    assert state(guided_unit(ends_on=ends_on), ends_on) == expected


def test_a_pilot_that_ended_has_no_weeks_after_its_last_day():
    weeks = all_weeks(guided_unit(ends_on=day(11, 4)), day(12, 31))
    assert weeks[-1].monday == day(11, 2)


def test_a_pilot_that_is_ended_early_stops_on_that_day():
    unit = guided_unit()
    administrator = UserFactory(duties=["administrator"])
    with living_on(day(11, 10)):
        administrator.duty_grants.update(starts_on=day(1, 1))
        end_programme(unit.programme, by=administrator, opinion="提前结束。")
    assert all_weeks(unit, day(12, 31))[-1].monday == day(11, 9)
    # Only Monday and Tuesday of its last week lie inside the pilot.
    assert state(unit, day(11, 9)) == (OUTSIDE, False)
    assert state(unit, day(11, 2)) == (OVERDUE, True)


def test_a_unit_that_joined_later_owes_nothing_for_the_weeks_before():
    unit = guided_unit()
    unit.joined_on = day(11, 2)
    unit.save()
    assert state(unit, day(10, 26)) == (OUTSIDE, False)
    assert state(unit, day(11, 2)) == (OVERDUE, True)


def test_a_unit_that_left_owes_nothing_for_the_weeks_after_its_last_day():
    unit = guided_unit()
    administrator = UserFactory(duties=["administrator"])
    administrator.duty_grants.update(starts_on=day(1, 1))
    with living_on(day(11, 9)):
        unit = leave(unit, by=administrator, last_day=day(11, 3), opinion="并入另一单位。")
    assert state(unit, day(10, 30)) == (OVERDUE, True)
    assert state(unit, day(11, 3)) == (OUTSIDE, False)
    assert state(unit, day(11, 10)) == (OUTSIDE, False)
    with living_on(day(11, 20)):
        unit = resume(unit, by=administrator, opinion="恢复试点。")
    assert state(unit, day(11, 10)) == (OVERDUE, True)


def test_a_unit_without_a_mentor_owes_nothing():
    unit = make_unit()
    assert {found.state for found in all_weeks(unit, day(12, 31))} == {OUTSIDE, HOLIDAY}
    assert tally(all_weeks(unit, day(12, 31)), day(12, 31)).due == 0


def test_a_week_without_a_mentor_between_two_is_not_due():
    unit = make_unit()
    assign(unit, day(1, 1), day(11, 3))
    assign(unit, day(11, 18))
    assert [found.state for found in all_weeks(unit, day(11, 29))[-4:]] == [
        OUTSIDE,  # 2 and 3 November only
        OUTSIDE,
        OVERDUE,  # 18 to 20 November
        PENDING,
    ]


def change_mentor(on):
    """A unit whose mentor changed on the date `on`; returns (unit, first, second assignment)."""
    unit = make_unit()
    first = assign(unit, day(1, 1), on - dt.timedelta(days=1))
    return unit, first, assign(unit, on)


@pytest.mark.parametrize(
    ("on", "charged"), [(day(11, 5), 0), (day(11, 4), 1), (day(11, 6), 0), (day(11, 3), 1)]
)
def test_a_week_is_charged_to_the_mentor_with_more_of_its_days(on, charged):
    unit, *both = change_mentor(on)
    found = week(unit, day(11, 2))
    assert found.is_due
    assert found.mentor_id == both[charged].mentor_id


def test_a_tie_is_charged_to_the_later_mentor():
    # Two working days each: 21, 22 and 23, 24 September; the 25th is 中秋.
    unit, _, second = change_mentor(day(9, 23))
    assert week(unit, day(9, 21)).mentor_id == second.mentor_id


def test_a_tie_is_charged_to_the_later_mentor_also_when_he_comes_back():
    unit, mentor, other = make_unit(), UserFactory(), UserFactory()
    assign(unit, day(1, 1), day(9, 21), mentor=mentor)
    assign(unit, day(9, 22), day(9, 23), mentor=other)
    assign(unit, day(9, 24), mentor=mentor)
    assert week(unit, day(9, 21)).mentor_id == mentor.pk


def test_the_days_of_both_mentors_together_make_a_week_due():
    unit, _, _ = change_mentor(day(9, 23))
    assert state(unit, day(9, 21)) == (OVERDUE, True)


def test_the_visit_of_either_mentor_covers_the_week_of_the_change():
    for who in (0, 1):
        unit, *both = change_mentor(day(11, 4))
        visit(unit, day(11, 3), by=both[who].mentor)
        assert state(unit, day(11, 2)) == (VISITED, True)


def test_a_changed_setting_holds_for_every_week():
    unit = guided_unit(starts_on=day(11, 4))
    assert state(unit, day(11, 4)) == (OVERDUE, True)
    unit.programme.min_working_days = 4
    unit.programme.save()
    assert state(unit, day(11, 4)) == (OUTSIDE, False)
    assert state(unit, day(11, 9)) == (OVERDUE, True)


# --- Visits and excuses -----------------------------------------------------------------------


def test_two_visits_on_a_day_are_kept_and_count_once():
    unit = guided_unit()
    for _ in range(2):
        visit(unit, day(11, 3))
    assert Visit.objects.count() == 2
    assert week(unit, day(11, 3)).visits == 1


def test_two_visits_in_a_week_count_twice_and_cover_no_other_week():
    unit = guided_unit()
    visit(unit, day(11, 3))
    visit(unit, day(11, 5))
    assert week(unit, day(11, 3)).visits == 2
    assert state(unit, day(10, 26)) == (OVERDUE, True)
    assert state(unit, day(11, 9)) == (OVERDUE, True)


def test_a_telephone_visit_covers_nothing():
    unit = guided_unit()
    visit(unit, day(11, 3), mode=Mode.REMOTE)
    assert state(unit, day(11, 3)) == (OVERDUE, True)
    assert week(unit, day(11, 3)).visits == 0


def test_a_colleagues_visit_covers_the_week_and_leaves_it_charged_to_the_mentor():
    unit, colleague = guided_unit(), UserFactory()
    made = visit(unit, day(11, 3), by=colleague)
    assert made.is_stand_in
    assert state(unit, day(11, 3)) == (VISITED, True)
    assert week(unit, day(11, 3)).mentor_id == unit.mentor_assignments.get().mentor_id


@pytest.mark.parametrize("state_of_visit", VisitState.values)
def test_a_visit_covers_its_week_unless_it_waits_for_confirmation_or_got_none(state_of_visit):
    unit = guided_unit()
    visit(unit, day(11, 3), state=state_of_visit)
    counts = state_of_visit in {"recorded", "confirmed"}
    assert state(unit, day(11, 3)) == (VISITED if counts else OVERDUE, True)


def test_a_visit_in_a_holiday_week_is_shown_and_owes_nothing():
    unit = guided_unit()
    visit(unit, day(2, 18))
    assert state(unit, day(2, 18)) == (VISITED, False)


@pytest.mark.parametrize("state_of_excuse", ExcuseState.values)
def test_a_week_is_excused_only_once_another_officer_agreed(state_of_excuse):
    unit = guided_unit()
    excuse(unit, day(11, 3), state=state_of_excuse)
    agreed = state_of_excuse == ExcuseState.AGREED
    assert state(unit, day(11, 3)) == (EXCUSED if agreed else OVERDUE, True)


def test_an_excused_week_is_due_and_counts_as_done():
    unit = guided_unit(starts_on=day(11, 2))
    excuse(unit, day(11, 3))
    count = tally(all_weeks(unit, day(11, 9)), day(11, 9))
    assert (count.due, count.done, count.overdue) == (1, 1, 0)


def test_an_excuse_never_hides_that_a_visit_was_made_or_that_it_was_a_holiday():
    unit = guided_unit()
    excuse(unit, day(11, 3))
    visit(unit, day(11, 3))
    excuse(unit, day(2, 18))
    assert state(unit, day(11, 3)) == (VISITED, True)
    assert state(unit, day(2, 18)) == (HOLIDAY, False)


# --- Time -------------------------------------------------------------------------------------


def test_a_week_is_overdue_only_after_its_sunday():
    unit = guided_unit()
    assert state(unit, day(11, 2), today=day(11, 8)) == (PENDING, True)
    assert state(unit, day(11, 2), today=day(11, 9)) == (OVERDUE, True)


def test_a_week_that_has_not_ended_counts_neither_as_due_nor_as_done():
    unit = guided_unit(starts_on=day(11, 2))
    visit(unit, day(11, 3))
    assert tally(all_weeks(unit, day(11, 8)), day(11, 8)).due == 0
    assert tally(all_weeks(unit, day(11, 9)), day(11, 9)).due == 1


def test_at_ten_past_midnight_on_monday_in_shanghai_the_week_has_ended():
    unit = guided_unit()
    mentor = unit.mentor_assignments.get().mentor
    # In UTC it is still Sunday, 16:10.
    with time_machine.travel(dt.datetime(2026, 11, 8, 16, 10, tzinfo=dt.UTC), tick=False):
        assert clock.today() == day(11, 9)
        assert state(unit, day(11, 2), today=None) == (OVERDUE, True)
        assert state(unit, day(11, 9), today=None) == (PENDING, True)
        made = record_visit(
            unit, by=mentor, key=uuid.uuid4(), visited_on=clock.today(), progress="看了林地。"
        )
        assert made.week == day(11, 9)
        assert not made.is_backfilled
        assert state(unit, day(11, 2), today=None) == (OVERDUE, True)
        assert state(unit, day(11, 9), today=None) == (VISITED, True)


def test_at_ten_to_midnight_on_sunday_in_shanghai_the_week_can_still_be_covered():
    unit = guided_unit()
    with time_machine.travel(dt.datetime(2026, 11, 8, 15, 50, tzinfo=dt.UTC), tick=False):
        assert state(unit, day(11, 2), today=None) == (PENDING, True)


def test_the_coming_week_is_not_shown_yet():
    assert all_weeks(guided_unit(), day(11, 8))[-1].monday == day(11, 2)


# --- Properties -------------------------------------------------------------------------------


@given(
    monday=st.dates(day(1, 1), day(12, 31)).map(lambda d: d - dt.timedelta(days=d.weekday())),
    today=st.dates(day(1, 1), day(12, 31)),
    workdays=st.integers(0, 7),
    in_force=st.integers(0, 7),
    minimum=st.integers(0, 7),
    visits=st.integers(0, 7),
    is_excused=st.booleans(),
)
def test_whatever_the_facts_the_one_function_answers_with_exactly_one_state(
    monday, today, workdays, in_force, minimum, visits, is_excused
):
    found, is_due = state_of(
        monday=monday,
        today=today,
        workdays=workdays,
        days_in_force=min(in_force, workdays),
        minimum=minimum,
        visits=visits,
        is_excused=is_excused,
    )
    assert found in WeekState
    assert is_due or found not in {OVERDUE, PENDING, EXCUSED}
    assert not is_due or found not in {HOLIDAY, OUTSIDE, WeekState.FUTURE}
    assert (found == OVERDUE) <= (today > monday + dt.timedelta(days=6))


@given(
    visits=st.lists(st.dates(day(10, 5), day(11, 29)), max_size=6),
    added=st.dates(day(10, 5), day(11, 29)),
)
def test_a_visit_never_turns_another_week_green(visits, added):
    Visit.objects.all().delete()
    unit = _the_unit()
    for on in visits:
        visit(unit, on)
    before = {found.monday: found for found in all_weeks(unit, day(11, 29))}
    visit(unit, added)
    after = {found.monday: found for found in all_weeks(unit, day(11, 29))}
    own = added - dt.timedelta(days=added.weekday())
    assert after.pop(own).state == VISITED
    before.pop(own)
    assert after == before


def _the_unit():
    """The one unit of a property test, made at its first example."""
    found = PilotUnit.objects.select_related("programme").first()
    return found or guided_unit(starts_on=day(10, 5))


def test_facts_of_asks_the_database_once_for_all_units(django_assert_num_queries):
    units = [guided_unit() for _ in range(3)]
    for unit in units:
        for number in range(2, 20):
            visit(unit, day(11, number))
        excuse(unit, day(10, 20))
    with django_assert_num_queries(1):
        facts = facts_of(units)
    assert {len(found.visits) for found in facts.values()} == {3}
