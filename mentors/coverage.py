"""Who can review, approve and pay today, unit by unit, and where nobody can (DOMAIN, People)."""

import dataclasses
from collections import defaultdict

from django.db.models import Prefetch

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


def coverage():
    """The Cover of every unit under way, in four queries however many there are."""
    holders = _holders()
    tied = _tied_people()
    people = {person for duty in holders.values() for person in duty}
    rows = []
    for unit in _units_under_way():
        mentor_ids = {assignment.mentor_id for assignment in unit.guided_by}
        organisation = unit.organisation
        barred = mentor_ids | tied[organisation.pk] | tied[organisation.parent_id]
        free = {d: [p for p in holders[d] if p.pk not in barred] for d in holders}
        recused = sorted((p for p in people if p.pk in barred), key=lambda p: p.name_key)
        rows.append(
            Cover(unit, free[Duty.REVIEWER], free[Duty.APPROVER], free[Duty.CASHIER], recused)
        )
    return rows


def units_without_decider():
    """The units on which a matter beginning today could not be decided and paid, as Covers."""
    return [cover for cover in coverage() if cover.gaps]


def _units_under_way():
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


def _tied_people():
    """{organisation's id: ids of the people whose membership there bars them}."""
    tied = defaultdict(set)
    for organisation_id, user_id in tying_memberships().values_list("organisation_id", "user_id"):
        tied[organisation_id].add(user_id)
    return tied
