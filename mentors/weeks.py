"""Which weeks of which unit are due, visited, excused or overdue (DOMAIN, Weeks).

A week runs Monday to Sunday in Shanghai. `facts_of` asks the database once for all units of a page;
`state_of` is the one place that decides.
"""

import dataclasses
import datetime as dt

from django.db import models
from django.db.models import BigIntegerField, CharField, Count, DateField, IntegerField, Value
from django.db.models.functions import Cast

from mentors.models import ExcusedWeek, MentorAssignment, Visit
from pilotwork import clock
from pilotwork.workdays import is_workday, week_of
from units.models import WorkingDayOverride, working_day_overrides

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


class WeekState(models.TextChoices):
    VISITED = "visited", "已走访"
    OVERDUE = "overdue", "逾期"
    PENDING = "pending", "本周待走访"
    EXCUSED = "excused", "免访"
    HOLIDAY = "holiday", "法定假日"
    OUTSIDE = "outside", "不计应访"
    FUTURE = "future", "未到"


@dataclasses.dataclass(frozen=True)
class Week:
    """One week of one unit: `visits` are days with a counting visit, `mentor_id` is charged."""

    monday: dt.date
    state: WeekState
    is_due: bool
    visits: int
    mentor_id: int | None

    @property
    def sunday(self):
        """The last day of the week."""
        return self.monday + 6 * DAY

    @property
    def counts_as_done(self):
        """Whether nothing is owed for this due week any more."""
        return self.is_due and self.state in {WeekState.VISITED, WeekState.EXCUSED}


def state_of(*, monday, today, workdays, days_in_force, minimum, visits, is_excused):
    """Return (WeekState, is it due) of one week; nothing else decides this.

    `workdays` are the week's working days by the calendar, `days_in_force` those of them inside the
    pilot and some mentor's assignment, `minimum` the programme's setting, `visits` the days with a
    counting visit. Overdue comes only after the week has ended.
    """
    is_due = days_in_force >= minimum
    if monday > today:
        return WeekState.FUTURE, False
    if visits:
        return WeekState.VISITED, is_due
    if workdays < minimum:
        return WeekState.HOLIDAY, False
    if not is_due:
        return WeekState.OUTSIDE, False
    if is_excused:
        return WeekState.EXCUSED, True
    if monday + WEEK <= today:
        return WeekState.OVERDUE, True
    return WeekState.PENDING, True


@dataclasses.dataclass
class Facts:
    """What the database knows of one unit's weeks."""

    assignments: list = dataclasses.field(default_factory=list)
    visits: dict = dataclasses.field(default_factory=dict)
    excused: set = dataclasses.field(default_factory=set)


class FactsByUnit(dict):
    """{unit's id: Facts}, with the county's `overrides` of the working calendar."""

    def __init__(self, ids):
        super().__init__((unit_id, Facts()) for unit_id in ids)
        self.overrides = {}


def facts_of(units):
    """The FactsByUnit of all `units` (PilotUnits) in one query, however many visits there are."""
    ids = [unit.pk for unit in units]
    facts = FactsByUnit(ids)

    def part(kind, queryset, first, last, number, unit="pilot_unit"):
        return queryset.order_by().values_list(
            unit,
            Value(kind, output_field=CharField()),
            first,
            last,
            number,
        )

    # PostgreSQL wants to be told that the missing dates of a UNION are dates.
    nothing = Cast(Value(None), DateField())
    one = Value(1, output_field=IntegerField())
    of_units = {"pilot_unit__in": ids}
    days = Visit.objects.counting().filter(**of_units).values("pilot_unit", "week")
    days = days.annotate(days=Count("visited_on", distinct=True))
    rows = part("visit", days, "week", nothing, "days").union(
        part("excuse", ExcusedWeek.objects.agreed().filter(**of_units), "week", nothing, one),
        part(
            "assignment",
            MentorAssignment.objects.filter(**of_units),
            "starts_on",
            "ends_on",
            "mentor",
        ),
        part(
            "override",
            WorkingDayOverride.objects.all(),
            "day",
            nothing,
            Cast("is_workday", IntegerField()),
            unit=Value(0, output_field=BigIntegerField()),
        ),
        all=True,
    )
    for unit_id, kind, first, last, number in rows:
        if kind == "override":
            facts.overrides[first] = bool(number)
        elif kind == "visit":
            facts[unit_id].visits[first] = number
        elif kind == "excuse":
            facts[unit_id].excused.add(first)
        else:
            facts[unit_id].assignments.append((first, last, number))
    return facts


class Calendar:
    """Working days of weeks, each worked out once."""

    def __init__(self, overrides=None):
        self.overrides = working_day_overrides() if overrides is None else overrides
        self.weeks = {}

    def workdays(self, monday):
        """The working days of the week that begins on `monday`."""
        if monday not in self.weeks:
            days = (monday + DAY * n for n in range(7))
            self.weeks[monday] = [day for day in days if is_workday(day, self.overrides)]
        return self.weeks[monday]

    def worked(self, monday, first, last):
        """How many working days of the week lie between the days `first` and `last`, both counted."""
        workdays = self.workdays(monday)
        if not workdays or (first <= workdays[0] and workdays[-1] <= last):
            return len(workdays)
        return sum(first <= day <= last for day in workdays)


def mondays_of(programme, today=None):
    """The Mondays of the pilot's weeks, up to and with the present one."""
    last = min(programme.last_day, today or clock.today())
    monday, found = week_of(programme.starts_on), []
    while monday <= last:
        found.append(monday)
        monday += WEEK
    return found


def weeks_of(unit, facts, calendar, mondays, today=None):
    """The Weeks of one unit for the given Mondays, each in exactly one state."""
    today = today or clock.today()
    return [_week(unit, facts, calendar, monday, today) for monday in mondays]


def _week(unit, facts, calendar, monday, today):
    programme = unit.programme
    first, last = max(programme.starts_on, unit.joined_on), unit.last_day
    workdays = calendar.workdays(monday)
    served = {}
    for starts_on, ends_on, mentor_id in sorted(facts.assignments, key=lambda a: a[0]):
        until = last if ends_on is None else min(last, ends_on)
        days = calendar.worked(monday, max(first, starts_on), until)
        if days:
            # Put last, also when he comes back: of two with as many days the later one is charged.
            served[mentor_id] = served.pop(mentor_id, 0) + days
    visits = facts.visits.get(monday, 0)
    state, is_due = state_of(
        monday=monday,
        today=today,
        workdays=len(workdays),
        days_in_force=sum(served.values()),
        minimum=programme.min_working_days,
        visits=visits,
        is_excused=monday in facts.excused,
    )
    # The mentor with more of the days is charged; of two with as many, the later one.
    charged = max(reversed(served), key=served.get) if is_due else None
    return Week(monday, state, is_due, visits, charged)


@dataclasses.dataclass(frozen=True)
class Tally:
    """Of the due weeks that have ended: how many are due, covered, overdue."""

    due: int
    done: int

    @property
    def overdue(self):
        """Due weeks that ended without a visit or an excuse."""
        return self.due - self.done


def tally(weeks, today=None):
    """Count one unit's due weeks that have ended."""
    today = today or clock.today()
    ended = [week for week in weeks if week.is_due and week.monday + WEEK <= today]
    return Tally(len(ended), sum(week.counts_as_done for week in ended))


def coverage(units, facts, mondays, today=None):
    """{Monday: (due units, those of them that owe nothing)} over all `units`; no query.

    Units that take part, and are served, from and to the same days have the same weeks: whether
    such a week is due and covered is worked out once, visited, excused or neither.
    """
    calendar, counts, known = Calendar(facts.overrides), dict.fromkeys(mondays, (0, 0)), {}
    for unit in units:
        own = facts[unit.pk]
        served = tuple(sorted((first, last or dt.date.max) for first, last, _ in own.assignments))
        alike = known.setdefault((unit.programme_id, unit.joined_on, unit.last_day, served), {})
        for monday in mondays:
            told = monday, monday in own.visits, monday in own.excused
            if told not in alike:
                week = _week(unit, own, calendar, monday, today or clock.today())
                alike[told] = week.is_due, week.counts_as_done
            is_due, is_covered = alike[told]
            due, covered = counts[monday]
            counts[monday] = due + is_due, covered + is_covered
    return counts
