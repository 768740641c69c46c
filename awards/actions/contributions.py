"""Verbs on 突出贡献: proposed by the mentor or a reviewer, decided by the approver."""

from django.db import transaction

from accounts.matters import NotPermitted, record, require, take, verb
from awards.cycle_rules import may_propose
from awards.models import Contribution, ContributionFile
from pilotwork import clock


@transaction.atomic
def propose(pilot_unit, *, by, deeds, person="", uploads=()):
    """Propose a 突出贡献 of the unit, or of `person` of its youth; `uploads` are `Accepted` files.

    The unit's mentor of today or a reviewer (NotPermitted). Returns the Contribution.
    """
    contribution = Contribution(
        pilot_unit=pilot_unit,
        person=" ".join(person.split()),
        deeds=deeds,
        proposed_by=by,
        state_since=clock.now(),
        began_on=clock.today(),
    )
    reason = may_propose.why_not(contribution, by)
    if reason:
        raise NotPermitted(reason)
    contribution._history_user = by
    contribution.save()
    record(
        contribution,
        "propose",
        label="提出",
        source="",
        by=by,
        at=clock.now(),
        details={"person": contribution.person},
    )
    for upload in uploads:
        ContributionFile.keep(upload, by=by, contribution=contribution)
    return contribution


@verb
def recognise(contribution, *, by, opinion="", minutes_number="", seen=None):
    """The approver recognises it; it can carry an extra place."""
    require(contribution, "recognise", by, seen=seen)
    take(contribution, "recognise", by=by, opinion=opinion, minutes_number=minutes_number)
    return contribution


@verb
def decline(contribution, *, by, opinion, seen=None):
    """The approver does not recognise it, and why."""
    require(contribution, "decline", by, seen=seen)
    take(contribution, "decline", by=by, opinion=opinion)
    return contribution


@verb
def withdraw(contribution, *, by, opinion="", seen=None):
    """Whoever proposed it takes it back before it is decided."""
    require(contribution, "withdraw", by, seen=seen)
    take(contribution, "withdraw", by=by, opinion=opinion)
    return contribution
