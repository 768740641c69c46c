"""Predicates on (person, matter) of award cycles, nominations, 突出贡献 and campaigns."""

import rules

from accounts.models import Duty
from accounts.rules import Permission, holds
from mentors.rules import has, is_active, is_mentor, is_unit_member, may_approve


@rules.predicate
def is_on_behalf(user, nomination):
    return nomination.is_on_behalf


def staffs(duty):
    """A predicate: the person holds `duty` today, as the cycle's staff was read from the database."""
    return rules.predicate(
        lambda user, cycle: user.pk in {person.pk for person in cycle.staff[duty]},
        name=f"staffs_{duty}",
    )


@rules.predicate
def is_tied_to_a_nominee(user, cycle):
    return any(person.pk == user.pk and person.is_tied for person in cycle.people_concerned())


@rules.predicate
def proposed_it(user, contribution):
    return contribution.proposed_by_id == user.pk


may_open_cycle = Permission((holds(Duty.REVIEWER), "评优由有初审职责的人员组织。"))
may_run_cycle = Permission((staffs(Duty.REVIEWER), "评优由有初审职责的人员组织。"))
may_conclude = Permission(
    (staffs(Duty.APPROVER), "您没有审批职责。"),
    (
        ~is_tied_to_a_nominee,
        "您是某个被推荐单位的指导员，或是该单位、其上级团组织的成员，按回避规定由他人公布结果。",
    ),
)
may_nominate = Permission(
    (is_active, "账户已停用。"),
    (
        (~is_on_behalf & is_unit_member) | (is_on_behalf & has(Duty.REVIEWER)),
        "由推荐单位的成员办理；代录的由有初审职责的人员办理。",
    ),
    who="推荐单位",
)
may_propose = Permission(
    (is_active, "账户已停用。"),
    (is_mentor | has(Duty.REVIEWER), "突出贡献由该单位现任指导员或有初审职责的人员提出。"),
)
may_recognise = may_approve & Permission(
    (~proposed_it, "这项突出贡献是您提出的，按回避规定由他人认定。")
)
may_withdraw_contribution = Permission(
    (is_active, "账户已停用。"), (proposed_it, "只有提出人可以撤回。")
)
may_record_campaigns = Permission((holds(Duty.REVIEWER), "由有初审职责的人员登记。"))
