"""Whether a person belongs to a pilot unit or guides one at all: most of the staff do neither."""

import dataclasses

from django.db.models import Exists, OuterRef

from accounts.models import User
from mentors.models.assignments import MentorAssignment
from units.models import Membership


@dataclasses.dataclass(frozen=True)
class Ties:
    """What ties a person to pilot units today."""

    is_member: bool
    is_mentor: bool


def ties_in_sql(user):
    """{is_member, is_mentor} as expressions; `user` is a person or an OuterRef."""
    memberships = Membership.objects.current().filter(user=user)
    return {
        "is_member": Exists(memberships.filter(organisation__pilot_units__isnull=False)),
        "is_mentor": Exists(MentorAssignment.objects.current().filter(mentor=user)),
    }


def remember_ties(user, *, is_member, is_mentor):
    """Keep what a query has already said, so that `ties_of` need not ask again."""
    user.pilot_ties = Ties(is_member, is_mentor)


def ties_of(user):
    """The Ties of a person (one query, kept on the person for the request)."""
    if not hasattr(user, "pilot_ties"):
        row = User.objects.filter(pk=user.pk).values(**ties_in_sql(OuterRef("pk"))).first()
        remember_ties(user, **(row or {"is_member": False, "is_mentor": False}))
    return user.pilot_ties
