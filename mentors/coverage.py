"""Who can review, approve and pay today, unit by unit, and where nobody can (DOMAIN, People)."""

import dataclasses
from collections import defaultdict

from django.db.models import Prefetch, Q

from accounts.models import Duty, DutyGrant
from mentors.models import MentorAssignment
from mentors.standing import tying_memberships
from units.models import PilotUnit, UnitState


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


@dataclasses.dataclass(frozen=True)
class Deciders:
    """Who holds a deciding duty today, by duty, and which of them are tied to which organisation."""

    holders: dict
    tied: dict

    @classmethod
    def today(cls):
        """Read in two queries."""
        return cls.of(_holders())

    @classmethod
    def of(cls, holders):
        """Of {deciding duty: people} that were read already; one query."""
        return cls(holders, _tied_people({p.pk for duty in holders.values() for p in duty}))

    @property
    def people(self):
        """All of them."""
        return {person for duty in self.holders.values() for person in duty}

    def barred(self, organisation, parent, mentors):
        """The ids of those who may not decide where these are the organisation, parent and mentors."""
        nobody = frozenset()
        return self.tied.get(organisation, nobody) | self.tied.get(parent, nobody) | set(mentors)


def coverage(units=None, deciders=None):
    """The Covers of `units` (a queryset or a page of one), by default of all `units_decided_on`.

    Four queries however many there are, two without `deciders`.
    """
    deciders = deciders or Deciders.today()
    rows = []
    for unit in units_decided_on() if units is None else units:
        mentors = [assignment.mentor_id for assignment in unit.guided_by]
        organisation = unit.organisation
        barred = deciders.barred(organisation.pk, organisation.parent_id, mentors)
        recused = [person for person in deciders.people if person.pk in barred]
        recused.sort(key=lambda person: person.name_key)
        rows.append(Cover(unit, *_free(deciders.holders, barred), recused))
    return rows


def without_decider(deciders=None):
    """The keys of the `units_decided_on` of which a matter beginning today could not be decided
    and paid (two queries, two more without `deciders`).

    Only where somebody is tied to a unit can more be missing there than anywhere, so only such
    units are looked at one by one.
    """
    deciders = deciders or Deciders.today()
    units = units_decided_on().order_by()
    if Cover(None, *_free(deciders.holders, ()), []).gaps:
        return list(units.values_list("pk", flat=True))
    guiding = defaultdict(set)
    assigned = MentorAssignment.objects.current().filter(mentor__in=deciders.people)
    for unit, mentor in assigned.values_list("pilot_unit_id", "mentor_id"):
        guiding[unit].add(mentor)
    places = units.filter(
        Q(pk__in=list(guiding))
        | Q(organisation__in=list(deciders.tied))
        | Q(organisation__parent__in=list(deciders.tied))
    ).values_list("pk", "organisation_id", "organisation__parent_id")
    found = []
    for pk, organisation, parent in places:
        barred = deciders.barred(organisation, parent, guiding.get(pk, ()))
        if Cover(None, *_free(deciders.holders, barred), []).gaps:
            found.append(pk)
    return found


def units_without_decider():
    """The Covers of the units `without_decider`."""
    return coverage(units_decided_on().filter(pk__in=without_decider()))


def _free(holders, barred):
    """(reviewers, approvers, cashiers) who are not among the ids `barred`."""
    duties = (Duty.REVIEWER, Duty.APPROVER, Duty.CASHIER)
    return [[person for person in holders[duty] if person.pk not in barred] for duty in duties]


def units_decided_on():
    """The units on which something may still have to be decided, with organisation and mentor.

    Of programmes that are not archived: after the end of a pilot documents, closures, dues and
    recoveries stay open. No new matter begins with a unit that has left.
    """
    units = PilotUnit.objects.not_archived().exclude(state=UnitState.LEFT)
    current = Prefetch("mentor_assignments", MentorAssignment.objects.current(), "guided_by")
    return units.select_related("organisation", "programme").prefetch_related(current)


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
