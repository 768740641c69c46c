"""立项申请: what an application holds, and the facts that follow from it (DOMAIN, Money)."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from accounts.models import TransitionLog
from funds.models.ledger import Entry
from funds.models.owners import CommitmentOwner, commitment_of
from funds.models.states import FINAL, GRANTED, UNDER_WAY, ApplicationStates, State
from mentors.models import SignatureActivity, units_belonging_to, units_tied_to
from mentors.standing import UnitMatterQuerySet
from pilotwork import clock
from pilotwork.history import History
from pilotwork.money import ZERO, MoneyField
from pilotwork.search import containing
from pilotwork.sql import AddDays, LoggedMoney, OneOf
from units.models import Organisation, PilotUnit


class ApplicationQuerySet(UnitMatterQuerySet):
    def with_units(self):
        """With the unit, its programme and the commitment: every rule and every page asks for them."""
        return self.select_related(
            "pilot_unit__organisation__parent", "pilot_unit__programme", "commitment"
        )

    def visible_to(self, user):
        """County staff see what was submitted, mentors that of their units, members their own.

        A draft is the unit's own affair until it is submitted. They come `with_units`.
        """
        rows = self.with_units()
        seen = ~Q(state=State.DRAFT) | Q(pilot_unit__in=units_belonging_to(user))
        if user.is_county:
            return rows.filter(seen)
        return rows.filter(seen, OneOf("pilot_unit", units_tied_to(user)))

    def as_of(self, moment):
        """As of every matter; also annotates the last decision on the amount before `moment`:
        `approved_then`, the yuan approved or reduced to, and `decided_then`, when it was."""
        decided = TransitionLog.objects.until(moment, self.model).filter(
            verb__in=["approve", "reduce"]
        )
        amount = decided.values(decided=LoggedMoney("details", key="amount"))
        return (
            super()
            .as_of(moment)
            .annotate(
                approved_then=Subquery(amount[:1]), decided_then=Subquery(decided.values("at")[:1])
            )
        )

    def with_sums(self, *names):
        """Annotate the commitment's sums `names`, of reserved, released, disbursed, recovered.

        All four without names; None where nothing was booked yet.
        """
        last = Entry.objects.filter(commitment=OuterRef("commitment")).order_by("-number")
        return self.annotate(
            **{
                name: Subquery(last.values(f"{name}_after")[:1])
                for name in names or ("reserved", "released", "disbursed", "recovered")
            }
        )

    def overdue_for_closure(self):
        """Approved, the activity over for longer than the programme's grace days, no closure."""
        grace = F("pilot_unit__programme__closure_grace_days")
        return self.annotate(closure_due_on=AddDays(F("ends_on"), grace)).filter(
            state=State.APPROVED, closure_due_on__lt=clock.today()
        )

    def unpaid(self):
        """Matters of which a part of the approved amount is still to be paid."""
        return self.with_sums().filter(
            state__in=[State.APPROVED, State.CLOSING],
            reserved__gt=F("released") + F("disbursed"),
        )

    def matching(self, text):
        """Search by number, activity name, unit's name or alias."""
        units = PilotUnit.objects.filter(organisation__in=Organisation.objects.matching(text))
        of_units = Q(pilot_unit__in=units.order_by().values("pk"))
        return self.filter(containing("number", text) | containing("name", text) | of_units)


class Application(CommitmentOwner, ApplicationStates):
    """One activity project of one pilot unit, from the draft to the closure."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="applications", verbose_name="试点单位"
    )
    number = models.CharField("编号", max_length=20, unique=True, null=True, editable=False)
    name = models.CharField("活动名称", max_length=80)
    purpose = models.TextField("活动目的", max_length=1000)
    plan = models.TextField("活动方案", max_length=4000)
    starts_on = models.DateField("活动开始日期", null=True)
    ends_on = models.DateField("活动结束日期", null=True)
    place = models.CharField("活动地点", max_length=120)
    participants = models.CharField("参加人员", max_length=200)
    signature_activity = models.ForeignKey(
        SignatureActivity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name="关联特色活动",
    )
    contact = models.CharField("联系人", max_length=40)
    phone = models.CharField("联系电话", max_length=30)
    payee_name = models.CharField("收款户名", max_length=80)
    payee_bank = models.CharField("开户银行", max_length=80)
    payee_account = models.CharField("收款账号", max_length=40)
    total_amount = MoneyField("预算合计（元）", default=ZERO)
    requested_amount = MoneyField("申请金额（元）", default=ZERO)
    approved_amount = MoneyField("核定金额（元）", null=True, editable=False)
    waived_amount = MoneyField("核销金额（元）", default=ZERO, editable=False)
    due_back = MoneyField("终止时应退金额（元）", null=True, editable=False)
    returned_from = models.CharField("退回前的环节", max_length=20, editable=False)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    created_at = models.DateTimeField("创建时间", default=clock.now, editable=False)
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    commitment = commitment_of("application")

    page_name = "funds:application"
    voucher_title = "拨付凭单"
    voucher_deciders = {
        "review": ("review", "review_closure"),
        "approval": ("approve", "reduce", "terminate"),
    }

    objects = ApplicationQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "立项申请"
        verbose_name_plural = "立项申请"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(requested_amount__gte=0, total_amount__gte=0),
                name="budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(approved_amount__isnull=True)
                | Q(approved_amount__gt=0, approved_amount__lte=F("requested_amount")),
                name="approved_within_the_request",
            ),
            models.CheckConstraint(condition=Q(waived_amount__gte=0), name="waived_not_negative"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(number__isnull=False),
                name="submitted_applications_have_a_number",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="application_waiting"),
            models.Index(fields=["pilot_unit", "state"], name="application_of_unit"),
            models.Index(fields=["-submitted_at"], name="application_submitted"),
        ]

    def __str__(self):
        return f"{self.number or '草稿'} {self.name}"

    @property
    def programme(self):
        return self.pilot_unit.programme

    @property
    def active_closure(self):
        """The closure in force, or None when none is filed or it was returned (kept)."""
        if "_closure" not in self.__dict__:
            active = (closure for closure in self.closures.all() if closure.is_active)
            self.__dict__["_closure"] = next(active, None)
        return self.__dict__["_closure"]

    @property
    def has_open_change(self):
        """Whether a change waits for a decision (kept)."""
        if "_has_open_change" not in self.__dict__:
            self.__dict__["_has_open_change"] = self.changes.open().exists()
        return self.__dict__["_has_open_change"]

    @property
    def total_due_back(self):
        """What the unit owes in all: paid minus spent, or what was fixed at termination; yuan."""
        if self.state == State.TERMINATED:
            return self.due_back
        if self.active_closure is None:
            return ZERO
        return self.sums.disbursed - self.active_closure.spent_from_fund

    @property
    def balance_due(self):
        """Paid minus spent, not recovered and not waived, in yuan.

        Positive: the unit owes it back. Negative, only while a closure waits for its review: the
        unit spent more of the approved amount than it was paid, and the rest is still to be paid.
        """
        return self.total_due_back - self.sums.recovered - self.waived_amount

    @property
    def still_to_pay(self):
        """What the unit spent of the approved amount and was not paid yet, in yuan; 0 where nothing."""
        return max(-self.balance_due, ZERO)

    @property
    def owed_back(self):
        """What the unit is to bring back now, in yuan: once its closure is checked, or at the end."""
        is_settled = self.state in {State.CLOSURE_REVIEWED, State.TERMINATED}
        return max(self.balance_due, ZERO) if is_settled else ZERO

    @property
    def granted_amount(self):
        """The approval that stands, in yuan: None before it and where it was revoked."""
        return self.approved_amount if self.state in GRANTED else None

    @property
    def unspent_grant(self):
        """What was approved and released unpaid, in yuan, when the project came to its end."""
        if self.approved_amount is None or self.state not in FINAL:
            return ZERO
        return self.approved_amount - self.sums.disbursed - self.sums.unpaid

    @property
    def payment_state(self):
        """未拨付, 部分拨付 or 已拨付, computed from the ledger; empty before approval."""
        if self.state not in UNDER_WAY:
            return ""
        disbursed = getattr(self, "disbursed", None)
        disbursed = self.sums.disbursed if disbursed is None and self.commitment_id else disbursed
        if not disbursed:
            return "未拨付"
        return "已拨付" if disbursed >= self.approved_amount else "部分拨付"

    @property
    def main_verb(self):
        """The verb everybody is waiting for in this state; empty when nobody is."""
        if self.state == State.APPROVED:
            return "pay" if self.sums.unpaid > 0 else "file_closure"
        if self.state == State.CLOSURE_REVIEWED:
            return "recover" if self.balance_due > 0 else "close"
        if self.state == State.TERMINATED:
            return "recover" if self.balance_due > 0 else ""
        if self.state == State.CLOSING and self.balance_due < 0:
            return "pay"
        return {
            State.DRAFT: "submit",
            State.SUBMITTED: "review",
            State.REVIEWED: "approve",
            State.RETURNED: "resubmit",
            State.CLOSING: "review_closure",
        }.get(self.state, "")
