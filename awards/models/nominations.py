"""推荐: who is recommended in an award cycle, within the base quota or on an extra place."""

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django_fsm import FSMField, transition

from accounts.matters import condition
from accounts.models import Act, User
from awards.cycle_rules import may_nominate
from awards.cycle_standing import OrganisationMatter, OrganisationMatterQuerySet
from awards.models.contributions import Contribution
from awards.models.cycles import UNIT_TYPES, AwardCycle, AwardType, CycleState
from mentors.models import units_once_guided_by
from mentors.rules import may_approve, may_review
from pilotwork.history import History
from units.models import Organisation, PilotUnit, organisations_of


class NominationState(models.TextChoices):
    DRAFT = "draft", "草稿"
    NOMINATED = "nominated", "待初审"
    REVIEWED = "reviewed", "待审批"
    APPROVED = "approved", "已推荐"
    RETURNED = "returned", "退回修改"
    DECLINED = "declined", "不予推荐"
    WITHDRAWN = "withdrawn", "已撤回"


class Result(models.TextChoices):
    WON = "won", "获评"
    NOT_WON = "not_won", "未获评"


UNDECIDED = (NominationState.NOMINATED, NominationState.REVIEWED)
# In these states a nomination takes one of the places.
IN_PLAY = (*UNDECIDED, NominationState.APPROVED)
EDITABLE = (NominationState.DRAFT, NominationState.RETURNED)
# A pilot nominee in these states is passed over when another one of the type is approved.
PASSED_OVER = (*UNDECIDED, NominationState.RETURNED, NominationState.DECLINED)
NOMINATION_WAITS_FOR = {
    NominationState.DRAFT: "submit",
    NominationState.RETURNED: "submit",
    NominationState.NOMINATED: "review",
    NominationState.REVIEWED: "approve",
}


NOMINATION_TONES = {
    NominationState.DRAFT: "n",
    NominationState.NOMINATED: "a",
    NominationState.REVIEWED: "a",
    NominationState.APPROVED: "g",
    NominationState.RETURNED: "r",
    NominationState.DECLINED: "r",
    NominationState.WITHDRAWN: "n",
}


class NominationQuerySet(OrganisationMatterQuerySet):
    def visible_to(self, user):
        """County staff see what was handed in or is entered by the county; pilot units their own.

        A draft is the unit's own affair; mentors, past ones too, see what their units handed in.
        Members of an organisation that is no pilot unit see nothing: the county enters for them.
        """
        own = Q(organisation__in=organisations_of(user), pilot_unit__isnull=False)
        handed_in = ~Q(state=NominationState.DRAFT)
        if user.is_county:
            return self.filter(handed_in | Q(is_on_behalf=True) | own)
        guided = Q(pilot_unit__in=units_once_guided_by(user))
        keys = self.model.objects.order_by().values("pk")
        # Each half finds its few rows by index; an OR of both would ask every row.
        return self.filter(pk__in=keys.filter(own).union(keys.filter(guided & handed_in)))

    def in_play(self):
        """Nominations that take a place."""
        return self.filter(state__in=IN_PLAY)

    def undecided(self):
        """Nominations that wait for the reviewer or the approver."""
        return self.filter(state__in=UNDECIDED)

    def recommended(self):
        """Nominations that were approved."""
        return self.filter(state=NominationState.APPROVED)

    def listed_for(self, cycle):
        """A cycle's nominations in the order of its lists: pilot ones first where the level asks it."""
        is_other = Case(When(pilot_unit__isnull=True, then=Value(1)), default=Value(0))
        # Four types only: their order is that of the choices.
        nth_type = Case(
            *(When(award_type=value, then=Value(n)) for n, value in enumerate(AwardType.values)),
            output_field=models.IntegerField(),
        )
        first = [is_other] if cycle.puts_pilot_first else []
        return self.filter(cycle=cycle).order_by(
            *first, nth_type, F("organisation__name_key"), F("pk")
        )


class Nomination(OrganisationMatter):
    """One nominee: the organisation itself, or one of its youth."""

    cycle = models.ForeignKey(
        AwardCycle, on_delete=models.PROTECT, related_name="nominations", verbose_name="评优"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="nominations", verbose_name="推荐单位"
    )
    pilot_unit = models.ForeignKey(
        PilotUnit,
        on_delete=models.PROTECT,
        null=True,
        related_name="nominations",
        verbose_name="试点单位",
    )
    award_type = models.CharField("奖项", max_length=10, choices=AwardType.choices)
    nominee_name = models.CharField("被推荐人", max_length=60, blank=True)
    deeds = models.TextField("主要事迹", max_length=3000)
    party_opinion = models.TextField("党组织意见", max_length=500, blank=True)
    is_extra = models.BooleanField("试点加配名额", default=False)
    contribution = models.ForeignKey(
        Contribution,
        on_delete=models.PROTECT,
        null=True,
        related_name="nominations",
        verbose_name="突出贡献",
    )
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="填写人"
    )
    is_on_behalf = models.BooleanField("代录", default=False)
    passed_over_reason = models.TextField("越过试点人选的理由", max_length=500, blank=True)
    result = models.CharField("评选结果", max_length=10, choices=Result.choices, blank=True)
    result_note = models.CharField("结果说明", max_length=200, blank=True)
    state = FSMField(
        "状态",
        choices=NominationState.choices,
        default=NominationState.DRAFT,
        protected=True,
        editable=False,
    )

    objects = NominationQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "推荐"
        verbose_name_plural = "推荐"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "organisation", "award_type", "nominee_name"],
                condition=Q(state__in=IN_PLAY),
                name="nobody_is_nominated_twice",
            ),
            models.CheckConstraint(
                condition=Q(is_extra=False) | Q(contribution__isnull=False),
                name="extra_place_needs_a_contribution",
            ),
            models.CheckConstraint(
                condition=Q(award_type__in=UNIT_TYPES, nominee_name="")
                | (~Q(award_type__in=UNIT_TYPES) & ~Q(nominee_name="")),
                name="a_person_is_named_for_youth_types",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="nomination_waiting"),
            models.Index(fields=["cycle", "award_type", "state"], name="nomination_places"),
        ]

    def __str__(self):
        return f"{self.nominee} {self.get_award_type_display()}"

    @property
    def tone(self):
        """The colour in which pages show its state."""
        return NOMINATION_TONES[self.state]

    @property
    def nominee(self):
        """Who is to be honoured: the person, or the organisation itself."""
        return self.nominee_name or self.organisation.name

    @property
    def is_for_unit(self):
        """Whether the organisation itself is to be honoured."""
        return self.award_type in UNIT_TYPES

    @property
    def main_verb(self):
        """The verb that is waited for; empty once it is decided, or when the cycle is past it."""
        return NOMINATION_WAITS_FOR.get(self.state, "") if self.is_before_notice() else ""

    def passed_over(self):
        """Pilot nominees of the type that approving this one passes over (DOMAIN, Resource tilt)."""
        if not self.cycle.puts_pilot_first or self.pilot_unit_id:
            return Nomination.objects.none()
        return Nomination.objects.filter(
            cycle=self.cycle_id,
            award_type=self.award_type,
            pilot_unit__isnull=False,
            state__in=PASSED_OVER,
        ).select_related("organisation")

    @condition("本次评优已公示或结束，不再办理推荐。")
    def is_before_notice(self):
        """The cycle still takes nominations."""
        return self.cycle.state == CycleState.OPEN

    @transition(
        "state",
        source=EDITABLE,
        target=NominationState.NOMINATED,
        permission=may_nominate,
        conditions=[is_before_notice],
        custom={"label": "提交"},
    )
    def submit(self):
        """It takes one of the places and waits for the reviewer."""

    @transition(
        "state",
        source=NominationState.NOMINATED,
        target=NominationState.REVIEWED,
        permission=may_review,
        conditions=[is_before_notice],
        custom={"label": "初审同意", "act": Act.REVIEW},
    )
    def review(self):
        """The material is complete and true."""

    @transition(
        "state",
        source=NominationState.REVIEWED,
        target=NominationState.APPROVED,
        permission=may_approve,
        conditions=[is_before_notice],
        custom={"label": "同意推荐", "act": Act.APPROVE},
    )
    def approve(self):
        """The county recommends the nominee."""

    @transition(
        "state",
        source=NominationState.NOMINATED,
        target=NominationState.RETURNED,
        permission=may_review,
        conditions=[is_before_notice],
        custom={"label": "退回修改", "act": Act.REVIEW},
    )
    @transition(
        "state",
        source=NominationState.REVIEWED,
        target=NominationState.RETURNED,
        permission=may_approve,
        conditions=[is_before_notice],
        custom={"label": "退回修改", "act": Act.APPROVE},
    )
    def send_back(self):
        """The unit is to correct it; its place is free meanwhile."""

    @transition(
        "state",
        source=NominationState.NOMINATED,
        target=NominationState.DECLINED,
        permission=may_review,
        conditions=[is_before_notice],
        custom={"label": "不予推荐", "act": Act.REVIEW},
    )
    @transition(
        "state",
        source=NominationState.REVIEWED,
        target=NominationState.DECLINED,
        permission=may_approve,
        conditions=[is_before_notice],
        custom={"label": "不予推荐", "act": Act.APPROVE},
    )
    def decline(self):
        """Its place is free again."""

    @transition(
        "state",
        source=[*UNDECIDED, NominationState.RETURNED],
        target=NominationState.WITHDRAWN,
        permission=may_nominate,
        conditions=[is_before_notice],
        custom={"label": "撤回"},
    )
    def withdraw(self):
        """The unit takes it back before it is decided."""
