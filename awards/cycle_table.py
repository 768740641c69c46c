"""The table of quotas on a cycle's page: places and how many of them are used, by organisation."""

import dataclasses

from django.db.models import Case, Count, Exists, OuterRef, Value, When

from awards.models import UNIT_TYPES
from units.models import Organisation, PilotUnit


@dataclasses.dataclass
class Cell:
    """One type of one organisation."""

    label: str
    places: int = 0
    used: int = 0
    extra: int = 0


@dataclasses.dataclass
class Row:
    """One organisation's places."""

    organisation: object
    cells: list


def quota_rows(cycle, user):
    """The Rows that `user` may see: organisations with a quota or a nomination, pilot units first."""
    places = {
        (organisation, award_type): number
        for organisation, award_type, number in cycle.quotas.visible_to(user).values_list(
            "organisation", "award_type", "places"
        )
    }
    used = {
        (organisation, award_type, is_extra): number
        for organisation, award_type, is_extra, number in cycle.nominations.visible_to(user)
        .in_play()
        .order_by()
        .values_list("organisation", "award_type", "is_extra")
        .annotate(Count("pk"))
    }
    keys = {key[0] for key in places} | {key[0] for key in used}
    units = PilotUnit.objects.filter(programme=cycle.programme_id, organisation=OuterRef("pk"))
    rows = Organisation.objects.filter(pk__in=keys).annotate(is_pilot=Exists(units))
    return [
        Row(
            organisation,
            [
                Cell(
                    label,
                    places.get((organisation.pk, value), 0),
                    used.get((organisation.pk, value, False), 0),
                    used.get((organisation.pk, value, True), 0),
                )
                for value, label in cycle.type_labels
            ],
        )
        for organisation in rows.order_by("-is_pilot", "name_key", "pk")
    ]


def extra_words(cycle):
    """How many of the pilot's extra places are used, in a sentence."""
    is_unit = Case(When(award_type__in=UNIT_TYPES, then=Value(True)), default=Value(False))
    counted = (
        cycle.nominations.in_play()
        .filter(is_extra=True)
        .order_by()
        .annotate(is_unit=is_unit)
        .values_list("is_unit")
        .annotate(Count("pk"))
    )
    used = dict(counted)
    return (
        f"试点加配：集体 {cycle.extra_unit_places} 个（已用 {used.get(True, 0)}），"
        f"个人 {cycle.extra_youth_places} 个（已用 {used.get(False, 0)}）；"
        "须有已认定的突出贡献。"
    )
