"""Who switches a unit's public page on and off."""

import rules
from django.db.models import Exists, OuterRef

from accounts.models import Duty, User
from accounts.rules import Permission, holds, is_signed_in
from mentors.models import guides
from mentors.standing import belongs

SWITCHING_DUTIES = (Duty.APPROVER, Duty.REVIEWER)


@rules.predicate
def guides_the_unit(user, unit):
    return guides(unit, user).exists()


@rules.predicate
def belongs_to_the_unit(user, unit):
    return belongs(unit.organisation_id, unit.organisation.parent_id, user).exists()


# Nobody decides on his own unit (DOMAIN, Principles), on what is shown of it neither.
may_switch = Permission(
    (is_signed_in, "账户已停用。"),
    (holds(*SWITCHING_DUTIES), "公开页由团县委审批或初审人员开放和关闭。"),
    (~guides_the_unit, "您是该单位的指导员，按回避规定由其他人员办理。"),
    (~belongs_to_the_unit, "您是该单位或其上级团组织的成员，按回避规定由其他人员办理。"),
)


def who_may_switch(unit):
    """The people who satisfy `may_switch` for the unit, in one query."""
    person = OuterRef("pk")
    tied = belongs(unit.organisation_id, unit.organisation.parent_id, person)
    able = User.objects.active().with_duty(*SWITCHING_DUTIES)
    return able.exclude(Exists(guides(unit, person)) | Exists(tied))
