"""意见建议: what anybody says to the county."""

from django.db import models
from django_fsm import FSMField, transition

from accounts.matters import Matter
from accounts.models import User
from pilotwork import clock
from units import rules


class SuggestionState(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    FILED = "filed", "已归档"


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """County staff see all, everybody else his own."""
        return self if user.is_county else self.filter(author=user)


class Suggestion(Matter):
    """意见建议: what anybody wants to say to the county, and the county's answer."""

    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="suggestions", verbose_name="提出人"
    )
    text = models.TextField("内容", max_length=2000)
    created_at = models.DateTimeField("提出时间", default=clock.now)
    answer = models.TextField("答复", max_length=2000, blank=True)
    state = FSMField(
        "状态",
        choices=SuggestionState.choices,
        default=SuggestionState.OPEN,
        protected=True,
        editable=False,
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = "意见建议"
        verbose_name_plural = "意见建议"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "state_since"])]

    def __str__(self):
        return self.text[:30]

    @property
    def main_verb(self):
        """The verb that its author waits for; empty once it is answered or filed."""
        return "reply" if self.state == SuggestionState.OPEN else ""

    def people_concerned(self):
        return User.objects.active().with_duty(*rules.ANSWERING_DUTIES).with_grants()

    @transition(
        "state",
        source=SuggestionState.OPEN,
        target=SuggestionState.ANSWERED,
        permission=rules.may_answer,
        custom={"label": "答复"},
    )
    def reply(self):
        """The county answers; the author reads it here."""

    @transition(
        "state",
        source=[SuggestionState.OPEN, SuggestionState.ANSWERED],
        target=SuggestionState.FILED,
        permission=rules.may_answer,
        custom={"label": "归档"},
    )
    def file(self):
        """Nothing more is to be done."""
