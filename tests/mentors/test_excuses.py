"""免访: who asks for which week, once, and for none that was visited."""

import pytest

from accounts.matters import NotPermitted
from mentors.actions.visits import ask_excuse
from mentors.models import ExcusedWeek
from tests.mentors.five_ones import day
from tests.mentors.test_visits import TODAY, log, on_a_wednesday, pilot, refusal_of

__all__ = ["on_a_wednesday", "pilot"]

pytestmark = pytest.mark.django_db


def excuse(pilot, week=TODAY, by=None):
    """Ask for an excused week."""
    return ask_excuse(pilot.unit, by=by or pilot.mentor, week=week, reason="防汛值班。")


def test_an_excuse_is_of_the_whole_week_and_waits(pilot):
    asked = excuse(pilot)
    assert (asked.week, asked.state) == (day(11, 16), "asked")
    assert asked.log[0].opinion == "防汛值班。"


def test_only_the_mentor_of_today_asks_for_an_excused_week(pilot):
    for nobody in (pilot.former, pilot.colleague, pilot.stranger):
        with pytest.raises(NotPermitted):
            excuse(pilot, by=nobody)


def test_a_week_is_asked_for_once_and_again_after_it_was_declined(pilot):
    excuse(pilot)
    assert refusal_of(excuse, pilot).field == "week"
    ExcusedWeek.objects.update(state="declined")
    assert excuse(pilot).state == "asked"


def test_a_week_that_was_visited_needs_no_excuse(pilot):
    log(pilot, mode="remote")
    assert excuse(pilot).state == "asked"
    log(pilot, on=day(11, 10))
    assert refusal_of(excuse, pilot, day(11, 12)).field == "week"


def test_a_week_that_ended_over_fourteen_days_ago_or_lies_outside_the_pilot_is_refused(pilot):
    # The week from 26 October ended on 1 November, seventeen days ago.
    for week in (
        day(10, 26),
        day(12, 28) + (day(1, 8) - day(1, 1)),
        day(1, 1) - (TODAY - day(11, 11)),
    ):
        assert refusal_of(excuse, pilot, week).field == "week"
    assert excuse(pilot, day(11, 2)).week == day(11, 2)
