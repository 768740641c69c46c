"""周报: what the visits of one week brought, unit by unit."""

import dataclasses
import math

from mentors.models import (
    Coordination,
    Difficulty,
    Research,
    SignatureActivity,
    Visit,
    VisitState,
)
from mentors.weeks import DAY, Calendar, WeekState, facts_of, weeks_of
from pilotwork.templatetags.pilotwork import yuan

# More than a printer and a reader take at once.
MOST_UNITS = 200


@dataclasses.dataclass
class Entry:
    """One unit's week: its state, its visits, and the records made in it as sentences."""

    unit: object
    state: str
    visits: list
    records: list


def lasting(units, monday):
    """Those of the `units` whose programme was under way in the week, joined by then or not."""
    sunday = monday + 6 * DAY
    return [
        unit
        for unit in units
        if unit.programme.starts_on <= sunday and unit.programme.last_day >= monday
    ]


def units_of_week(units, monday):
    """Those of the `units` whose week it is."""
    sunday = monday + 6 * DAY
    return [
        unit
        for unit in lasting(units, monday)
        if unit.joined_on <= sunday and unit.last_day >= monday
    ]


def parts_of_week(units, monday):
    """How many sheets the week of the `units` takes, at least one."""
    return max(math.ceil(len(units_of_week(units, monday)) / MOST_UNITS), 1)


def weekly_entries(units, monday, *, part=1):
    """The Entries of the week that begins on `monday`, of the `units`, a list by name.

    Each has its organisation and programme. A unit in which nothing happened is listed too: its
    week's state says why or that one is due; of one that has left, what was noted after it. Of many
    units, those of the `part`, from 1, that a sheet holds. Six queries whatever the number of units.
    """
    week = (monday, monday + 6 * DAY)
    of_week = units_of_week(units, monday)
    listed = of_week[(part - 1) * MOST_UNITS : part * MOST_UNITS]
    is_whole = len(of_week) <= MOST_UNITS
    whose = lasting(units, monday) if is_whole else listed
    facts = facts_of(listed)
    calendar = Calendar(facts.overrides)
    entries = {}
    for one in listed:
        (own,) = weeks_of(one, facts[one.pk], calendar, [monday])
        entries[one.pk] = Entry(one, WeekState(own.state).label, [], [])

    def rows(model, day, *related):
        found = model.objects.filter(**{f"{day}__range": week}, pilot_unit__in=whose)
        of_unit = ("pilot_unit__organisation", "pilot_unit__programme")
        return found.select_related(*of_unit, *related).order_by(day, "id")

    def entry(row):
        return entries.setdefault(row.pilot_unit_id, Entry(row.pilot_unit, "", [], []))

    visits = rows(Visit, "visited_on", "visitor", "assignment")
    # What was logged by mistake is no news of the week.
    for visit in visits.exclude(state=VisitState.WITHDRAWN):
        entry(visit).visits.append(visit)
    for row in rows(Research, "on"):
        entry(row).records.append(f"调研：{row.summary}")
    for row in rows(SignatureActivity, "designed_on"):
        entry(row).records.append(f"设计特色活动：{row.name}")
    for row in rows(Coordination, "on"):
        arrived = "" if row.received_on else "（未到位）"
        entry(row).records.append(f"协调经费：{row.source} {yuan(row.amount)} 元{arrived}")
    for row in rows(Difficulty, "raised_on"):
        entry(row).records.append(f"实际困难：{row.description}（{row.get_state_display()}）")
    return sorted(entries.values(), key=lambda e: (e.unit.organisation.name_key, e.unit.pk))
