"""试点工作: the programme with its settings, and the working calendar."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from accounts.matters import Matter
from accounts.models import User
from pilotwork import clock
from pilotwork.history import History
from pilotwork.money import MoneyField, to_yuan
from pilotwork.workdays import week_of
from units import rules

ARCHIVED = "“{}”已归档，只能查阅和打印，不能再办理。"


class ProgrammeState(models.TextChoices):
    ACTIVE = "active", "进行中"
    ENDED = "ended", "已结束"
    ARCHIVED = "archived", "已归档"


class PilotProgrammeQuerySet(models.QuerySet):
    def not_archived(self):
        """Programmes on which something may still be done."""
        return self.exclude(state=ProgrammeState.ARCHIVED)


class PilotProgramme(Matter):
    """试点工作: one pilot with its basis document, dates and settings."""

    # What the office set in one programme holds in the next until it is changed there.
    SETTINGS = (
        "closure_grace_days",
        "min_working_days",
        "backdating_days",
        "dues_rate",
        "dues_share",
        "reward_amount",
        "extra_unit_places",
        "extra_youth_places",
        "notice_days",
    )

    name = models.CharField("名称", max_length=80, unique=True)
    basis_document = models.CharField("依据文件", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    state = FSMField(
        "状态",
        choices=ProgrammeState.choices,
        default=ProgrammeState.ACTIVE,
        protected=True,
        editable=False,
    )
    # The last day of a pilot that was ended; what came after it (archiving) does not move it.
    ended_on = models.DateField("结束办理日期", null=True, editable=False)
    # The form that opened it, so that one sent twice opens one.
    request_key = models.UUIDField("提交标识", null=True, unique=True, editable=False)
    closure_grace_days = models.PositiveSmallIntegerField(
        "结项期限（天）", default=30, help_text="活动结束后超过此天数未报结项，列为待办。"
    )

    min_working_days = models.PositiveSmallIntegerField(
        "应访周最少工作日（天）",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="一周内在任工作日不足此数，当周不计应访。",
    )
    backdating_days = models.PositiveSmallIntegerField(
        "补录期限（天）", default=14, help_text="超过此天数补录的走访须经初审人确认。"
    )

    dues_rate = MoneyField(
        "团费标准（元/人/年）", null=True, blank=True, help_text="按人数计算应上缴团费时使用。"
    )
    dues_share = models.PositiveSmallIntegerField(
        "团费上缴比例（%）",
        default=25,
        validators=[MaxValueValidator(100)],
        help_text="团县委按收缴团费向上级上缴的比例，只作提示。",
    )
    reward_amount = MoneyField("典型奖励金额（元）", default=to_yuan("500"))
    extra_unit_places = models.PositiveSmallIntegerField("试点加配集体名额", default=1)
    extra_youth_places = models.PositiveSmallIntegerField("试点加配个人名额", default=1)
    notice_days = models.PositiveSmallIntegerField(
        "公示期（工作日）", default=5, validators=[MinValueValidator(1)]
    )

    objects = PilotProgrammeQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "试点工作"
        verbose_name_plural = "试点工作"
        ordering = ["-year", "-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="programme_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(state=ProgrammeState.ACTIVE, ended_on__isnull=True)
                | (~Q(state=ProgrammeState.ACTIVE) & Q(ended_on__isnull=False)),
                name="programme_that_is_over_has_its_day",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def main_verb(self):
        """Nobody waits for the end of a programme."""
        return ""

    def people_concerned(self):
        return User.objects.active().with_duty("administrator", "approver").with_grants()

    @property
    def closed_book(self):
        """Why nothing on this programme may be done any more, in a sentence; else ""."""
        return ARCHIVED.format(self) if self.state == ProgrammeState.ARCHIVED else ""

    @property
    def has_begun(self):
        """Whether its first day has come."""
        return self.starts_on <= clock.today()

    @property
    def state_words(self):
        """The state as people say it: one that was opened ahead of its first day has not begun."""
        is_ahead = self.state == ProgrammeState.ACTIVE and not self.has_begun
        return "未开始" if is_ahead else self.get_state_display()

    @property
    def last_day(self):
        """The pilot's last day: planned, or the day it was ended if that came first."""
        return self.ends_on if self.ended_on is None else min(self.ends_on, self.ended_on)

    @property
    def present_week(self):
        """第几周: the number of the present week, the pilot's first being 1; None outside it."""
        today = clock.today()
        if not self.starts_on <= today <= self.last_day:
            return None
        return (week_of(today) - week_of(self.starts_on)).days // 7 + 1

    @transition(
        "state",
        source=ProgrammeState.ACTIVE,
        target=ProgrammeState.ENDED,
        permission=rules.may_run_programme,
        custom={"label": "结束试点"},
    )
    def end(self):
        """No new applications; payments, closures and recoveries stay open."""

    @transition(
        "state",
        source=ProgrammeState.ENDED,
        target=ProgrammeState.ARCHIVED,
        permission=rules.may_run_programme,
        custom={"label": "归档"},
    )
    def archive(self):
        """All is done: to be read and printed, and nothing else."""

    @transition(
        "state",
        source=ProgrammeState.ARCHIVED,
        target=ProgrammeState.ENDED,
        permission=rules.may_open_archive,
        custom={"label": "撤销归档"},
    )
    def unarchive(self):
        """Something was left undone after all."""


class WorkingDayOverrideQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The calendar is the administrators' to keep."""
        return self if user.is_administrator else self.none()


class WorkingDayOverride(models.Model):
    """One day on which the county's working calendar differs from the published one."""

    day = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    note = models.CharField("说明", max_length=100, blank=True)

    objects = WorkingDayOverrideQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "工作日调整"
        verbose_name_plural = "工作日调整"
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day} {'上班' if self.is_workday else '休息'}"


def working_day_overrides():
    """{day: is it a working day} of every correction the county made, as the ground takes it."""
    return dict(WorkingDayOverride.objects.values_list("day", "is_workday"))
