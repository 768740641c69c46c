"""铜牌: the plaque of a pilot unit, its cost and where it hangs (DOMAIN, Reward and plaque)."""

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django_fsm import FSMField, transition

from accounts.matters import condition
from accounts.models import Act, Duty
from accounts.rules import Permission
from funds.models.ledger import CommitmentKind
from funds.models.owners import PaidOutright, commitment_of
from mentors.models.visits import OfUnitQuerySet
from mentors.rules import has, is_active, is_mentor, may_approve, may_pay
from pilotwork.files import Attachment
from pilotwork.history import History
from pilotwork.money import MoneyField
from units.models import PilotUnit

may_hang = Permission(
    (is_active, "账户已停用。"),
    (has(Duty.REVIEWER) | is_mentor, "由初审人员或该单位现任指导员登记挂牌。"),
)


class PlaqueState(models.TextChoices):
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "待挂牌"
    HUNG = "hung", "已挂牌"
    REPLACED = "replaced", "已更换"
    WITHDRAWN = "withdrawn", "已收回"
    DECLINED = "declined", "不予制作"


OPEN = (PlaqueState.PROPOSED, PlaqueState.APPROVED)
PAYABLE = (PlaqueState.APPROVED, PlaqueState.HUNG)


class Plaque(PaidOutright):
    """One plaque: made, paid by the county, hung at the unit, one day replaced or taken back."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="plaques", verbose_name="试点单位"
    )
    text = models.CharField("牌面文字", max_length=40, default="试点单位")
    maker_name = models.CharField("制作单位", max_length=80)
    maker_bank = models.CharField("开户银行", max_length=80)
    maker_account = models.CharField("收款账号", max_length=40)
    cost = MoneyField("制作费（元）")
    made_on = models.DateField("制作日期", null=True, blank=True)
    hung_on = models.DateField("挂牌日期", null=True, editable=False)
    place = models.CharField("挂牌地点", max_length=120, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="更换的铜牌",
    )
    state = FSMField(
        "状态",
        choices=PlaqueState.choices,
        default=PlaqueState.PROPOSED,
        protected=True,
        editable=False,
    )
    commitment = commitment_of("plaque")

    page_name = "funds:plaque"
    voucher_title = "铜牌制作费付款凭单"
    commitment_kind = CommitmentKind.PLAQUE
    price = "cost"
    payee_missing = "没有登记制作单位的开户银行和账号。"
    payable_in = PAYABLE
    must_be_unpaid_in = (PlaqueState.PROPOSED, PlaqueState.DECLINED)

    objects = OfUnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "铜牌"
        verbose_name_plural = "铜牌"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_unit"],
                condition=Q(state=PlaqueState.HUNG),
                name="one_valid_plaque_per_unit",
            ),
            models.UniqueConstraint(
                fields=["pilot_unit"],
                condition=Q(state__in=[s.value for s in OPEN]),
                name="one_open_plaque_per_unit",
            ),
            models.CheckConstraint(condition=Q(cost__gt=0), name="plaque_costs_something"),
            models.CheckConstraint(
                condition=~Q(state=PlaqueState.HUNG)
                | Q(hung_on__isnull=False, made_on__lte=F("hung_on")),
                name="hung_plaque_has_its_days",
            ),
        ]
        indexes = [models.Index(fields=["state", "state_since"], name="plaque_waiting")]

    def __str__(self):
        return f"{self.pilot_unit} “{self.text}”铜牌"

    @property
    def payee(self):
        """Who made it and is paid for it."""
        return {
            "counterparty": self.maker_name,
            "counterparty_bank": self.maker_bank,
            "counterparty_account": self.maker_account,
        }

    @property
    def main_verb(self):
        """The verb that is waited for; empty once it hangs and is paid, or has come to its end."""
        if self.state in PAYABLE and not self.is_paid:
            return "pay"
        waited_for = {PlaqueState.PROPOSED: "approve", PlaqueState.APPROVED: "hang"}
        return waited_for.get(self.state, "")

    @cached_property
    def of_the_organisation(self):
        """The other plaques of its organisation, in whichever programme (one query, kept).

        Those that hang, are under way or came after this one.
        """
        organisation = self.pilot_unit.organisation_id
        others = Plaque.objects.filter(pilot_unit__organisation=organisation).exclude(pk=self.pk)
        is_after = Q(replaces__isnull=False, replaces=self.pk)
        others = others.filter(Q(state__in=[*OPEN, PlaqueState.HUNG]) | is_after)
        return list(others.select_related("pilot_unit__programme"))

    @property
    def others(self):
        """Those of this unit."""
        return [one for one in self.of_the_organisation if one.pilot_unit_id == self.pilot_unit_id]

    @property
    def of_other_programmes(self):
        """Those that another programme hung at the organisation and that hang there still."""
        return [
            one
            for one in self.of_the_organisation
            if one.pilot_unit_id != self.pilot_unit_id and one.state == PlaqueState.HUNG
        ]

    @property
    def hanging_one(self):
        """Another plaque that hangs at the unit now, or None."""
        return next((other for other in self.others if other.state == PlaqueState.HUNG), None)

    @property
    def followers(self):
        """The plaques that were to take this one's place, newest first."""
        return [other for other in self.others if other.replaces_id == self.pk]

    @property
    def successor_to_hang(self):
        """The approved plaque that is to take this one's place, or None."""
        approved = (one for one in self.followers if one.state == PlaqueState.APPROVED)
        return next(approved, None)

    # --- Conditions ---------------------------------------------------------------------------

    @condition("该单位另有一块铜牌正在挂着；请先收回，或登记更换。")
    def has_the_wall_to_itself(self):
        hanging = self.hanging_one
        return hanging is None or hanging.pk == self.replaces_id

    @condition("没有已批准、等待挂牌的新铜牌。")
    def has_successor(self):
        return self.successor_to_hang is not None

    @condition("制作费已付、铜牌还没有挂过，不能收回；请挂牌，或先冲销付款。")
    def can_come_back(self):
        return self.hung_on is not None or not self.is_paid

    @condition("该单位另有一块铜牌正在办理，请先办完。")
    def nothing_else_open(self):
        return all(other.state not in OPEN for other in self.others)

    # --- Transitions: the only ways the state changes ------------------------------------------

    @transition(
        "state",
        source=PlaqueState.PROPOSED,
        target=PlaqueState.APPROVED,
        permission=may_approve,
        custom={"label": "同意制作", "act": Act.APPROVE},
    )
    def approve(self):
        """The cost may be paid and the plaque hung."""

    @transition(
        "state",
        source=PlaqueState.PROPOSED,
        target=PlaqueState.DECLINED,
        permission=may_approve,
        custom={"label": "不予制作", "act": Act.APPROVE},
    )
    def decline(self):
        """No plaque is made, or not like this."""

    @transition(
        "state",
        source=PAYABLE,
        target=None,
        permission=may_pay,
        conditions=[PaidOutright.nothing_paid],
        custom={"label": "支付制作费", "act": Act.PAY},
    )
    def pay(self):
        """The maker gets the cost, once."""

    @transition(
        "state",
        source=PAYABLE,
        target=None,
        permission=may_pay,
        conditions=[PaidOutright.something_paid],
        custom={"label": "冲销", "act": Act.PAY},
    )
    def reverse(self):
        """The payment was wrong; it can be made anew."""

    @transition(
        "state",
        source=PlaqueState.APPROVED,
        target=PlaqueState.HUNG,
        permission=may_hang,
        conditions=[has_the_wall_to_itself],
        custom={"label": "登记挂牌"},
    )
    def hang(self):
        """It hangs at the unit; what it replaces does so no longer."""

    @transition(
        "state",
        source=PlaqueState.HUNG,
        target=PlaqueState.REPLACED,
        permission=may_hang,
        conditions=[has_successor],
        custom={"label": "换上新牌"},
    )
    def replace(self):
        """The approved new one takes its place."""

    @transition(
        "state",
        source=PAYABLE,
        target=PlaqueState.WITHDRAWN,
        permission=may_approve,
        conditions=[can_come_back],
        custom={"label": "收回", "act": Act.APPROVE},
    )
    def withdraw(self):
        """The unit no longer has it, or it is not made after all."""

    @transition(
        "state",
        source=[PlaqueState.WITHDRAWN, PlaqueState.REPLACED],
        target=PlaqueState.APPROVED,
        permission=may_approve,
        conditions=[nothing_else_open],
        custom={"label": "重新办理", "act": Act.APPROVE},
    )
    def reopen(self):
        """To hang it again, or to put its payment right before it is taken back anew."""


class PlaquePhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the plaque sees its photos."""
        return self.filter(plaque__in=Plaque.objects.visible_to(user))


class PlaquePhoto(Attachment):
    """A picture of the plaque on its wall, without its place data."""

    plaque = models.ForeignKey(
        Plaque, on_delete=models.PROTECT, related_name="photos", verbose_name="铜牌"
    )

    objects = PlaquePhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "铜牌照片"
        verbose_name_plural = "铜牌照片"
        ordering = ["id"]

    def __str__(self):
        return self.name
