"""The table of quotas on a cycle's page: places and how many of them are used, by organisation."""

import dataclasses
from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from awards.models import UNIT_TYPES, CycleState, Nomination
from awards.models.nominations import IN_PLAY
from units.models import Organisation, PilotUnit


@dataclasses.dataclass
class Row:
    """One organisation's quotas, in the order of the cycle's types; None where it has none."""

    organisation: object
    is_pilot: bool
    cells: list


def quota_rows(cycle, user, most=None):
    """The Rows that `user` may see, the first `most` or all, pilot units first (one query)."""
    units = PilotUnit.objects.filter(programme=cycle.programme_id)
    quotas = cycle.quotas.visible_to(user)
    if most:
        # Of many organisations the first are found before anything is asked of their quotas.
        named = Organisation.objects.filter(pk__in=quotas.order_by().values("organisation"))
        named = named.annotate(is_pilot=Exists(units.filter(organisation=OuterRef("pk"))))
        named = named.order_by("-is_pilot", F("name_key"), "pk")
        quotas = quotas.filter(organisation__in=named.values("pk")[:most])
    quotas = (
        quotas.select_related("organisation")
        .annotate(
            is_pilot=Exists(units.filter(organisation=OuterRef("organisation"))),
            used=_in_play(is_extra=False),
            extra=_in_play(is_extra=True),
        )
        .order_by("-is_pilot", F("organisation__name_key"), "organisation_id")
    )
    rows = []
    for organisation, found in groupby(quotas, lambda quota: quota.organisation):
        by_type = {quota.award_type: quota for quota in found}
        cells = [(label, by_type.get(value)) for value, label in cycle.type_labels]
        rows.append(Row(organisation, any(q.is_pilot for q in by_type.values()), cells))
    return rows


def place_words(nomination):
    """Which place a nomination takes, and while that is open how many there are and are taken."""
    cycle, award_type = nomination.cycle, nomination.award_type
    kind = "试点加配名额" if nomination.is_extra else "基本名额"
    if cycle.state != CycleState.OPEN:
        return kind
    if nomination.is_extra:
        is_unit = award_type in UNIT_TYPES
        taken = cycle.tally["extra_units" if is_unit else "extra_youth"]
        places, of_what = cycle.extra_places(award_type), "集体" if is_unit else "个人"
    else:
        quotas = cycle.quotas.filter(organisation=nomination.organisation_id, award_type=award_type)
        quota = quotas.annotate(used=_in_play(is_extra=False)).first()
        places, taken = (quota.places, quota.used) if quota else (0, 0)
        of_what = "该单位该奖项"
    own = "，含本项" if nomination.state in IN_PLAY else ""
    return f"{kind}（{of_what} {places} 个，已占用 {taken} 个{own}）"


def _in_play(is_extra):
    """How many nominations of a quota's organisation and type take a place."""
    same = {name: OuterRef(name) for name in ("cycle", "organisation", "award_type")}
    counted = (
        Nomination.objects.in_play()
        .filter(**same, is_extra=is_extra)
        .order_by()
        .values("award_type")
        .annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("number")), 0)


def extra_words(cycle):
    """How many of the pilot's extra places are used, in a sentence."""
    return (
        f"试点加配：集体 {cycle.extra_unit_places} 个（已用 {cycle.tally['extra_units']}），"
        f"个人 {cycle.extra_youth_places} 个（已用 {cycle.tally['extra_youth']}）；"
        "须有已认定的突出贡献。"
    )
