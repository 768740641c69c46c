"""走访: visits, their photos, and weeks in which none is owed (DOMAIN, Mentors and the five ones)."""

from django.db import models
from django.db.models import Exists, Q
from django_fsm import FSMField, transition

from accounts.models import Act, TransitionLog, User
from mentors.models.assignments import MentorAssignment, units_tied_to
from mentors.rules import may_agree, may_confirm_visit, may_serve, may_withdraw_visit
from mentors.standing import UnitMatter, UnitMatterQuerySet
from pilotwork import clock
from pilotwork.files import Attachment
from pilotwork.history import History
from units.models import Membership, PilotUnit


class OfUnitQuerySet(UnitMatterQuerySet):
    """Rows of pilot units; who may look at a unit may look at them."""

    def visible_to(self, user):
        """County staff see all, members and mentors (past ones too) those of their units."""
        if user.is_county:
            return self
        return self.filter(pilot_unit__in=units_tied_to(user))


class Mode(models.TextChoices):
    ON_SITE = "on_site", "实地"
    REMOTE = "remote", "电话／线上"


class VisitState(models.TextChoices):
    RECORDED = "recorded", "有效"
    LATE = "late", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DECLINED = "declined", "不予确认"
    WITHDRAWN = "withdrawn", "已撤回"


# In these nothing is corrected any more: the record stays to be read.
OUT = (VisitState.DECLINED, VisitState.WITHDRAWN)
# In these states an on-site visit counts for its week and in the report.
VALID = (VisitState.RECORDED, VisitState.CONFIRMED)
COUNTING = Q(mode=Mode.ON_SITE, state__in=VALID)


class VisitQuerySet(OfUnitQuerySet):
    def visible_to(self, user):
        """As of every row of a unit; who stood in, or entered it, sees that visit too."""
        if user.is_county:
            return self
        organisations = Membership.objects.current().filter(user=user).values("organisation")
        guided = MentorAssignment.objects.filter(mentor=user, starts_on__lte=clock.today())
        visits = Visit.objects.order_by()
        # Each part has an index of its own; joined by OR they would read the whole table.
        parts = [
            visits.filter(**{condition: value}).values("pk")
            for condition, value in (
                ("pilot_unit__organisation__in", organisations),
                ("pilot_unit__in", guided.order_by().values("pilot_unit")),
                ("visitor", user),
                ("recorded_by", user),
            )
        ]
        return self.filter(pk__in=parts[0].union(*parts[1:]))

    def counting(self):
        """On-site visits that count: of one unit and day all the same, callers count days."""
        return self.filter(COUNTING)

    def counting_at(self, on):
        """Visits up to the day `on` that count, of those entered late the ones confirmed by then.

        Day, mode and text are as known today: a visit that waited for nobody's confirmation counts
        by its own day, whenever it was entered.
        """
        waited = TransitionLog.objects.about(Visit).filter(source=VisitState.LATE)
        confirmed_later = self.model.objects.filter(
            Exists(waited), state=VisitState.CONFIRMED, state_since__gte=clock.end_of(on)
        )
        counting = self.counting().filter(visited_on__lte=on)
        return counting.exclude(pk__in=confirmed_later.order_by().values("pk"))


class Visit(UnitMatter):
    """One visit to one unit, on the phone in a minute."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="visits", verbose_name="试点单位"
    )
    assignment = models.ForeignKey(
        MentorAssignment,
        on_delete=models.PROTECT,
        related_name="visits",
        verbose_name="当日在任的选派",
    )
    visitor = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="visits", verbose_name="走访人"
    )
    visited_on = models.DateField("走访日期")
    week = models.DateField("所在周（周一）", editable=False)
    mode = models.CharField("方式", max_length=10, choices=Mode.choices, default=Mode.ON_SITE)
    progress = models.TextField("了解到的进展", max_length=2000)
    problems = models.TextField("存在的问题", max_length=2000, blank=True)
    next_step = models.TextField("下一步打算", max_length=2000, blank=True)
    companions = models.CharField("同行人员", max_length=120, blank=True)
    is_backfilled = models.BooleanField("补录", default=False)
    is_imported = models.BooleanField("导入", default=False, editable=False)
    key = models.UUIDField("提交标识", unique=True, editable=False)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="记录人"
    )
    recorded_at = models.DateTimeField("记录时间", default=clock.now)
    state = FSMField(
        "状态",
        choices=VisitState.choices,
        default=VisitState.RECORDED,
        protected=True,
        editable=False,
    )

    objects = VisitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "走访"
        verbose_name_plural = "走访"
        ordering = ["-visited_on", "-id"]
        indexes = [
            models.Index(fields=["-visited_on", "-id"], name="visit_newest"),
            models.Index(fields=["pilot_unit", "-visited_on", "-id"], name="visit_of_unit"),
            # Holds all that weeks.facts_of and `counting_at` ask of visits.
            models.Index(
                fields=["pilot_unit", "week", "visited_on", "id"],
                condition=COUNTING,
                name="visit_counting",
            ),
            models.Index(fields=["visitor", "-visited_on"], name="visit_of_visitor"),
            # What the list of visits is narrowed to and few are.
            models.Index(
                fields=["-visited_on", "-id"], condition=Q(mode=Mode.REMOTE), name="visit_remote"
            ),
            models.Index(
                fields=["-visited_on", "-id"], condition=Q(is_backfilled=True), name="visit_late"
            ),
            models.Index(
                fields=["-visited_on", "-id"], condition=Q(is_imported=True), name="visit_imported"
            ),
            models.Index(fields=["state", "state_since"], name="visit_waiting"),
        ]

    def __str__(self):
        return f"{self.pilot_unit} {self.visited_on}"

    @property
    def counts(self):
        """Whether the visit counts for its week and in the report."""
        return self.mode == Mode.ON_SITE and self.state in VALID

    @property
    def is_out(self):
        """Whether it was declined or withdrawn: it stays to be read and is corrected no more."""
        return self.state in OUT

    @property
    def is_stand_in(self):
        """代访: the visitor was not the mentor in force that day."""
        return self.visitor_id != self.assignment.mentor_id

    @property
    def main_verb(self):
        """The verb that is waited for; empty unless it was entered too late."""
        return "confirm" if self.state == VisitState.LATE else ""

    @transition(
        "state",
        source=VisitState.LATE,
        target=VisitState.CONFIRMED,
        permission=may_confirm_visit,
        custom={"label": "确认补录", "act": Act.REVIEW},
    )
    def confirm(self):
        """A visit entered more than the allowed days late counts after all."""

    @transition(
        "state",
        source=VisitState.LATE,
        target=VisitState.DECLINED,
        permission=may_confirm_visit,
        custom={"label": "不予确认", "act": Act.REVIEW},
    )
    def decline(self):
        """It stays readable and does not count."""

    @transition(
        "state",
        source=[VisitState.RECORDED, VisitState.LATE, VisitState.CONFIRMED],
        target=VisitState.WITHDRAWN,
        permission=may_withdraw_visit,
        custom={"label": "撤回走访"},
    )
    def withdraw(self):
        """It was logged by mistake: it stays readable, with the reason, and does not count."""


class VisitPhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the visit sees its photos that were not taken off."""
        return self.filter(visit__in=Visit.objects.visible_to(user), removed_at=None)


class VisitPhoto(Attachment):
    """A picture of a visit, without its place data."""

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="photos", verbose_name="走访"
    )
    removed_at = models.DateTimeField("移除时间", null=True)

    objects = VisitPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "走访照片"
        verbose_name_plural = "走访照片"
        ordering = ["id"]

    def __str__(self):
        return self.name


class ExcuseState(models.TextChoices):
    ASKED = "asked", "待同意"
    AGREED = "agreed", "已同意"
    DECLINED = "declined", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"


class ExcusedWeekQuerySet(OfUnitQuerySet):
    def agreed(self):
        """Excuses that another officer consented to."""
        return self.filter(state=ExcuseState.AGREED)

    def agreed_at(self, on):
        """Those that stood agreed at the end of the day `on`, as the log says it."""
        return self.as_of(clock.end_of(on)).filter(state_then=ExcuseState.AGREED)


class ExcusedWeek(UnitMatter):
    """免访: one week in which one unit need not be visited, with a reason and another's consent."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="excused_weeks", verbose_name="试点单位"
    )
    week = models.DateField("免访的周（周一）")
    reason = models.CharField("理由", max_length=300)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="申请人"
    )
    state = FSMField(
        "状态",
        choices=ExcuseState.choices,
        default=ExcuseState.ASKED,
        protected=True,
        editable=False,
    )

    objects = ExcusedWeekQuerySet.as_manager()

    class Meta:
        verbose_name = "免访"
        verbose_name_plural = "免访"
        ordering = ["-week", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_unit", "week"],
                condition=Q(state__in=[ExcuseState.ASKED, ExcuseState.AGREED]),
                name="one_excuse_per_unit_and_week",
            )
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="excuse_waiting"),
            models.Index(fields=["-week", "-id"], name="excuse_newest"),
        ]

    def __str__(self):
        return f"{self.pilot_unit} {self.week} 免访"

    @property
    def main_verb(self):
        """The verb that the mentor waits for; empty once it is decided."""
        return "agree" if self.state == ExcuseState.ASKED else ""

    @transition(
        "state",
        source=ExcuseState.ASKED,
        target=ExcuseState.AGREED,
        permission=may_agree,
        custom={"label": "同意免访", "act": Act.REVIEW},
    )
    def agree(self):
        """Another officer consents."""

    @transition(
        "state",
        source=ExcuseState.ASKED,
        target=ExcuseState.DECLINED,
        permission=may_agree,
        custom={"label": "不同意免访", "act": Act.REVIEW},
    )
    def decline(self):
        """The week stays due."""

    @transition(
        "state",
        source=[ExcuseState.ASKED, ExcuseState.AGREED],
        target=ExcuseState.WITHDRAWN,
        permission=may_serve,
        custom={"label": "撤回免访"},
    )
    def withdraw(self):
        """The mentor does not need it after all."""
