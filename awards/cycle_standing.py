"""Where a person stands in a nomination: its organisation need not be a pilot unit.

The same facts as in `mentors.standing`, asked of the organisation: whoever guides it as a pilot unit,
in whatever programme, is its mentor; where it is none there is no mentor, and the rest holds.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import DutyGrant, User
from mentors.models import MentorAssignment
from mentors.standing import ADJOINING, DECIDING_DUTIES, UnitMatter, acted, belongs
from units.models import members_of


def mentors_now(organisation, user):
    """Assignments by which `user` guides the organisation today; either may be an OuterRef."""
    return MentorAssignment.objects.current().filter(
        pilot_unit__organisation=organisation, mentor=user
    )


def mentors_since(organisation, user, began_on):
    """Assignments by which `user` guided the organisation on any day since the matter began."""
    return MentorAssignment.objects.since(began_on).filter(
        pilot_unit__organisation=organisation, mentor=user
    )


def is_tied(user):
    """The condition that a nomination's organisation is one on which `user` may not decide."""
    organisation = OuterRef("organisation")
    return Q(
        Exists(mentors_since(organisation, user, OuterRef("began_on")))
        | Exists(belongs(organisation, OuterRef("organisation__parent"), user))
    )


class OrganisationMatterQuerySet(models.QuerySet):
    def tied_to(self, user):
        """Matters of organisations that `user` guided since they began, or belongs to or above."""
        return self.filter(is_tied(user))

    def without_conflict(self, user, act):
        """Matters in which nothing keeps `user` from doing `act`, given that he has the duty."""
        return self.exclude(
            is_tied(user) | Q(Exists(acted(self.model, OuterRef("pk"), user, ADJOINING[act])))
        )


class OrganisationMatter(UnitMatter):
    """A matter on one organisation of the League, pilot unit or not."""

    class Meta:
        abstract = True

    def concerned(self):
        """Staff with a deciding duty, whoever guides the organisation, its members."""
        person = OuterRef("pk")
        deciding = DutyGrant.objects.current().filter(user=person, duty__in=DECIDING_DUTIES)
        return User.objects.filter(
            Exists(deciding)
            | Exists(mentors_now(self.organisation_id, person))
            | Exists(members_of(self.organisation_id, person))
            | Q(pk=self.viewer_id)
        )

    def ties_of_person(self, person):
        """What ties `person` (an OuterRef) to the organisation."""
        organisation = self.organisation
        return {
            "is_mentor": Exists(mentors_now(organisation.pk, person)),
            "was_mentor": Exists(mentors_since(organisation.pk, person, self.began_on)),
            "is_member": Exists(members_of(organisation.pk, person)),
            "is_tied": Exists(belongs(organisation.pk, organisation.parent_id, person)),
        }
