"""The verb that opens a programme beside the ones there are, with all that goes on in it."""

import dataclasses

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.actions import require_administrator
from accounts.matters import record
from funds.actions.accounts import open_fund
from funds.actions.ledger import plan_receipt
from mentors.actions.assignments import assign_mentor
from mentors.models import MentorAssignment
from pairings.actions.pairs import pair
from pairings.models import Pairing
from pilotwork import clock
from units.models import PilotProgramme, PilotUnit
from units.organisation_actions import keep_pilot_units


@dataclasses.dataclass(frozen=True)
class Continuing:
    """A pilot unit that goes on in the new programme, with its mentor and its partner or without."""

    unit: PilotUnit
    with_mentor: bool = True
    with_partner: bool = True


def open_programme(
    *,
    by,
    name,
    year,
    starts_on,
    ends_on,
    basis_document="",
    like=None,
    planned=None,
    continuing=(),
    request_key=None,
):
    """新开试点: open a programme with its own fund; returns the PilotProgramme.

    `like` is the PilotProgramme whose settings it takes over (None: the standard ones), `planned`
    {Source: yuan} what the fund is meant to receive, `continuing` the Continuing units: each takes
    part anew from `starts_on`, with the mentor and the partner that it has in its old programme
    where these still are. All or nothing; a second call with the same `request_key` (UUID) returns
    the programme opened before. For administrators only (NotPermitted). Raises ValidationError for
    a name that is taken and an end before the start, Refused as the verbs of its parts do.
    """
    require_administrator(by)
    opened = _opened_before(request_key)
    if opened:
        return opened
    programme = PilotProgramme(
        name=name,
        year=year,
        basis_document=basis_document,
        starts_on=starts_on,
        ends_on=ends_on,
        state_since=clock.now(),
        request_key=request_key,
        **({field: getattr(like, field) for field in PilotProgramme.SETTINGS} if like else {}),
    )
    try:
        with transaction.atomic():
            _open(programme, by, planned or {}, continuing)
    except (IntegrityError, ValidationError):
        # Sent twice at the same moment, the second one waited for the first, or finds its name.
        opened = _opened_before(request_key)
        if opened is None:
            raise
        return opened
    return programme


def _opened_before(request_key):
    if request_key is None:
        return None
    return PilotProgramme.objects.filter(request_key=request_key).first()


def _open(programme, by, planned, continuing):
    programme._history_user = by
    programme.full_clean(exclude=["state", "request_key"])
    programme.save()
    details = {"units": len(continuing)}
    now = clock.now()
    record(programme, "open", label="新开试点", source="", by=by, at=now, details=details)
    account = open_fund(programme, by=by)
    for source, amount in planned.items():
        if amount:
            plan_receipt(account, by=by, source=source, amount=amount)
    units = [
        PilotUnit(
            programme=programme,
            organisation=one.unit.organisation,
            level=one.unit.level,
            joined_on=programme.starts_on,
        )
        for one in continuing
    ]
    keep_pilot_units(units, [], by=by)
    for one, unit in zip(continuing, units, strict=True):
        _carry_people(one, unit, by)


def _carry_people(one, unit, by):
    """Let the mentor and the partner of the old unit go on with the new one."""
    starts_on = unit.programme.starts_on
    if one.with_mentor:
        guiding = MentorAssignment.objects.filter(pilot_unit=one.unit, ends_on=None)
        current = guiding.select_related("mentor").first()
        if current and current.mentor.is_active:
            assign_mentor(unit, by=by, mentor=current.mentor, starts_on=starts_on)
    if one.with_partner:
        pairing = Pairing.objects.filter(pilot_unit=one.unit, ends_on=None).first()
        if pairing:
            pair(unit, pairing.partner, by=by, starts_on=starts_on)
