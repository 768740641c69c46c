"""Where a person stands in a nomination: its organisation need not be a pilot unit.

The same facts as in `mentors.standing`, asked of the organisation: whoever guides it as a pilot unit,
in whatever programme, is its mentor; where it is none there is no mentor, and the rest holds.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from mentors.models import MentorAssignment
from mentors.standing import ADJOINING, UnitMatter, acted, belongs, tied_by_membership
from pilotwork.sql import HasRow
from units.models import members_of


def mentors_now(organisation, user):
    """Assignments by which `user` guides the organisation today; either may be an OuterRef."""
    return MentorAssignment.objects.current().filter(
        pilot_unit__organisation=organisation, mentor=user
    )


def mentors_since(organisation, user, began_on):
    """Assignments by which `user` guided the organisation on any day since the matter began."""
    return MentorAssignment.objects.in_fact_since(began_on).filter(
        pilot_unit__organisation=organisation, mentor=user
    )


def is_tied(user):
    """The condition that a nomination's organisation is one on which `user` may not decide."""
    mentored = mentors_since(OuterRef("organisation"), user, OuterRef("began_on"))
    return HasRow(mentored) | tied_by_membership(user, "organisation")


class OrganisationMatterQuerySet(models.QuerySet):
    def tied_to(self, user):
        """Matters of organisations that `user` guided since they began, or belongs to or above."""
        return self.filter(is_tied(user))

    def without_conflict(self, user, act):
        """Matters in which nothing keeps `user` from doing `act`, given that he has the duty."""
        return self.exclude(
            is_tied(user) | Q(HasRow(acted(self.model, OuterRef("pk"), user, ADJOINING[act])))
        )


class OrganisationMatter(UnitMatter):
    """A matter on one organisation of the League, pilot unit or not."""

    class Meta:
        abstract = True

    @property
    def closed_with(self):
        """It belongs to the programme of its cycle."""
        return self.cycle.programme

    def ties_asked(self):
        organisation = self.organisation
        return {
            "organisation": organisation.pk,
            "parent": organisation.parent_id,
            "began_on": self.began_on,
        }

    @classmethod
    def concerned(cls, at):
        """Whoever guides the organisation, and its members."""
        return User.objects.filter(
            Exists(mentors_now(at.organisation, OuterRef("pk")))
            | Exists(members_of(at.organisation, OuterRef("pk")))
        )

    @classmethod
    def ties_of_person(cls, person, at):
        """What ties `person` (an OuterRef) to the organisation."""
        return {
            "is_mentor": Exists(mentors_now(at.organisation, person)),
            "was_mentor": Exists(mentors_since(at.organisation, person, at.began_on)),
            "is_member": Exists(members_of(at.organisation, person)),
            "is_tied": Exists(belongs(at.organisation, at.parent, person)),
        }
