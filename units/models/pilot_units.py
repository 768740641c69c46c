"""试点单位: an organisation's part in a programme."""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django_fsm import FSMField, transition

from accounts.matters import Matter
from accounts.models import User
from pilotwork import clock
from pilotwork.history import History
from units import rules
from units.models.archiving import OfProgramme
from units.models.organisations import Organisation, members_of
from units.models.programmes import PilotProgramme, ProgrammeState


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

    def taking_part(self, on):
        """Units in the pilot on the day `on`: joined by then, and not past their last day."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gte=on), joined_on__lte=on)

    def not_archived(self):
        """Units of programmes on which something may still be done."""
        return self.exclude(programme__state=ProgrammeState.ARCHIVED)

    def behind(self, token):
        """The unit of this public address, and, where its programme is over, its later ones."""
        own = PilotUnit.objects.filter(public_token=token)
        over = own.exclude(programme__state=ProgrammeState.ACTIVE)
        later = Q(
            organisation__in=over.values("organisation"),
            programme__starts_on__gt=Subquery(over.values("programme__starts_on")[:1]),
        )
        return self.filter(Q(public_token=token) | later)

    def may_apply(self, user):
        """The units of an active programme that `user` is a member of."""
        return self.filter(
            Exists(members_of(OuterRef("organisation"), user)),
            state=UnitState.ACTIVE,
            programme__state=ProgrammeState.ACTIVE,
        )


def in_force_or_ahead():
    """Of rows with a unit, a first and a last day: in force today, or when the unit's pilot begins."""
    today, begins = clock.today(), "pilot_unit__programme__starts_on"
    ahead = Q(**{f"{begins}__gt": today}, starts_on__lte=F(begins))
    lasts = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return lasts & (Q(starts_on__lte=today) | ahead)


class PilotUnit(OfProgramme, Matter):
    """试点单位: an organisation taking part in a programme, to its end or until `left_on`."""

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
    left_on = models.DateField("最后一天", null=True, editable=False)
    state = FSMField(
        "状态",
        max_length=20,
        choices=UnitState.choices,
        default=UnitState.ACTIVE,
        protected=True,
        editable=False,
    )

    is_public = models.BooleanField("公开页", default=False)
    # The address behind the plaque's QR code: nobody guesses it, and no two units share one.
    public_token = models.UUIDField("公开页标识", default=uuid.uuid4, unique=True, editable=False)

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
            ),
            models.CheckConstraint(
                condition=Q(state=UnitState.ACTIVE, left_on__isnull=True)
                | (~Q(state=UnitState.ACTIVE) & Q(left_on__gte=F("joined_on"))),
                name="unit_that_is_out_has_a_last_day",
            ),
        ]

    def __str__(self):
        return self.organisation.name

    @property
    def has_county_parent(self):
        """Whether the county committee itself is the superior, so no opinion of another is due."""
        parent = self.organisation.parent
        return parent is None or parent.is_county

    @property
    def main_verb(self):
        """Nobody waits for a unit to go."""
        return ""

    @property
    def last_day(self):
        """The last day on which the unit is in the pilot: its own, or the programme's."""
        last = self.programme.last_day
        return last if self.left_on is None else min(last, self.left_on)

    def people_concerned(self):
        return User.objects.active().with_duty("administrator").with_grants()

    @transition(
        "state",
        source=UnitState.ACTIVE,
        target=UnitState.LEFT,
        permission=rules.may_run_programme,
        custom={"label": "退出试点"},
    )
    def leave(self):
        """The unit takes no further part; what is open on money is brought to its end."""

    @transition(
        "state",
        source=UnitState.ACTIVE,
        target=UnitState.ENDED,
        permission=rules.may_run_programme,
        custom={"label": "结束试点"},
    )
    def finish(self):
        """The unit's pilot is over before the programme's."""

    @transition(
        "state",
        source=[UnitState.LEFT, UnitState.ENDED],
        target=UnitState.ACTIVE,
        permission=rules.may_run_programme,
        custom={"label": "恢复试点"},
    )
    def resume(self):
        """The unit takes part again; its weeks are due as if it had never been out."""
