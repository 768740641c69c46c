"""Who can review, approve and pay today, unit by unit, and where nobody can (DOMAIN, People)."""

import dataclasses
from collections import defaultdict

from django.db.models import Prefetch, Q

from accounts.models import Duty, DutyGrant
from mentors.models import MentorAssignment
from mentors.standing import tying_memberships
from units.models import PilotUnit, ProgrammeState, UnitState


@dataclasses.dataclass
class Cover:
    """One unit's deciders for a matter that begins today; who is recused is left out."""

    unit: PilotUnit
    reviewers: list
    approvers: list
    cashiers: list
    recused: list

    @property
    def gaps(self):
        """What is missing, in sentences; empty when a matter can go all the way."""
        duties = [("初审", self.reviewers), ("审批", self.approvers), ("拨付", self.cashiers)]
        missing = [f"没有人可以{label}" for label, people in duties if not people]
        if not missing and not self._can_be_shared_out():
            missing = ["相邻环节只有同一个人可以办理"]
        return missing

    def _can_be_shared_out(self):
        """Whether one approves, another reviews and another pays (review and pay may be one)."""
        return any(
            set(self.reviewers) - {approver} and set(self.cashiers) - {approver}
            for approver in self.approvers
        )


def coverage(units=None):
    """The Covers of `units` (a queryset or a page of one), by default of every unit under way.

    Four queries however many there are.
    """
    units = units_under_way() if units is None else units
    holders = _holders()
    people = {person for duty in holders.values() for person in duty}
    tied = _tied_people([person.pk for person in people])
    rows = []
    for unit in units:
        barred = {assignment.mentor_id for assignment in unit.guided_by}
        barred |= tied[unit.organisation_id] | tied[unit.organisation.parent_id]
        recused = sorted((p for p in people if p.pk in barred), key=lambda p: p.name_key)
        rows.append(Cover(unit, *_free(holders, barred), recused))
    return rows


def without_decider():
    """The units under way on which a matter beginning today could not be decided and paid.

    Only where somebody is tied to a unit can more be missing there than anywhere, so only such
    units are looked at one by one.
    """
    holders = _holders()
    units = units_under_way()
    if Cover(None, *_free(holders, ()), []).gaps:
        return units
    deciders = {person.pk for duty in holders.values() for person in duty}
    barred = _barred_by_unit(deciders)
    missing = [pk for pk, ids in barred.items() if Cover(None, *_free(holders, ids), []).gaps]
    return units.filter(pk__in=missing)


def units_without_decider():
    """The Covers of the units `without_decider`."""
    return coverage(without_decider())


def _free(holders, barred):
    """(reviewers, approvers, cashiers) who are not among the ids `barred`."""
    duties = (Duty.REVIEWER, Duty.APPROVER, Duty.CASHIER)
    return [[person for person in holders[duty] if person.pk not in barred] for duty in duties]


def _barred_by_unit(deciders):
    """{unit's id: those of the ids `deciders` who may not decide there}, units without any left out."""
    guiding = MentorAssignment.objects.current().filter(mentor__in=deciders)
    guiding = list(guiding.values_list("pilot_unit_id", "mentor_id"))
    tied = {key: ids for key, ids in _tied_people(deciders).items() if key is not None}
    units = units_under_way().filter(
        Q(pk__in=[unit for unit, _ in guiding])
        | Q(organisation__in=tied)
        | Q(organisation__parent__in=tied)
    )
    barred = {}
    places = units.order_by().values_list("pk", "organisation_id", "organisation__parent_id")
    for pk, organisation, parent in places:
        barred[pk] = tied.get(organisation, set()) | tied.get(parent, set())
    for unit, mentor in guiding:
        if unit in barred:
            barred[unit].add(mentor)
    return barred


def units_under_way():
    """The units of active programmes that still take part, with their organisation and mentor."""
    units = PilotUnit.objects.filter(state=UnitState.ACTIVE, programme__state=ProgrammeState.ACTIVE)
    current = Prefetch("mentor_assignments", MentorAssignment.objects.current(), "guided_by")
    return units.select_related("organisation").prefetch_related(current)


def _holders():
    """{duty: [people who hold it today]} for the three deciding duties."""
    holders = {Duty.REVIEWER: [], Duty.APPROVER: [], Duty.CASHIER: []}
    grants = DutyGrant.objects.current().filter(duty__in=holders, user__is_active=True)
    for grant in grants.select_related("user").order_by("user__name_key", "user_id"):
        holders[Duty(grant.duty)].append(grant.user)
    return holders


def _tied_people(deciders):
    """{organisation's id: ids of those `deciders` whose membership there bars them}."""
    tied = defaultdict(set)
    memberships = tying_memberships().filter(user__in=deciders)
    for organisation_id, user_id in memberships.values_list("organisation_id", "user_id"):
        tied[organisation_id].add(user_id)
    return tied
