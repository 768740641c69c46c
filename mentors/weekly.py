"""周报: what the visits of one week brought, unit by unit."""

import dataclasses
import math

from django.db.models import Q

from mentors.models import (
    Coordination,
    Difficulty,
    Research,
    SignatureActivity,
    Visit,
    units_visible_to,
)
from mentors.weeks import DAY, Calendar, WeekState, facts_of, weeks_of
from pilotwork.templatetags.pilotwork import yuan
from units.models import PilotUnit

# More than a printer and a reader take at once.
MOST_UNITS = 200


@dataclasses.dataclass
class Entry:
    """One unit's week: its state, its visits, and the records made in it as sentences."""

    unit: object
    state: str
    visits: list
    records: list


def units_of_week(user, monday, unit):
    """The units whose week it is, with organisation and programme, by name."""
    units = units_visible_to(user) if unit is None else PilotUnit.objects.filter(pk=unit.pk)
    during = Q(left_on=None) | Q(left_on__gte=monday)
    return (
        units.filter(
            during,
            joined_on__lte=monday + 6 * DAY,
            programme__starts_on__lte=monday + 6 * DAY,
            programme__ends_on__gte=monday,
        )
        .select_related("organisation", "programme")
        .order_by("organisation__name_key", "pk")
    )


def parts_of_week(user, monday, unit=None):
    """How many sheets the week takes, at least one (one query)."""
    return max(math.ceil(units_of_week(user, monday, unit).count() / MOST_UNITS), 1)


def weekly_entries(user, monday, unit=None, *, part=1):
    """The Entries of the week that begins on `monday`, of the units `user` may see (or of `unit`).

    A unit in which nothing happened is listed too: its week's state says why or that one is due.
    Of many units, those of the `part`, from 1, that a sheet holds. Seven queries whatever the number
    of units.
    """
    week = (monday, monday + 6 * DAY)
    of_week = list(units_of_week(user, monday, unit)[: part * MOST_UNITS + 1])
    units = of_week[(part - 1) * MOST_UNITS : part * MOST_UNITS]
    is_whole = len(of_week) <= MOST_UNITS
    facts = facts_of(units)
    calendar = Calendar(facts.overrides)
    entries = {}
    for one in units:
        (own,) = weeks_of(one, facts[one.pk], calendar, [monday])
        entries[one.pk] = Entry(one, WeekState(own.state).label, [], [])

    def rows(model, day, *related):
        found = model.objects.filter(**{f"{day}__range": week})
        if not is_whole:
            found = found.filter(pilot_unit__in=units)
        elif unit is not None:
            found = found.filter(pilot_unit=unit)
        elif not user.is_county:
            found = found.filter(pilot_unit__in=units_visible_to(user))
        whose = ("pilot_unit__organisation", "pilot_unit__programme")
        return found.select_related(*whose, *related).order_by(day, "id")

    def entry(row):
        return entries.setdefault(row.pilot_unit_id, Entry(row.pilot_unit, "", [], []))

    for visit in rows(Visit, "visited_on", "visitor", "assignment"):
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
