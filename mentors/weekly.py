"""周报: what the visits of one week brought, unit by unit."""

import dataclasses

from mentors.models import (
    Coordination,
    Difficulty,
    Research,
    SignatureActivity,
    Visit,
    units_visible_to,
)
from mentors.weeks import DAY
from pilotwork.templatetags.pilotwork import yuan


@dataclasses.dataclass
class Entry:
    """One unit's week: its visits, and the records made in it as sentences."""

    unit: object
    visits: list
    records: list


def weekly_entries(user, monday, unit=None):
    """The Entries of the week that begins on `monday`, of the units `user` may see (or of `unit`).

    Units in which nothing happened are not listed; five queries whatever the number of units.
    """
    week = (monday, monday + 6 * DAY)
    entries = {}

    def rows(model, day, *related):
        found = model.objects.filter(**{f"{day}__range": week})
        if unit is not None:
            found = found.filter(pilot_unit=unit)
        elif not user.is_county:
            found = found.filter(pilot_unit__in=units_visible_to(user))
        return found.select_related("pilot_unit__organisation", *related).order_by(day, "id")

    def entry(row):
        return entries.setdefault(row.pilot_unit_id, Entry(row.pilot_unit, [], []))

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
