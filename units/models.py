"""Organisations, who belongs to them, the programme with its settings, and the pilot units."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django_fsm import FSMField, transition

from accounts.matters import Matter
from accounts.models import User
from pilotwork import clock
from pilotwork.history import History
from pilotwork.search import sort_key
from units import rules


class Level(models.TextChoices):
    COMMITTEE = "committee", "团委"
    GENERAL_BRANCH = "general_branch", "团总支"
    BRANCH = "branch", "团支部"


class Kind(models.TextChoices):
    TOWN = "town", "镇"
    ENTERPRISE = "enterprise", "企业"
    SCHOOL = "school", "学校"
    COOPERATIVE = "cooperative", "农民专业合作社"
    ADMINISTRATIVE = "administrative", "行政单位"


class OrganisationQuerySet(models.QuerySet):
    def matching(self, text):
        """Organisations whose full name, short name or an alias contains `text`."""
        return self.filter(
            Q(name__icontains=text) | Q(short_name__icontains=text) | Q(aliases__icontains=text)
        )


class Organisation(models.Model):
    """团组织: an organisation of the League, in the county's tree of 隶属."""

    name = models.CharField("全称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=20, blank=True)
    aliases = models.TextField("别名", blank=True, help_text="一行一个，搜索时有效。")
    name_key = models.CharField("排序拼音", max_length=200, blank=True)
    level = models.CharField("层级", max_length=20, choices=Level.choices)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    is_county = models.BooleanField("团县委", default=False)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="隶属",
    )
    payee_name = models.CharField("收款户名", max_length=80, blank=True)
    payee_bank = models.CharField("开户银行", max_length=80, blank=True)
    payee_account = models.CharField("收款账号", max_length=40, blank=True)

    objects = OrganisationQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "团组织"
        verbose_name_plural = "团组织"
        ordering = ["name_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="organisation_is_not_its_own_parent",
                violation_error_message="不能隶属于自身。",
            ),
            models.UniqueConstraint(
                fields=["is_county"],
                condition=Q(is_county=True),
                name="one_county_committee",
                violation_error_message="只能有一个团县委。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """The short name where there is one."""
        return self.short_name or self.name

    def clean(self):
        super().clean()
        self.name_key = self.name_key or sort_key(self.name)
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk is not None and ancestor.pk == self.pk:
                raise ValidationError({"parent": "隶属关系不能成环：所选上级隶属于本组织。"})
            ancestor = ancestor.parent


class MembershipQuerySet(models.QuerySet):
    def current(self, on=None):
        """Memberships in force on the day `on` (default today)."""
        on = on or clock.today()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def visible_to(self, user):
        """The memberships of the people the person may look at."""
        return self.filter(user__in=User.objects.visible_to(user))


class Membership(models.Model):
    """A person who acts for an organisation (a pilot unit's or a pair's member)."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name="人员"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name="团组织"
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "单位成员"
        verbose_name_plural = "单位成员"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ends_on__isnull=True),
                name="one_open_membership",
                violation_error_message="此人已是该单位成员。",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.organisation}"

    @property
    def is_open(self):
        """Whether it has not ended yet."""
        return self.ends_on is None or self.ends_on >= clock.today()


class ProgrammeState(models.TextChoices):
    ACTIVE = "active", "进行中"
    ENDED = "ended", "已结束"


class PilotProgramme(Matter):
    """试点工作: one pilot with its basis document, dates and settings."""

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
    closure_grace_days = models.PositiveSmallIntegerField(
        "结项期限（天）", default=30, help_text="活动结束后超过此天数未报结项，列为待办。"
    )

    min_working_days = models.PositiveSmallIntegerField(
        "应访周最少工作日（天）", default=3, help_text="一周内在任工作日不足此数，当周不计应访。"
    )
    backdating_days = models.PositiveSmallIntegerField(
        "补录期限（天）", default=14, help_text="超过此天数补录的走访须经初审人确认。"
    )

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
            )
        ]

    def __str__(self):
        return self.name

    @property
    def main_verb(self):
        """Nobody waits for the end of a programme."""
        return ""

    def people_concerned(self):
        return User.objects.active().with_duty("administrator").with_grants()

    @property
    def last_day(self):
        """The pilot's last day: planned, or the day it was ended if that came first."""
        if self.state == ProgrammeState.ACTIVE:
            return self.ends_on
        return min(self.ends_on, clock.local(self.state_since).date())

    @transition(
        "state",
        source=ProgrammeState.ACTIVE,
        target=ProgrammeState.ENDED,
        permission=rules.may_run_programme,
        custom={"label": "结束试点"},
    )
    def end(self):
        """No new applications; payments, closures and recoveries stay open."""


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


class UnitLevel(models.TextChoices):
    NATIONAL = "national", "全国"
    CITY = "city", "市级"
    PENDING = "pending", "待确认"


class UnitState(models.TextChoices):
    ACTIVE = "active", "试点中"
    ENDED = "ended", "已结束"
    LEFT = "left", "退出"


class PilotUnitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """County staff see every unit, a member his own; rooms above add their own people."""
        if user.is_county:
            return self
        return self.filter(Exists(members_of(OuterRef("organisation"), user)))

    def may_apply(self, user):
        """The units of an active programme that `user` is a member of."""
        return self.filter(
            Exists(members_of(OuterRef("organisation"), user)),
            state=UnitState.ACTIVE,
            programme__state=ProgrammeState.ACTIVE,
        )


class PilotUnit(models.Model):
    """试点单位: an organisation taking part in a programme."""

    programme = models.ForeignKey(
        PilotProgramme, on_delete=models.PROTECT, related_name="units", verbose_name="试点工作"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="pilot_units", verbose_name="团组织"
    )
    level = models.CharField(
        "试点级别", max_length=20, choices=UnitLevel.choices, default=UnitLevel.PENDING
    )
    joined_on = models.DateField("加入日期")
    state = models.CharField(
        "状态", max_length=20, choices=UnitState.choices, default=UnitState.ACTIVE
    )

    objects = PilotUnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "试点单位"
        verbose_name_plural = "试点单位"
        ordering = ["organisation__name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"],
                name="one_unit_per_programme",
                violation_error_message="该组织已是本次试点的单位。",
            )
        ]

    def __str__(self):
        return self.organisation.name

    @property
    def has_county_parent(self):
        """Whether the county committee itself is the superior, so no opinion of another is due."""
        parent = self.organisation.parent
        return parent is None or parent.is_county


def members_of(organisation, user):
    """Current memberships of `user` in `organisation`; either may be an OuterRef."""
    return Membership.objects.current().filter(user=user, organisation=organisation)


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
