"""Where a person stands in a matter on a unit: duties, ties to the unit, acts done (DOMAIN, People).

Recusal (回避) is decided here and nowhere else. One query answers it for all the people a page has
to name; `without_conflict` says the same for many matters of one person.
"""

import dataclasses

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When

from accounts.matters import Matter
from accounts.models import Act, Duty, DutyGrant, TransitionLog, User
from mentors.models.assignments import MentorAssignment, guides
from pilotwork.prepared import PreparedRows
from pilotwork.sql import HasRow
from units.models import Membership, members_of
from units.models.archiving import OfProgramme

DECIDING_DUTIES = (Duty.APPROVER, Duty.REVIEWER, Duty.CASHIER)
# Of review, approve, pay in one matter nobody does two adjoining ones.
ADJOINING = {
    Act.REVIEW: [Act.APPROVE],
    Act.APPROVE: [Act.REVIEW, Act.PAY],
    Act.PAY: [Act.APPROVE],
}


def mentored_since(pilot_unit, user, began_on):
    """Assignments by which `user` guided the unit on any day since the matter began."""
    return MentorAssignment.objects.in_fact_since(began_on).filter(
        pilot_unit=pilot_unit, mentor=user
    )


def tying_memberships():
    """Memberships that keep a person from deciding; one in the county itself does not count."""
    return Membership.objects.current().filter(organisation__is_county=False)


def belongs(organisation, parent, user):
    """Memberships of `user` in the unit or in its parent."""
    return tying_memberships().filter(
        Q(organisation=organisation) | Q(organisation=parent), user=user
    )


def tied_by_membership(user, path, reached=""):
    """The condition that what `path` leads to is of the person's organisations, or of those below.

    Two sets of keys, read from his few memberships on: `reached` leads from an organisation to what
    is compared, the organisation itself or ``__pilot_units``.
    """
    memberships = tying_memberships().filter(user=user).order_by()
    tied = Q()
    for of_membership in (f"organisation{reached}", f"organisation__children{reached}"):
        keys = memberships.filter(**{f"{of_membership}__isnull": False}).values(of_membership)
        tied |= Q(**{f"{path}__in": keys})
    return tied


def acted(model, object_id, user, acts):
    """Log rows by which `user` did one of `acts` in the matter."""
    return TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id=object_id,
        by=user,
        act__in=acts,
    )


@dataclasses.dataclass(frozen=True)
class Standing:
    """One person's position in one matter, as of now."""

    duties: frozenset
    is_mentor: bool
    was_mentor: bool
    is_member: bool
    belongs: bool
    acts: frozenset


class UnitMatterQuerySet(models.QuerySet):
    def as_of(self, moment):
        """Annotate `state_then` and `since_then`: the state just before `moment`, and since when.

        As the log says it. Both are None where nothing was logged by then, as of a draft. Where the
        state has not changed since, the log need not be asked: that of most matters.
        """
        log = TransitionLog.objects.until(moment, self.model)
        changes = log.exclude(source=F("target"))
        first = self.model._meta.get_field("state").default
        unchanged = ~Q(state=first) & Q(state_since__lt=moment)
        logged = Subquery(log.values("target")[:1])
        return self.annotate(
            state_then=Case(When(unchanged, then=F("state")), default=logged),
            since_then=Subquery(changes.values("at")[:1]),
        )

    def without_conflict(self, user, act):
        """Matters in which nothing keeps `user` from doing `act`, given that he has the duty."""
        unit = self.model.unit_path
        return self.exclude(
            Q(HasRow(acted(self.model, OuterRef("pk"), user, ADJOINING[act])))
            | HasRow(mentored_since(OuterRef(unit), user, OuterRef("began_on")))
            | tied_by_membership(user, unit, "__pilot_units")
        )


class UnitMatter(OfProgramme, Matter):
    """A matter on one pilot unit; it begins on the day it is first drafted."""

    unit_path = "pilot_unit"
    # Set by a page: the person it is for is looked up together with everybody concerned.
    viewer_id = None

    began_on = models.DateField("起始日期", editable=False)

    class Meta:
        abstract = True

    def concerning_unit(self):
        """The pilot unit the matter is about."""
        return self.pilot_unit

    @property
    def closed_with(self):
        """A matter belongs to the unit's programme."""
        return self.concerning_unit().programme

    def people_concerned(self):
        """Everybody who could act here: staff with a deciding duty, the mentor, the members."""
        return self._standings[0]

    def standing_of(self, user):
        """The Standing of one person (loaded once for everybody concerned, and for him)."""
        people, standings = self._standings
        if user.pk not in standings:
            standings.update(self._load_standings(user.pk)[1])
        return standings.get(user.pk, Standing(frozenset(), *[False] * 4, frozenset()))

    def tie_of(self, user_id):
        """ "本单位指导员" of who guides, or guided, the unit since the matter began; else ""."""
        standing = self._standings[1].get(user_id)
        return "本单位指导员" if standing and standing.was_mentor else ""

    def ties_asked(self):
        """{name: value} of what `concerned` and `ties_of_person` are asked with."""
        organisation = self.concerning_unit().organisation
        return {
            "unit": self.concerning_unit().pk,
            "organisation": organisation.pk,
            "parent": organisation.parent_id,
            "began_on": self.began_on,
        }

    @classmethod
    def concerned(cls, at):
        """The people of `people_concerned` as a queryset; a kind of matter may add some."""
        return User.objects.filter(
            Exists(guides(at.unit, OuterRef("pk")))
            | Exists(members_of(at.organisation, OuterRef("pk")))
        )

    @classmethod
    def ties_of_person(cls, person, at):
        """What ties `person` (an OuterRef) to the unit, each fact of a Standing as an expression."""
        return {
            "is_mentor": Exists(guides(at.unit, person)),
            "was_mentor": Exists(mentored_since(at.unit, person, at.began_on)),
            "is_member": Exists(members_of(at.organisation, person)),
            "is_tied": Exists(belongs(at.organisation, at.parent, person)),
        }

    @property
    def _standings(self):
        if "_standings_cache" not in self.__dict__:
            self.__dict__["_standings_cache"] = self._load_standings()
        return self.__dict__["_standings_cache"]

    def _load_standings(self, person=None):
        """(people, {person's id: Standing}) of everybody concerned, or of one person; one query."""
        asked = {"matter": self.pk, "viewer": self.viewer_id, "person": person}
        # A prepared query names content types by id; an emptied database numbers them anew.
        kind = (type(self), ContentType.objects.get_for_model(type(self)).pk)
        rows = PEOPLE.fetch(kind, asked | self.ties_asked())
        return rows, {row.pk: _standing(row) for row in rows}


def _people(kind, at):
    """People with an account in use: one person, or everybody concerned; with what ties each."""
    matter, person = kind[0], OuterRef("pk")
    facts = matter.ties_of_person(person, at)
    held = DutyGrant.objects.current().filter(user=person)
    facts |= {f"duty_{duty}": Exists(held.filter(duty=duty)) for duty in DECIDING_DUTIES}
    facts |= {f"did_{act}": Exists(acted(matter, at.matter, person, [act])) for act in Act}
    if at.person is not None:
        people = User.objects.filter(pk=at.person)
    else:
        deciding = Exists(held.filter(duty__in=DECIDING_DUTIES))
        people = User.objects.filter(deciding | Q(pk=at.viewer)) | matter.concerned(at)
    return people.active().annotate(**facts)


def _standing(row):
    return Standing(
        duties=frozenset(d for d in DECIDING_DUTIES if getattr(row, f"duty_{d}")),
        is_mentor=bool(row.is_mentor),
        was_mentor=bool(row.was_mentor),
        is_member=bool(row.is_member),
        belongs=bool(row.is_tied),
        acts=frozenset(a for a in Act if getattr(row, f"did_{a}")),
    )


PEOPLE = PreparedRows(_people)
