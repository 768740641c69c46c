"""What a mentor brings about besides visiting: research, coordinated money, difficulties solved."""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from accounts.models import User
from mentors.models.visits import OfUnitQuerySet, Visit
from mentors.rules import may_act_for_unit, may_serve, may_write_documents
from mentors.standing import UnitMatter
from pilotwork import clock
from pilotwork.history import History
from pilotwork.money import MoneyField
from units.models import PilotUnit


class Research(models.Model):
    """调研: what a mentor looked into before a plan is written."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="research", verbose_name="试点单位"
    )
    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, null=True, related_name="research", verbose_name="走访"
    )
    on = models.DateField("日期")
    summary = models.TextField("调研内容", max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="调研人")
    recorded_at = models.DateTimeField("记录时间", default=clock.now)

    objects = OfUnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "调研"
        verbose_name_plural = "调研"
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["-on", "-id"], name="research_newest")]

    def __str__(self):
        return self.summary[:30]


class Coordination(models.Model):
    """经费协调: money found for the unit elsewhere; not fund money, counted once received."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="coordinations", verbose_name="试点单位"
    )
    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, null=True, related_name="coordination", verbose_name="走访"
    )
    source = models.CharField("来源", max_length=80)
    amount = MoneyField("金额（元）")
    on = models.DateField("协调日期")
    purpose = models.CharField("用途", max_length=200, blank=True)
    received_on = models.DateField("到位日期", null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="协调人")
    recorded_at = models.DateTimeField("记录时间", default=clock.now)

    objects = OfUnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "经费协调"
        verbose_name_plural = "经费协调"
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["-on", "-id"], name="coordination_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="coordinated_is_positive"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=models.F("on")),
                name="received_after_coordinated",
                violation_error_message="到位日期不能早于协调日期。",
            ),
        ]

    def __str__(self):
        return f"{self.source} {self.amount} 元"


class DifficultyState(models.TextChoices):
    RAISED = "raised", "待解决"
    SOLVED = "solved", "待单位确认"
    CONFIRMED = "confirmed", "已解决"


# The verb that is waited for in each state; none in the others.
DIFFICULTY_WAITS_FOR = {DifficultyState.RAISED: "solve", DifficultyState.SOLVED: "confirm"}


class Difficulty(UnitMatter):
    """实际困难: raised, solved by measures, confirmed by the unit; only then does it count."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="difficulties", verbose_name="试点单位"
    )
    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, null=True, related_name="difficulty", verbose_name="走访"
    )
    description = models.TextField("困难", max_length=1000)
    raised_on = models.DateField("提出日期")
    raised_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    measures = models.TextField("解决措施", max_length=1000, blank=True)
    solved_on = models.DateField("解决日期", null=True)
    confirmed_on = models.DateField("单位确认日期", null=True)
    state = FSMField(
        "状态",
        choices=DifficultyState.choices,
        default=DifficultyState.RAISED,
        protected=True,
        editable=False,
    )

    objects = OfUnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "实际困难"
        verbose_name_plural = "实际困难"
        ordering = ["-raised_on", "-id"]
        indexes = [
            models.Index(fields=["state", "state_since"], name="difficulty_waiting"),
            models.Index(fields=["-raised_on", "-id"], name="difficulty_newest"),
            models.Index(fields=["pilot_unit", "state"], name="difficulty_of_unit"),
        ]

    def __str__(self):
        return self.description[:30]

    @property
    def main_verb(self):
        """The verb that is waited for; empty once the unit has confirmed."""
        return DIFFICULTY_WAITS_FOR.get(self.state, "")

    @transition(
        "state",
        source=DifficultyState.RAISED,
        target=None,
        permission=may_write_documents,
        custom={"label": "更正"},
    )
    def reword(self):
        """The unit or its mentor says more exactly what stands in the way."""

    @transition(
        "state",
        source=DifficultyState.RAISED,
        target=DifficultyState.SOLVED,
        permission=may_serve,
        custom={"label": "报告已解决"},
    )
    def solve(self):
        """The mentor says what was done; the unit has the last word."""

    @transition(
        "state",
        source=DifficultyState.SOLVED,
        target=DifficultyState.CONFIRMED,
        permission=may_act_for_unit,
        custom={"label": "确认已解决"},
    )
    def confirm(self):
        """The unit says that it is solved."""

    @transition(
        "state",
        source=DifficultyState.SOLVED,
        target=DifficultyState.RAISED,
        permission=may_act_for_unit,
        custom={"label": "尚未解决"},
    )
    def reject(self):
        """The unit says that it is not, and why."""
