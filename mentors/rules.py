"""Predicates on (person, matter) that every decision on a unit is made of, with their sentences."""

import rules

from accounts.models import Act, Duty
from accounts.rules import Permission
from mentors.standing import ADJOINING


@rules.predicate
def is_active(user, matter):
    return user.is_authenticated and user.is_active


def has(duty):
    """A predicate: the person holds `duty` today, as the database says now."""
    return rules.predicate(
        lambda user, matter: duty in matter.standing_of(user).duties, name=f"has_{duty}"
    )


@rules.predicate
def guided_the_unit(user, matter):
    return matter.standing_of(user).was_mentor


@rules.predicate
def belongs_to_the_unit(user, matter):
    return matter.standing_of(user).belongs


@rules.predicate
def is_mentor(user, matter):
    return matter.standing_of(user).is_mentor


@rules.predicate
def is_unit_member(user, matter):
    return matter.standing_of(user).is_member


@rules.predicate
def was_there(user, visit):
    return user.pk in {visit.visitor_id, visit.recorded_by_id}


@rules.predicate
def stood_in(user, visit):
    return visit.is_stand_in and was_there(user, visit)


@rules.predicate
def visited_himself(user, visit):
    return user.pk == visit.visitor_id


def did_adjoining(act):
    """A predicate: the person has already done an act that adjoins `act` in this matter."""
    return rules.predicate(
        lambda user, matter: not matter.standing_of(user).acts.isdisjoint(ADJOINING[act]),
        name=f"did_adjoining_{act}",
    )


not_recused = Permission(
    (~guided_the_unit, "您是（或在本事项期间曾是）该单位的指导员，按回避规定只能提出意见。"),
    (~belongs_to_the_unit, "您是该单位或其上级团组织的成员，按回避规定只能提出意见。"),
)


DECIDERS = {Duty.REVIEWER: "初审人", Duty.APPROVER: "审批人", Duty.CASHIER: "财务"}


def decision(duty, act, duty_reason, adjoining_reason):
    """The permission of one act: the duty, no recusal, no adjoining act done before."""
    return (
        Permission((is_active, "账户已停用。"), (has(duty), duty_reason), who=DECIDERS[duty])
        & not_recused
        & Permission((~did_adjoining(act), adjoining_reason))
    )


may_review = decision(
    Duty.REVIEWER,
    Act.REVIEW,
    "您没有初审职责。",
    "您已在本事项中办理过审批，初审与审批不能由同一人办理。",
)
may_approve = decision(
    Duty.APPROVER,
    Act.APPROVE,
    "您没有审批职责。",
    "您已在本事项中办理过初审或拨付，相邻环节不能由同一人办理。",
)
may_pay = decision(
    Duty.CASHIER,
    Act.PAY,
    "您没有财务职责。",
    "您已在本事项中办理过审批，审批与拨付不能由同一人办理。",
)
may_act_for_unit = Permission(
    (is_active, "账户已停用。"), (is_unit_member, "只有该试点单位的成员可以办理。"), who="单位"
)
may_give_mentor_opinion = Permission(
    (is_active, "账户已停用。"), (is_mentor, "只有该单位现任指导员可以提出指导员意见。")
)

may_serve = Permission(
    (is_active, "账户已停用。"), (is_mentor, "只有该单位现任指导员可以办理。"), who="指导员"
)
may_write_documents = Permission(
    (is_active, "账户已停用。"),
    (is_unit_member | is_mentor, "由试点单位成员或现任指导员上传。"),
    who="单位或指导员",
)
may_agree = (
    Permission(
        (is_active, "账户已停用。"),
        (has(Duty.REVIEWER) | has(Duty.APPROVER), "免访由团县委初审或审批人员同意。"),
    )
    & not_recused
)
may_confirm_visit = may_review & Permission(
    (~was_there, "您是这次走访的走访人或记录人，按回避规定由他人确认。")
)
may_withdraw_visit = Permission(
    (is_active, "账户已停用。"),
    (
        is_mentor | stood_in | (has(Duty.REVIEWER) & ~guided_the_unit & ~belongs_to_the_unit),
        "由该单位现任指导员、代访的同事本人或初审人撤回。",
    ),
)
may_import_visit = (
    Permission(
        (is_active, "账户已停用。"),
        (has(Duty.REVIEWER), "以往走访由有初审职责的人员导入。"),
    )
    & not_recused
    & Permission((~visited_himself, "这次走访是您本人去的，按回避规定由他人导入。"))
)
