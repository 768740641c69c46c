"""Who may read and write the 情况汇报."""

from accounts.models import Duty
from accounts.rules import Permission, holds, reads_everything
from units.models import PilotProgramme

WRITING_DUTIES = (Duty.APPROVER, Duty.REVIEWER)

may_read_briefing = reads_everything
# The report is the committee's own word: who reviews and who approves writes it; leaders, the
# cashier and the administrator read it.
may_write_briefing = Permission(
    (holds(*WRITING_DUTIES), "汇报由初审和审批人员撰写、定稿，您可以查看和导出。")
)


def programmes_reported_to(user):
    """The programmes (a queryset) whose reports `user` reads: all of them for the county's people."""
    return PilotProgramme.objects.all() if user.is_county else PilotProgramme.objects.none()
