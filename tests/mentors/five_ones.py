"""Rows of one pilot on fixed days of 2026, for the rules of weeks and the five ones."""

import contextlib
import datetime as dt
import uuid

from mentors.models import ExcusedWeek, ExcuseState, Mode, Visit, VisitState
from mentors.weeks import Calendar, facts_of, mondays_of, weeks_of
from pilotwork import clock
from pilotwork.workdays import week_of
from tests.factories import (
    MentorAssignmentFactory,
    PilotProgrammeFactory,
    PilotUnitFactory,
)


def day(month, number, year=2026):
    """A date of 2026."""
    return dt.date(year, month, number)


FIRST, LAST = day(1, 1), day(12, 31)


def noon(on):
    """The moment at which it is noon in Shanghai on a date."""
    return dt.datetime.combine(on, dt.time(12), clock.SHANGHAI)


@contextlib.contextmanager
def living_on(on):
    """Let it be noon of the date `on`."""
    with clock.at(noon(on)):
        yield


def make_unit(starts_on=FIRST, ends_on=LAST, **programme):
    """A unit of a programme of its own, that lasts from `starts_on` to `ends_on`."""
    programme = PilotProgrammeFactory(starts_on=starts_on, ends_on=ends_on, **programme)
    return PilotUnitFactory(programme=programme, joined_on=starts_on)


def assign(unit, starts_on, ends_on=None, **more):
    """An assignment to the unit."""
    return MentorAssignmentFactory(pilot_unit=unit, starts_on=starts_on, ends_on=ends_on, **more)


def guided_unit(starts_on=FIRST, ends_on=LAST, **programme):
    """A unit with one mentor from the first day on."""
    unit = make_unit(starts_on, ends_on, **programme)
    assign(unit, starts_on)
    return unit


def visit(unit, on, *, by=None, mode=Mode.ON_SITE, state=VisitState.RECORDED):
    """A visit as it lies in the database; the verb is tested by itself."""
    assignment = unit.mentor_assignments.order_by("-starts_on").first()
    by = by or assignment.mentor
    return Visit.objects.create(
        pilot_unit=unit,
        assignment=assignment,
        visitor=by,
        visited_on=on,
        week=week_of(on),
        mode=mode,
        progress="看了林地。",
        key=uuid.uuid4(),
        recorded_by=by,
        state=state,
        began_on=on,
    )


def excuse(unit, on, state=ExcuseState.AGREED):
    """An excuse of the week of the date `on`."""
    return ExcusedWeek.objects.create(
        pilot_unit=unit,
        week=week_of(on),
        reason="防汛值班。",
        asked_by=unit.mentor_assignments.first().mentor,
        state=state,
        began_on=on,
    )


def all_weeks(unit, today):
    """Every Week of the unit up to `today`, oldest first."""
    unit.programme.refresh_from_db()
    mondays = mondays_of(unit.programme, today)
    return weeks_of(unit, facts_of([unit])[unit.pk], Calendar(), mondays, today)


def week(unit, on, today=LAST):
    """The Week of the unit in which the date `on` lies, as seen on `today`."""
    found = [week for week in all_weeks(unit, today) if week.monday == week_of(on)]
    assert len(found) == 1
    return found[0]
