"""Verbs on pairs."""

import datetime as dt

from django.db import transaction

from accounts.actions import require_administrator
from pairings.models import Pairing
from pilotwork.refusals import Refused
from units.models import Kind
from units.models.archiving import require_open

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def pair(pilot_unit, partner, *, by, starts_on):
    """结对: pair a unit with an administrative unit's organisation, one current partner each.

    Of a programme: the next one may pair the same two again, each pair with its own records.
    """
    require_administrator(by)
    require_open(pilot_unit.programme)
    if partner.kind != Kind.ADMINISTRATIVE:
        raise Refused("结对单位应为行政单位的团组织。", "partner")
    if partner.pk == pilot_unit.organisation_id:
        raise Refused("单位不能与自己结对。", "partner")
    if Pairing.objects.filter(pilot_unit=pilot_unit, ends_on=None).exists():
        raise Refused("该试点单位已有结对单位，请先结束原结对。", "pilot_unit")
    programme = pilot_unit.programme
    others = Pairing.objects.filter(programme=programme, partner=partner, ends_on=None)
    if other := others.select_related("pilot_unit__organisation").first():
        raise Refused(f"该单位在“{programme}”已与{other.pilot_unit}结对。", "partner")
    pairing = Pairing(
        pilot_unit=pilot_unit, programme=programme, partner=partner, starts_on=starts_on
    )
    pairing._history_user = by
    pairing.save()
    return pairing


@transaction.atomic
def end_pairing(pairing, *, by, ends_on):
    """End a pair after the day `ends_on`; it stays in the records."""
    require_administrator(by)
    pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
    require_open(pairing.pilot_unit.programme)
    if pairing.ends_on is not None:
        raise Refused("该结对已结束。", stale=True)
    if ends_on < pairing.starts_on:
        raise Refused("结束日期不能早于开始日期。", "ends_on")
    pairing.ends_on = ends_on
    pairing._history_user = by
    pairing.save(update_fields=["ends_on"])
    return pairing
