"""Who may read and write the 情况汇报."""

from django.db.models import Exists, OuterRef

from accounts.models import Duty
from accounts.rules import Permission, holds, reads_everything
from funds.models import CarryOver, CarryOverState
from units.models import PilotProgramme

WRITING_DUTIES = (Duty.APPROVER, Duty.REVIEWER)

may_read_briefing = reads_everything
# The report is the committee's own word: who reviews and who approves writes it; leaders, the
# cashier and the administrator read it.
may_write_briefing = Permission(
    (holds(*WRITING_DUTIES), "汇报由初审和审批人员撰写、定稿，您可以查看和导出。")
)


def programmes_reported_to(user):
    """The programmes (a queryset) whose reports `user` reads: all of them for the county's people.

    Each says (`is_carried_on`) whether money of an earlier programme came into its fund.
    """
    came_in = CarryOver.objects.filter(to_programme=OuterRef("pk"), state=CarryOverState.BOOKED)
    programmes = PilotProgramme.objects.annotate(is_carried_on=Exists(came_in))
    return programmes if user.is_county else programmes.none()
