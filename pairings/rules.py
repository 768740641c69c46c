"""Predicates on (person, joint matter): which side one is on, and the permissions made of them."""

import rules

from accounts.rules import Permission
from mentors.rules import is_active, may_review


@rules.predicate
def is_on_a_side(user, joint):
    return bool(joint.sides_of(user))


@rules.predicate
def is_on_entering_side(user, joint):
    return joint.entered_side in joint.sides_of(user)


@rules.predicate
def is_on_other_side(user, joint):
    return joint.other_side in joint.sides_of(user)


@rules.predicate
def wrote_it(user, joint):
    return joint.was_written_by(user)


@rules.predicate
def is_partner_member(user, joint):
    return "partner" in joint.sides_of(user)


@rules.predicate
def reviews(user, joint):
    return may_review_joint(joint, user)


active = Permission((is_active, "账户已停用。"))
may_review_joint = may_review & Permission(
    (~is_partner_member, "您是结对单位的成员，按回避规定由他人办理。")
)
may_enter = active & Permission(
    (is_on_a_side, "由结对双方的成员登记；没有账户的一方由团县委初审人代录。")
)
may_enter_on_behalf = may_review_joint
may_answer = active & Permission(
    (is_on_other_side, "由登记方的对方确认；登记方自己不能确认。"),
    (~is_on_entering_side, "您同时是结对双方的成员，由对方的其他成员确认。"),
    (~wrote_it, "这是您登记或更正的，由对方的其他成员确认。"),
)
may_correct = active & Permission((is_on_entering_side, "由登记方的成员更正。"))
may_take_back = active & Permission((is_on_entering_side, "由登记方的成员撤回。"))
may_speak_for_absent = may_review_joint
may_withdraw = may_review_joint
may_add_results = active & Permission(
    (is_on_a_side | reviews, "由结对双方的成员补充；没有账户的由团县委初审人代录。")
)
