"""评优: award cycles, the base quotas of each organisation, and objections to a notice."""

import datetime as dt

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django_fsm import FSMField, transition

from accounts.matters import Matter, condition
from accounts.models import Duty, DutyGrant, User
from awards.cycle_rules import may_conclude, may_run_cycle
from mentors.models import units_visible_to
from pilotwork import clock
from pilotwork.history import History
from pilotwork.paper.dates import full_date
from units.models import Organisation, PilotProgramme
from units.models.archiving import OfProgramme


class AwardLevel(models.TextChoices):
    COUNTY = "county", "县级"
    CITY = "city", "市级"
    ABOVE = "above", "市级以上"


class AwardType(models.TextChoices):
    COMMITTEE = "committee", "五四红旗团委"
    BRANCH = "branch", "五四红旗团支部"
    OFFICIAL = "official", "优秀团干部"
    MEMBER = "member", "优秀共青团员"


# What an organisation itself is honoured with, and what one of its youth is.
UNIT_TYPES = (AwardType.COMMITTEE, AwardType.BRANCH)
YOUTH_TYPES = (AwardType.OFFICIAL, AwardType.MEMBER)
# Here the programme's own units come first, and passing one over takes a reason.
PILOT_FIRST = (AwardLevel.CITY, AwardLevel.ABOVE)


class CycleState(models.TextChoices):
    OPEN = "open", "推荐中"
    NOTICE = "notice", "公示中"
    CONCLUDED = "concluded", "已公布"
    CANCELLED = "cancelled", "已取消"


CYCLE_TONES = {
    CycleState.OPEN: "a",
    CycleState.NOTICE: "bl",
    CycleState.CONCLUDED: "g",
    CycleState.CANCELLED: "n",
}


class AwardCycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """County staff see all cycles, members and mentors of units those of their programmes."""
        if user.is_county:
            return self
        units = units_visible_to(user).filter(programme=OuterRef("programme"))
        return self.filter(Exists(units))


class AwardCycle(OfProgramme, Matter):
    """One round of honours at one level: recommended within quotas, posted, announced."""

    programme = models.ForeignKey(
        PilotProgramme,
        on_delete=models.PROTECT,
        related_name="award_cycles",
        verbose_name="试点工作",
    )
    year = models.PositiveSmallIntegerField("年度")
    level = models.CharField("级别", max_length=10, choices=AwardLevel.choices)
    types = models.JSONField("奖项", default=list)
    # The settings as they were when the cycle was opened: changing them later changes no cycle.
    extra_unit_places = models.PositiveSmallIntegerField("试点加配集体名额")
    extra_youth_places = models.PositiveSmallIntegerField("试点加配个人名额")
    notice_days = models.PositiveSmallIntegerField("公示期（工作日）")
    posted_on = models.DateField("公示张贴日期", null=True)
    notice_ends_on = models.DateField("公示截止日期", null=True)
    objections_to = models.CharField("意见受理", max_length=120, blank=True)
    concluded_on = models.DateField("公布日期", null=True)
    state = FSMField(
        "状态",
        choices=CycleState.choices,
        default=CycleState.OPEN,
        protected=True,
        editable=False,
    )

    objects = AwardCycleQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "评优"
        verbose_name_plural = "评优"
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "level"],
                condition=~Q(state="cancelled"),
                name="one_cycle_per_year_and_level",
            ),
            models.CheckConstraint(
                condition=Q(posted_on__isnull=True, notice_ends_on__isnull=True)
                | Q(notice_ends_on__gt=F("posted_on")),
                name="notice_ends_after_it_is_posted",
            ),
        ]
        indexes = [models.Index(fields=["state", "notice_ends_on"], name="cycle_waiting")]

    def __str__(self):
        return f"{self.year}年度{self.get_level_display()}评优"

    @property
    def tone(self):
        """The colour in which pages show its state."""
        return CYCLE_TONES[self.state]

    @property
    def type_labels(self):
        """The cycle's types as [(value, label)], in the order of the choices."""
        return [(value, label) for value, label in AwardType.choices if value in self.types]

    @property
    def puts_pilot_first(self):
        """Whether pilot nominees are listed first and passing one over takes a reason."""
        return self.level in PILOT_FIRST

    def extra_places(self, award_type):
        """How many extra places the pilot has for honours of that sort in this cycle."""
        is_unit = award_type in UNIT_TYPES
        return self.extra_unit_places if is_unit else self.extra_youth_places

    @property
    def first_notice_day(self):
        """The day after posting, from which the notice's working days are counted."""
        return self.posted_on + dt.timedelta(days=1)

    @property
    def is_notice_over(self):
        """Whether the notice's last working day has passed."""
        return self.notice_ends_on is not None and self.notice_ends_on < clock.today()

    @property
    def main_verb(self):
        """Announcing is waited for once the notice is over; till then nobody is in arrears."""
        return "conclude" if self.state == CycleState.NOTICE and self.is_notice_over else ""

    @property
    def next_step(self):
        """What the cycle waits for, in a sentence; empty once it is over."""
        if self.state == CycleState.OPEN:
            if self.tally["undecided"]:
                return f"还有 {self.tally['undecided']} 项推荐没有办完；办完后由初审人员张贴公示。"
            if self.tally["recommended"]:
                return "报来的推荐已办完。各单位都报齐后，由初审人员张贴公示。"
            return "还没有单位报送推荐。"
        if self.state == CycleState.NOTICE:
            open_ones = sum(not objection.handled_at for objection in self.objection_list)
            if open_ones:
                when = "答复后" if self.is_notice_over else "答复并期满后"
                return f"还有 {open_ones} 条异议没有答复；{when}，由审批人公布结果。"
            if self.is_notice_over:
                return "公示已期满，等审批人公布结果。"
            return f"公示到{full_date(self.notice_ends_on)}；期满后由审批人公布结果。"
        return ""

    def people_concerned(self):
        return list(dict.fromkeys(person for people in self.staff.values() for person in people))

    @cached_property
    def staff(self):
        """{duty: its holders today}, each with `is_tied` to a recommended organisation (one query)."""
        tied = self.nominations.recommended().tied_to(OuterRef(OuterRef("pk")))
        held = DutyGrant.objects.current().filter(user=OuterRef("pk"))
        duties = (Duty.REVIEWER, Duty.APPROVER)
        holds = {f"is_{duty}": Exists(held.filter(duty=duty)) for duty in duties}
        people = User.objects.active().with_duty(*duties).annotate(is_tied=Exists(tied), **holds)
        rows = list(people)
        return {duty: [row for row in rows if getattr(row, f"is_{duty}")] for duty in duties}

    @cached_property
    def tally(self):
        """How many nominations take a place, by what they are (one query, kept)."""
        extra = Q(is_extra=True)
        return self.nominations.in_play().aggregate(
            undecided=Count("pk", filter=~Q(state="approved")),
            recommended=Count("pk", filter=Q(state="approved")),
            extra_units=Count("pk", filter=extra & Q(award_type__in=UNIT_TYPES)),
            extra_youth=Count("pk", filter=extra & Q(award_type__in=YOUTH_TYPES)),
        )

    @cached_property
    def objection_list(self):
        """Every objection with what it is about and who answered it (one query, kept)."""
        return list(self.objections.select_related("nomination__organisation", "handled_by"))

    @condition("还有推荐没有初审或审批完，办完后再公示。")
    def has_nothing_undecided(self):
        """Every nomination that was handed in is decided."""
        return not self.tally["undecided"]

    @condition("还没有审批同意的推荐，没有可以公示的内容。")
    def has_recommended(self):
        """Somebody is recommended."""
        return bool(self.tally["recommended"])

    @condition("已有单位报送推荐，不能取消；请先由单位撤回。")
    def has_nobody_in_play(self):
        """No nomination takes a place."""
        return not (self.tally["undecided"] or self.tally["recommended"])

    @condition("公示期还没有结束。")
    def has_run_its_notice(self):
        """The notice's last working day has passed."""
        return self.is_notice_over

    @condition("还有异议没有答复，答复后再公布。")
    def has_answered_every_objection(self):
        """Every objection that was recorded is answered."""
        return all(objection.handled_at for objection in self.objection_list)

    @transition(
        "state",
        source=CycleState.OPEN,
        target=CycleState.NOTICE,
        permission=may_run_cycle,
        conditions=[has_nothing_undecided, has_recommended],
        custom={"label": "张贴公示"},
    )
    def post(self):
        """Who is recommended is posted; nominations are closed."""

    @transition(
        "state",
        source=CycleState.NOTICE,
        target=CycleState.OPEN,
        permission=may_run_cycle,
        custom={"label": "撤下公示"},
    )
    def take_down(self):
        """The notice was wrong; it is posted anew later, for the whole time again."""

    @transition(
        "state",
        source=CycleState.NOTICE,
        target=CycleState.CONCLUDED,
        permission=may_conclude,
        conditions=[has_run_its_notice, has_answered_every_objection],
        custom={"label": "公布结果"},
    )
    def conclude(self):
        """Who is honoured is recorded."""

    @transition(
        "state",
        source=CycleState.OPEN,
        target=CycleState.CANCELLED,
        permission=may_run_cycle,
        conditions=[has_nobody_in_play],
        custom={"label": "取消评优"},
    )
    def cancel(self):
        """It was opened by mistake or does not take place."""


class OfOwnOrganisationQuerySet(models.QuerySet):
    """Rows of organisations, of which units and their mentors see those of their own."""

    def visible_to(self, user):
        """County staff see all rows, members and mentors those of their own pilot units."""
        if user.is_county:
            return self
        own = units_visible_to(user).filter(organisation=OuterRef("organisation"))
        return self.filter(Exists(own))


class BaseQuota(models.Model):
    """How many of one type an organisation may recommend in a cycle, before any extra place."""

    cycle = models.ForeignKey(
        AwardCycle, on_delete=models.PROTECT, related_name="quotas", verbose_name="评优"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="团组织"
    )
    award_type = models.CharField("奖项", max_length=10, choices=AwardType.choices)
    places = models.PositiveSmallIntegerField("名额")

    objects = OfOwnOrganisationQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "基本名额"
        verbose_name_plural = "基本名额"
        ordering = ["cycle", "organisation__name_key", "award_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "organisation", "award_type"],
                name="one_quota_per_organisation_and_type",
            )
        ]

    def __str__(self):
        return f"{self.organisation} {self.get_award_type_display()} {self.places}"


class ObjectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Objections are the county's to read: who objects is nobody else's business."""
        return self if user.is_county else self.none()


class Objection(models.Model):
    """异议: what somebody said against a notice, and what the county did about it."""

    cycle = models.ForeignKey(
        AwardCycle, on_delete=models.PROTECT, related_name="objections", verbose_name="评优"
    )
    nomination = models.ForeignKey(
        "awards.Nomination",
        on_delete=models.PROTECT,
        null=True,
        related_name="objections",
        verbose_name="所涉推荐",
    )
    text = models.TextField("异议内容", max_length=2000)
    from_whom = models.CharField("提出人", max_length=80, blank=True)
    received_on = models.DateField("收到日期")
    logged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    logged_at = models.DateTimeField("登记时间", default=clock.now)
    handling = models.TextField("核查和答复", max_length=2000, blank=True)
    handled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    handled_at = models.DateTimeField("答复时间", null=True)

    objects = ObjectionQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "异议"
        verbose_name_plural = "异议"
        ordering = ["cycle", "received_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handled_by__isnull=True, handled_at__isnull=True)
                | Q(handled_by__isnull=False, handled_at__isnull=False),
                name="objection_handled_by_and_at",
            )
        ]

    def __str__(self):
        return self.text[:30]
