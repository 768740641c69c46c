"""Who may run the programme and answer suggestions."""

import rules

from accounts.models import Duty
from accounts.rules import Permission, holds, is_administrator

ANSWERING_DUTIES = (Duty.APPROVER, Duty.REVIEWER, Duty.ADMINISTRATOR)


holds_answering_duty = holds(*ANSWERING_DUTIES)


@rules.predicate
def is_of_the_unit_spoken_of(user, suggestion):
    return user.pk in suggestion.member_ids


may_run_programme = Permission((is_administrator, "只有系统管理员可以设置试点工作。"))
may_open_archive = Permission(
    (holds(Duty.APPROVER), "撤销归档由有审批职责的人员决定。"), who="审批人"
)
may_answer = Permission(
    (holds_answering_duty, "意见建议由团县委审批、初审或系统管理人员答复。"),
    (~is_of_the_unit_spoken_of, "这是访客对您所在单位的意见，由其他人员答复。"),
)
