"""团费返还: a unit's dues of one year, paid in, given back and used (DOMAIN, Dues refund)."""

from django.db import models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from accounts.matters import condition
from accounts.models import Act, User
from funds.dues_rules import may_confirm_dues, may_record_dues
from funds.models.owners import CommitmentOwner, commitment_of
from mentors.models.visits import OfUnitQuerySet
from mentors.rules import may_act_for_unit, may_approve, may_pay, may_review
from mentors.standing import UnitMatter
from pilotwork.history import History
from pilotwork.money import ZERO, MoneyField, total
from units.models import PilotUnit


class DuesMethod(models.TextChoices):
    PAY_THEN_REFUND = "pay_then_refund", "先缴后退"
    KEEP = "keep", "免缴留用"


class DuesState(models.TextChoices):
    RECORDED = "recorded", "待核实"
    CONFIRMED = "confirmed", "待退返"
    SETTLED = "settled", "已结清"


OPEN = (DuesState.RECORDED, DuesState.CONFIRMED)
# Confirmed, nothing open, and not everything that was paid has gone back.
TO_REFUND = Q(state=DuesState.CONFIRMED, payable=F("paid") + F("waived"), paid__gt=F("refunded"))


class DuesRecordQuerySet(OfUnitQuerySet):
    def with_unit(self):
        """With all that a record's page names and its rules ask."""
        return self.select_related(
            "pilot_unit__organisation__parent", "pilot_unit__programme", "recorded_by"
        )

    def to_refund(self):
        """Records that a cashier can give back."""
        return self.filter(TO_REFUND)

    def to_pay_in(self):
        """Confirmed 先缴后退 of which a part is neither paid nor waived."""
        return self.filter(
            state=DuesState.CONFIRMED,
            method=DuesMethod.PAY_THEN_REFUND,
            payable__gt=F("paid") + F("waived"),
        )

    def reopened(self):
        """Records taken up again of which nothing is open: to be undone or upheld."""
        return self.filter(
            state=DuesState.CONFIRMED, payable=F("paid") + F("waived"), paid=F("refunded")
        )

    def to_waive(self):
        """Confirmed 免缴留用 of which a part is neither paid nor waived."""
        return self.filter(
            state=DuesState.CONFIRMED,
            method=DuesMethod.KEEP,
            payable__gt=F("paid") + F("waived"),
        )


class DuesRecord(CommitmentOwner, UnitMatter):
    """What one unit owes and paid in dues for one year, and what of it went back to it.

    `paid`, `refunded` and `waived` repeat what the ledger and the approver say; only verbs set them.
    """

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="dues_records", verbose_name="试点单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    members = models.PositiveIntegerField("团员人数", null=True, blank=True)
    rate = MoneyField("团费标准（元/人/年）", null=True, blank=True)
    payable = MoneyField("应上缴（元）")
    paid = MoneyField("实缴（元）", default=ZERO, editable=False)
    waived = MoneyField("免缴（元）", default=ZERO, editable=False)
    refunded = MoneyField("退返（元）", default=ZERO, editable=False)
    method = models.CharField(
        "办法", max_length=20, choices=DuesMethod.choices, default=DuesMethod.PAY_THEN_REFUND
    )
    no_dues_reason = models.CharField("无应缴的理由", max_length=200, blank=True)
    is_via_parent = models.BooleanField("经上级团组织缴退", default=False)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    received_on = models.DateField("确认到账日期", null=True, editable=False)
    commitment = commitment_of("dues_record")
    state = FSMField(
        "状态",
        choices=DuesState.choices,
        default=DuesState.RECORDED,
        protected=True,
        editable=False,
    )

    page_name = "funds:dues_record"
    voucher_title = "团费退返凭单"
    voucher_deciders = {"review": ("confirm",), "approval": ("waive",)}

    objects = DuesRecordQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "团费记录"
        verbose_name_plural = "团费记录"
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_unit", "year"], name="one_dues_record_per_unit_and_year"
            ),
            models.CheckConstraint(
                condition=Q(payable__gte=0, paid__gte=0, waived__gte=0, refunded__gte=0),
                name="dues_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(payable__gte=F("paid") + F("waived")),
                name="dues_paid_and_waived_within_payable",
            ),
            models.CheckConstraint(
                condition=Q(refunded__lte=F("paid")), name="dues_refunded_within_paid"
            ),
            models.CheckConstraint(
                condition=~Q(state=DuesState.SETTLED)
                | Q(payable=F("paid") + F("waived"), refunded=F("paid")),
                name="settled_dues_went_back_in_full",
            ),
            models.CheckConstraint(
                condition=Q(payable__gt=0) | ~Q(no_dues_reason=""),
                name="no_dues_have_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="dues_waiting"),
            models.Index(fields=["year"], name="dues_year"),
        ]

    def __str__(self):
        return f"{self.pilot_unit} {self.year}年度团费"

    # --- Facts --------------------------------------------------------------------------------

    @property
    def unpaid(self):
        """Neither paid nor waived, in yuan."""
        return self.payable - self.paid - self.waived

    @property
    def refundable(self):
        """Paid and not given back, in yuan: what the refund gives back, all of it."""
        return self.paid - self.refunded

    @property
    def granted(self):
        """What the unit has for its work: given back or waived, in yuan."""
        return self.refunded + self.waived

    @property
    def is_balanced(self):
        """Everything is paid or waived, and what was paid is given back."""
        return self.unpaid == 0 and self.refundable == 0

    @property
    def payer(self):
        """The organisation that pays in and is paid back: the unit's own, or its parent."""
        organisation = self.pilot_unit.organisation
        return organisation.parent if self.is_via_parent else organisation

    @property
    def used(self):
        """Σ of the uses that stand, in yuan (one query, kept)."""
        if "_used" not in self.__dict__:
            self.__dict__["_used"] = self.uses.standing().aggregate(sum=total("amount"))["sum"]
        return self.__dict__["_used"]

    @property
    def main_verb(self):
        """The verb that everybody waits for; empty when nobody is waited for."""
        if self.state == DuesState.RECORDED:
            return "confirm"
        if self.state == DuesState.SETTLED:
            return "acknowledge" if self.refunded and not self.received_on else ""
        if self.unpaid:
            # What is to be paid in, the unit is waited for, outside of here.
            return "waive" if self.method == DuesMethod.KEEP else ""
        if self.refundable:
            return "refund"
        # Taken up again with nothing open: what is wrong is undone, or the approver lets it stand.
        return "reverse_refund" if self.refunded else "uphold"

    # --- Conditions ---------------------------------------------------------------------------

    @condition("应上缴部分已经缴清或免缴。")
    def something_unpaid(self):
        return self.unpaid > 0

    @condition("没有可以冲销的缴纳。")
    def something_paid(self):
        return self.paid > 0

    @condition("团费还没有缴清，也没有免缴，不能退返。")
    def nothing_unpaid(self):
        return self.unpaid == 0

    @condition("没有可以退返的团费。")
    def something_to_refund(self):
        return self.refundable > 0

    @condition("没有可以冲销的退返。")
    def something_refunded(self):
        return self.refunded > 0

    @condition("没有可以撤销的免缴。")
    def something_waived(self):
        return self.waived > 0

    @condition("还没有缴清、免缴或退返完，不能维持结清。")
    def nothing_open(self):
        return self.is_balanced

    @condition("已经确认过到账。")
    def not_acknowledged(self):
        return self.received_on is None

    @condition("退返或免缴之后才有专项工作经费可以登记使用。")
    def something_granted(self):
        return self.granted > 0

    @condition("没有可以划去的使用记录。")
    def something_used(self):
        return self.used > 0

    # --- Transitions --------------------------------------------------------------------------

    @transition(
        "state",
        source=list(OPEN),
        target=DuesState.RECORDED,
        permission=may_record_dues,
        custom={"label": "更正登记"},
    )
    def amend(self):
        """What is payable, or how, was recorded wrongly; to be confirmed anew."""

    @transition(
        "state",
        source=list(OPEN),
        target=DuesState.RECORDED,
        permission=may_record_dues,
        conditions=[something_unpaid],
        custom={"label": "登记缴纳"},
    )
    def collect(self):
        """Dues came in; to be confirmed anew."""

    @transition(
        "state",
        source=list(OPEN),
        target=DuesState.RECORDED,
        permission=may_record_dues,
        conditions=[something_paid],
        custom={"label": "冲销缴纳"},
    )
    def reverse_payment(self):
        """A receipt of dues was booked wrongly; to be confirmed anew."""

    @transition(
        "state",
        source=DuesState.RECORDED,
        target=RETURN_VALUE(DuesState.CONFIRMED, DuesState.SETTLED),
        permission=may_confirm_dues,
        custom={"label": "核实", "act": Act.REVIEW},
    )
    def confirm(self):
        """Payable and paid are right; settled at once where nothing remains to be done."""
        return DuesState.SETTLED if self.is_balanced else DuesState.CONFIRMED

    @transition(
        "state",
        source=DuesState.CONFIRMED,
        target=DuesState.RECORDED,
        permission=may_review,
        custom={"label": "退回登记", "act": Act.REVIEW},
    )
    def send_back(self):
        """What was confirmed is wrong after all."""

    @transition(
        "state",
        source=DuesState.CONFIRMED,
        target=RETURN_VALUE(DuesState.CONFIRMED, DuesState.SETTLED),
        permission=may_approve,
        conditions=[something_unpaid],
        custom={"label": "免缴", "act": Act.APPROVE},
    )
    def waive(self):
        """The unit need not pay in a part, or all, and keeps it."""
        return DuesState.SETTLED if self.is_balanced else DuesState.CONFIRMED

    @transition(
        "state",
        source=DuesState.CONFIRMED,
        target=DuesState.CONFIRMED,
        permission=may_approve,
        conditions=[something_waived],
        custom={"label": "撤销免缴", "act": Act.APPROVE},
    )
    def revoke_waiver(self):
        """The waiver no longer holds; what was waived is to be paid or waived anew."""

    @transition(
        "state",
        source=DuesState.CONFIRMED,
        target=DuesState.SETTLED,
        permission=may_pay,
        conditions=[nothing_unpaid, something_to_refund],
        custom={"label": "退返", "act": Act.PAY},
    )
    def refund(self):
        """All that was paid goes back."""

    @transition(
        "state",
        source=DuesState.CONFIRMED,
        target=DuesState.CONFIRMED,
        permission=may_pay,
        conditions=[something_refunded],
        custom={"label": "冲销退返", "act": Act.PAY},
    )
    def reverse_refund(self):
        """A refund was wrong; it may be paid anew."""

    @transition(
        "state",
        source=DuesState.SETTLED,
        target=DuesState.CONFIRMED,
        permission=may_approve,
        custom={"label": "重新办理", "act": Act.APPROVE},
    )
    def reopen(self):
        """A settled matter is taken up again."""

    @transition(
        "state",
        source=DuesState.CONFIRMED,
        target=DuesState.SETTLED,
        permission=may_approve,
        conditions=[nothing_open],
        custom={"label": "维持结清", "act": Act.APPROVE},
    )
    def uphold(self):
        """Nothing was wrong after all."""

    @transition(
        "state",
        source=DuesState.SETTLED,
        target=None,
        permission=may_act_for_unit,
        conditions=[something_refunded, not_acknowledged],
        custom={"label": "确认到账"},
    )
    def acknowledge(self):
        """The unit says that the refund has come."""

    @transition(
        "state",
        source=list(DuesState),
        target=None,
        permission=may_act_for_unit,
        conditions=[something_granted],
        custom={"label": "登记使用"},
    )
    def log_use(self):
        """The unit says what it used its 专项工作经费 for."""

    @transition(
        "state",
        source=list(DuesState),
        target=None,
        permission=may_act_for_unit,
        conditions=[something_used],
        custom={"label": "划去使用"},
    )
    def void_use(self):
        """A use was written down wrongly; it is struck out and stays readable."""
