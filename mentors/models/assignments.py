"""Who guides which unit, and the unit's signature activities."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from pilotwork import clock
from pilotwork.history import History
from units.models import PilotUnit, in_force_or_ahead, organisations_of


class MentorAssignmentQuerySet(models.QuerySet):
    def current(self, on=None):
        """Assignments in force on the day `on` (default today); both ends are inclusive."""
        on = on or clock.today()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def current_or_ahead(self):
        """Those in force today, and of a pilot that has not begun those from its first day."""
        return self.filter(in_force_or_ahead())

    def since(self, day):
        """Assignments that were in force on any day from `day` (a date or an OuterRef) to today."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=clock.today()
        )

    def in_fact_since(self, day):
        """As `since`, and those in force until their end was entered with an earlier date.

        Who guided the unit while a matter was under way is not let into it by a change that is
        entered later (DOMAIN, Recusal).
        """
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day) | Q(end_entered_on__gte=day),
            starts_on__lte=clock.today(),
        )


class MentorAssignment(models.Model):
    """指导员: one person guides one unit, until the pilot ends or another takes over."""

    pilot_unit = models.ForeignKey(
        PilotUnit,
        on_delete=models.PROTECT,
        related_name="mentor_assignments",
        verbose_name="试点单位",
    )
    mentor = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="mentor_assignments", verbose_name="指导员"
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    end_entered_on = models.DateField("结束登记日期", null=True, editable=False)
    change_reason = models.CharField("更换原因", max_length=200, blank=True)

    objects = MentorAssignmentQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "指导员选派"
        verbose_name_plural = "指导员选派"
        ordering = ["pilot_unit", "-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_unit"],
                condition=Q(ends_on__isnull=True),
                name="one_current_mentor_per_unit",
                violation_error_message="该单位已有在任指导员。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]
        indexes = [models.Index(fields=["mentor", "pilot_unit"])]

    def __str__(self):
        return f"{self.pilot_unit} · {self.mentor}"

    @property
    def last_day(self):
        """The last day, None while it lasts: an assignment goes on until the pilot ends."""
        return self.ends_on or self.pilot_unit.programme.ended_on

    def binds_since(self, day):
        """Whether this row is among those of `in_fact_since(day)`."""
        ends = [end for end in (self.ends_on, self.end_entered_on) if end]
        is_over = self.ends_on is not None and max(ends) < day
        return self.starts_on <= clock.today() and not is_over


def guides(pilot_unit, user):
    """Assignments by which `user` guides `pilot_unit` today; either may be an OuterRef."""
    return MentorAssignment.objects.current().filter(pilot_unit=pilot_unit, mentor=user)


def has_guided(pilot_unit, user):
    """Assignments, past ones too, by which `user` guided `pilot_unit`; either may be an OuterRef."""
    return MentorAssignment.objects.filter(
        pilot_unit=pilot_unit, mentor=user, starts_on__lte=clock.today()
    )


# Whose units they are is said by IN and not by EXISTS where many rows are looked through, so that a
# person's few units lead to their records by index, however many others there are.


def units_belonging_to(user):
    """The keys of the pilot units that `user` is a member of, for ``pilot_unit__in``."""
    own = PilotUnit.objects.filter(organisation__in=organisations_of(user))
    return own.order_by().values("pk")


def units_once_guided_by(user):
    """The keys of the units that `user` guides or guided."""
    guided = MentorAssignment.objects.filter(mentor=user, starts_on__lte=clock.today())
    return guided.order_by().values("pilot_unit")


def units_tied_to(user):
    """The keys of the units that `user` is a member of or guides or once guided."""
    return units_belonging_to(user).union(units_once_guided_by(user))


def units_guided_by(user):
    """The keys of the units that `user` guides today."""
    return MentorAssignment.objects.current().filter(mentor=user).order_by().values("pilot_unit")


def units_served_by(user):
    """The keys of the units that `user` is a member of or guides today."""
    return units_belonging_to(user).union(units_guided_by(user))


def units_visible_to(user):
    """Pilot units a person may look at: the county's staff all, members and mentors their own.

    A mentor keeps sight of the units he guided in the past (DOMAIN, People).
    """
    if user.is_county:
        return PilotUnit.objects.all()
    return PilotUnit.objects.filter(pk__in=units_tied_to(user))


class Stage(models.TextChoices):
    DESIGNED = "designed", "已设计"
    HELD = "held", "已开展"
    BRAND = "brand", "已成牌"


class SignatureActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Activities of the units the person may look at."""
        return self.filter(pilot_unit__in=units_visible_to(user))


class SignatureActivity(models.Model):
    """特色活动: designed, then held, then a brand."""

    pilot_unit = models.ForeignKey(
        PilotUnit,
        on_delete=models.PROTECT,
        related_name="signature_activities",
        verbose_name="试点单位",
    )
    visit = models.OneToOneField(
        "mentors.Visit",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="activity",
        verbose_name="走访",
    )
    name = models.CharField("活动名称", max_length=80)
    note = models.TextField("说明", max_length=1000, blank=True)
    stage = models.CharField("阶段", max_length=20, choices=Stage.choices, default=Stage.DESIGNED)
    designed_on = models.DateField("设计日期")
    held_on = models.DateField("开展日期", null=True, blank=True)
    branded_on = models.DateField("成牌日期", null=True, blank=True)
    brand_name = models.CharField("品牌名称", max_length=80, blank=True)
    brand_note = models.TextField("品牌说明", max_length=1000, blank=True)

    objects = SignatureActivityQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "特色活动"
        verbose_name_plural = "特色活动"
        ordering = ["pilot_unit", "-designed_on", "-id"]

    def __str__(self):
        return f"{self.name}（{self.get_stage_display()}）"

    @property
    def dates(self):
        """When each stage was reached: [(words, date)], those reached only."""
        reached = [("设计", self.designed_on), ("开展", self.held_on), ("成牌", self.branded_on)]
        return [(words, day) for words, day in reached if day]

    @property
    def next_stage(self):
        """The stage that follows, None after the last."""
        stages = list(Stage)
        following = stages.index(Stage(self.stage)) + 1
        return stages[following] if following < len(stages) else None
