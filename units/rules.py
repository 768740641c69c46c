"""Who may run the programme and answer suggestions."""

from accounts.models import Duty
from accounts.rules import Permission, holds, is_administrator

ANSWERING_DUTIES = (Duty.APPROVER, Duty.REVIEWER, Duty.ADMINISTRATOR)

may_run_programme = Permission((is_administrator, "只有系统管理员可以设置试点工作。"))
may_answer = Permission(
    (holds(*ANSWERING_DUTIES), "意见建议由团县委审批、初审或系统管理人员答复。")
)
