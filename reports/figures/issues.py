"""Figures of what is still open: the report's 存在问题, each with the records behind it."""

from django.db.models import F
from django.urls import reverse

from funds.models import Application, State
from mentors.models import Difficulty
from pilotwork.clock import end_of
from pilotwork.sql import AddDays
from reports.figures.figure import EachRow, Figure
from reports.figures.joint_work import page_of, shortened


def missing_closures(programme, on):
    """Applications that stood approved at the end of `on`, their activity over longer than allowed."""
    due = AddDays(F("ends_on"), F("pilot_unit__programme__closure_grace_days"))
    return (
        Application.objects.filter(pilot_unit__programme=programme)
        .as_of(end_of(on))
        .annotate(due_on=due)
        .filter(state_then=State.APPROVED, due_on__lt=on)
        .order_by()
    )


def open_difficulties(programme, on):
    """Difficulties raised by `on` that the unit had not confirmed as solved by then."""
    raised = Difficulty.objects.filter(pilot_unit__programme=programme, raised_on__lte=on)
    return raised.exclude(confirmed_on__lte=on).order_by()


ISSUE_FIGURES = [
    Figure(
        key="missing_closures",
        label="逾期未结项数",
        unit="项",
        meaning="截止日已立项、活动结束超过规定天数还没有报送结项的项目。按立项和报送结项的日期统计。",
        tally=EachRow(),
        rows=missing_closures,
        day=lambda application: application.due_on,
        day_label="结项期限",
        what=lambda application: f"{application.number} {application.name}",
        address=lambda application: reverse("funds:application", args=[application.pk]),
        newest=("-due_on", "-pk"),
    ),
    Figure(
        key="open_difficulties",
        label="未解决困难数",
        unit="件",
        meaning="截止日以前提出、单位到截止日还没有确认解决的实际困难。按提出和确认的日期统计。",
        tally=EachRow(),
        rows=open_difficulties,
        day=lambda difficulty: difficulty.raised_on,
        day_label="提出日期",
        what=lambda difficulty: shortened(difficulty.description),
        address=page_of("mentors:difficulty"),
        newest=("-raised_on", "-pk"),
    ),
]
