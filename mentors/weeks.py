"""Which weeks of which unit are due, visited, excused or overdue (DOMAIN, Weeks).

A week runs Monday to Sunday in Shanghai. `facts_of` asks the database once for all units of a page;
`state_of` is the one place that decides.
"""

import dataclasses
import datetime as dt

from django.db import connection, models
from django.db.models import BigIntegerField, CharField, Count, DateField, IntegerField, Value
from django.db.models.functions import Cast

from mentors.models import ExcusedWeek, MentorAssignment, Visit
from pilotwork import clock
from pilotwork.sql import OneOf
from pilotwork.workdays import is_workday, week_of
from units.models import PilotUnit, WorkingDayOverride, working_day_overrides

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

    def take(self, rows):
        """Put rows of `_part` where they belong."""
        for unit_id, kind, first, last, number in rows:
            if kind == "override":
                self.overrides[first] = bool(number)
            elif kind == "visit":
                self[unit_id].visits[first] = number
            elif kind == "excuse":
                self[unit_id].excused.add(first)
            else:
                self[unit_id].assignments.append((first, last, number))


def facts_of(units):
    """The FactsByUnit of all `units` (PilotUnits) in one query, however many visits there are."""
    ids = [unit.pk for unit in units]
    days = Visit.objects.counting().filter(pilot_unit__in=ids).values("pilot_unit", "week")
    days = days.annotate(days=Count("visited_on", distinct=True))
    facts = FactsByUnit(ids)
    facts.take(_part("visit", days, "week", NOTHING, "days").union(*_parts(ids), all=True))
    return facts


# PostgreSQL wants to be told that the missing dates of a UNION are dates.
NOTHING = Cast(Value(None), DateField())


def _part(kind, queryset, first, last, number, unit="pilot_unit"):
    """One kind of fact: (unit's id, kind, first day, last day, number)."""
    said = Value(kind, output_field=CharField())
    return queryset.order_by().values_list(unit, said, first, last, number)


def _parts(ids, on=None):
    """What else than visits the weeks of the units depend on; excuses as agreed by the day `on`."""
    one = Value(1, output_field=IntegerField())
    of_units = {"pilot_unit__in": ids}
    excused = ExcusedWeek.objects.agreed_at(on) if on else ExcusedWeek.objects.agreed()
    excused = excused.filter(**of_units)
    assigned = MentorAssignment.objects.filter(**of_units)
    number, county = Cast("is_workday", IntegerField()), Value(0, output_field=BigIntegerField())
    return [
        _part("excuse", excused, "week", NOTHING, one),
        _part("assignment", assigned, "starts_on", "ends_on", "mentor"),
        _part("override", WorkingDayOverride.objects.all(), "day", NOTHING, number, county),
    ]


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


@dataclasses.dataclass(frozen=True)
class Visited:
    """One week: of all units together the days with a counting visit, and which units had one."""

    days: int = 0
    units: frozenset = frozenset()


# How a database says many keys in one value.
JOINED = {"postgresql": "STRING_AGG(pilot_unit::text, ',')", "sqlite": "GROUP_CONCAT(pilot_unit)"}


def visited_by_week(programme, units=(), on=None):
    """({Monday: Visited} of a programme, the FactsByUnit of `units` without their visits), in one
    query, in which all visits of a week are one row.

    As known at the end of the day `on`, as of now without one.
    """
    counting = Visit.objects.counting_at(on) if on else Visit.objects.counting()
    own = PilotUnit.objects.filter(programme=programme).order_by()
    # All that is asked of the visits lies in an index; a join to their units takes half as long again.
    days = counting.filter(OneOf("pilot_unit", own.values("pk"))).order_by()
    days = days.values("pilot_unit", "week").annotate(days=Count("visited_on", distinct=True))
    days, of_days = days.query.sql_with_params()
    ids = [unit.pk for unit in units]
    first, *others = _parts(ids or [0], on)
    other, of_others = first.union(*others, all=True).query.sql_with_params()
    sql = f"""SELECT 0, 'week', week, CAST(NULL AS date), SUM(days), {JOINED[connection.vendor]}
        FROM ({days}) of_units GROUP BY week UNION ALL SELECT facts.*, '' FROM ({other}) facts"""
    facts, visited = FactsByUnit(ids), {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [*of_days, *of_others])
        for unit_id, kind, begins, ends, number, keys in cursor.fetchall():
            begins, ends = (day and dt.date.fromisoformat(str(day)) for day in (begins, ends))
            if kind == "week":
                visited[begins] = Visited(int(number), frozenset(map(int, keys.split(","))))
            elif kind == "override" or unit_id in facts:
                facts.take([(unit_id, kind, begins, ends, int(number))])
    return visited, facts


def coverage(units, facts, visited, mondays, today=None):
    """{Monday: (due units, those of them that owe nothing)} over all `units`; no query.

    `visited` and `facts` are those of `visited_by_week`. Units that take part, and are served, from
    and to the same days have the same weeks: what such a week is, visited, excused or neither, is
    worked out once for all of them.
    """
    calendar, alike, excused = Calendar(facts.overrides), {}, {}
    for unit in units:
        own = facts[unit.pk]
        served = tuple(sorted((first, last or dt.date.max) for first, last, _ in own.assignments))
        days = unit.programme_id, unit.joined_on, unit.last_day, served
        alike.setdefault(days, (unit, own.assignments, set()))[2].add(unit.pk)
        for monday in own.excused:
            excused.setdefault(monday, set()).add(unit.pk)
    counts = {}
    for monday in mondays:
        seen, free = visited.get(monday, Visited()).units, excused.get(monday, set())
        due = covered = 0
        for unit, assignments, ids in alike.values():
            told = [
                (len(ids & seen), {monday: 1}, set()),
                (len(ids & free - seen), {}, {monday}),
                (len(ids - free - seen), {}, set()),
            ]
            for number, visits, excuses in told:
                own = Facts(assignments, visits, excuses)
                week = _week(unit, own, calendar, monday, today or clock.today())
                due += number * week.is_due
                covered += number * week.counts_as_done
        counts[monday] = due, covered
    return counts
