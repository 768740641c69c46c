"""典型奖励: one-off money for a unit chosen as a model (DOMAIN, Reward and plaque)."""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from accounts.models import Act
from funds.models import CommitmentKind
from funds.models.owners import PaidOutright, commitment_of
from mentors.models.visits import OfUnitQuerySet
from mentors.rules import may_approve, may_pay
from pilotwork.files import Attachment
from pilotwork.history import History
from pilotwork.money import MoneyField
from units.models import PilotUnit


class RewardLevel(models.TextChoices):
    CITY = "city", "全市"
    NATIONAL = "national", "全国"


class RewardState(models.TextChoices):
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "待发放"
    PAID = "paid", "已发放"
    DECLINED = "declined", "不予奖励"
    CANCELLED = "cancelled", "已撤销"


# A reward in one of these states makes another one of the same unit a second one.
GRANTED = (RewardState.APPROVED, RewardState.PAID)


class Reward(PaidOutright):
    """One reward of one unit, on the strength of a document that names it a model."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="rewards", verbose_name="试点单位"
    )
    level = models.CharField("典型级别", max_length=10, choices=RewardLevel.choices)
    basis_title = models.CharField("依据文件", max_length=200)
    basis_number = models.CharField("文号", max_length=60, blank=True)
    amount = MoneyField("奖励金额（元）", editable=False)
    proposed_on = models.DateField("提出日期", editable=False)
    second_reason = models.TextField("再次奖励的理由", max_length=1000, blank=True, editable=False)
    state = FSMField(
        "状态",
        choices=RewardState.choices,
        default=RewardState.PROPOSED,
        protected=True,
        editable=False,
    )
    commitment = commitment_of("reward")

    page_name = "awards:reward"
    voucher_title = "奖励发放凭单"
    commitment_kind = CommitmentKind.REWARD
    price = "amount"
    payee_missing = "该单位没有登记收款账户，请系统管理员在“基础资料”的团组织中补全户名、开户银行和账号后再发放。"
    payable_in = (RewardState.APPROVED,)
    must_be_paid_in = (RewardState.PAID,)
    must_be_unpaid_in = (RewardState.PROPOSED, RewardState.DECLINED, RewardState.CANCELLED)

    objects = OfUnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "典型奖励"
        verbose_name_plural = "典型奖励"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="reward_is_positive"),
        ]
        indexes = [models.Index(fields=["state", "state_since"], name="reward_waiting")]

    def __str__(self):
        return f"{self.pilot_unit} {self.get_level_display()}典型奖励"

    @property
    def payee(self):
        """The unit's own account, as it is on file now."""
        organisation = self.pilot_unit.organisation
        return {
            "counterparty": organisation.payee_name,
            "counterparty_bank": organisation.payee_bank,
            "counterparty_account": organisation.payee_account,
        }

    @property
    def others(self):
        """Further rewards granted to the same unit, in any programme; newest first."""
        same = Reward.objects.filter(pilot_unit__organisation=self.pilot_unit.organisation_id)
        return same.filter(state__in=GRANTED).exclude(pk=self.pk)

    @property
    def main_verb(self):
        """The verb that is waited for; empty once it is paid or has come to another end."""
        if self.state == RewardState.APPROVED:
            return "reverse" if self.is_paid else "pay"
        return "approve" if self.state == RewardState.PROPOSED else ""

    # --- Transitions: the only ways the state changes ------------------------------------------

    @transition(
        "state",
        source=RewardState.PROPOSED,
        target=RewardState.APPROVED,
        permission=may_approve,
        custom={"label": "同意奖励", "act": Act.APPROVE},
    )
    def approve(self):
        """The money may be paid."""

    @transition(
        "state",
        source=RewardState.PROPOSED,
        target=RewardState.DECLINED,
        permission=may_approve,
        custom={"label": "不予奖励", "act": Act.APPROVE},
    )
    def decline(self):
        """There is no reward."""

    @transition(
        "state",
        source=RewardState.APPROVED,
        target=RewardState.PAID,
        permission=may_pay,
        conditions=[PaidOutright.nothing_paid],
        custom={"label": "发放", "act": Act.PAY},
    )
    def pay(self):
        """The unit gets the whole amount, once."""

    @transition(
        "state",
        source=RewardState.APPROVED,
        target=RewardState.CANCELLED,
        permission=may_approve,
        conditions=[PaidOutright.nothing_paid],
        custom={"label": "撤销", "act": Act.APPROVE},
    )
    def cancel(self):
        """The approval is taken back; nothing is paid, or all of it reversed."""

    @transition(
        "state",
        source=RewardState.PAID,
        target=RewardState.APPROVED,
        permission=may_approve,
        custom={"label": "重新办理", "act": Act.APPROVE},
    )
    def reopen(self):
        """So that a wrong payment, which still stands, can be reversed."""

    @transition(
        "state",
        source=RewardState.APPROVED,
        target=None,
        permission=may_pay,
        conditions=[PaidOutright.something_paid],
        custom={"label": "冲销", "act": Act.PAY},
    )
    def reverse(self):
        """The payment was wrong; it can be made anew, or the reward cancelled."""

    @transition(
        "state",
        source=RewardState.APPROVED,
        target=RewardState.PAID,
        permission=may_approve,
        conditions=[PaidOutright.something_paid],
        custom={"label": "维持发放", "act": Act.APPROVE},
    )
    def uphold(self):
        """The payment was right after all and stands."""


class RewardFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the reward sees the document it rests on."""
        return self.filter(reward__in=Reward.objects.visible_to(user))


class RewardFile(Attachment):
    """The document that names the unit a model."""

    reward = models.ForeignKey(
        Reward, on_delete=models.PROTECT, related_name="files", verbose_name="典型奖励"
    )

    objects = RewardFileQuerySet.as_manager()

    class Meta:
        verbose_name = "奖励依据文件"
        verbose_name_plural = "奖励依据文件"
        ordering = ["id"]

    def __str__(self):
        return self.name
