"""The states of an application and every transition between them (DOMAIN, Money)."""

from django.db import models
from django_fsm import RETURN_VALUE, FSMField, transition

from accounts.matters import condition
from accounts.models import Act
from mentors.rules import (
    may_act_for_unit,
    may_approve,
    may_give_mentor_opinion,
    may_pay,
    may_review,
)
from mentors.standing import UnitMatter
from units.models import ProgrammeState, UnitState


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待初审"
    REVIEWED = "reviewed", "待审批"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "已立项"
    CLOSING = "closing", "结项待审"
    CLOSURE_REVIEWED = "closure_reviewed", "结项待批"
    CLOSED = "closed", "已结项"
    REJECTED = "rejected", "不予立项"
    WITHDRAWN = "withdrawn", "已撤回"
    REVOKED = "revoked", "撤销立项"
    TERMINATED = "terminated", "已终止"


EDITABLE = (State.DRAFT, State.RETURNED)
PENDING = (State.SUBMITTED, State.REVIEWED)
UNDER_WAY = (State.APPROVED, State.CLOSING, State.CLOSURE_REVIEWED)
# The approval stands, whatever came of the project.
GRANTED = (*UNDER_WAY, State.CLOSED, State.TERMINATED)
# The states in which a payment or a recovery may still be reversed without reopening.
OPEN_FOR_REVERSAL = UNDER_WAY
FINAL = (State.CLOSED, State.REJECTED, State.WITHDRAWN, State.REVOKED, State.TERMINATED)


class ApplicationStates(UnitMatter):
    """What can happen to an application, and when; `Application` holds the facts it asks for."""

    state = FSMField(
        "状态", choices=State.choices, default=State.DRAFT, protected=True, editable=False
    )

    class Meta:
        abstract = True

    # --- Conditions -------------------------------------------------------------------------

    @condition("本次试点已结束或单位已退出，不能再提交申请。")
    def in_active_programme(self):
        return (
            self.programme.state == ProgrammeState.ACTIVE
            and self.pilot_unit.state == UnitState.ACTIVE
        )

    @condition("上级团组织就是团县委，无须另行提出上级意见。")
    def has_other_superior(self):
        return not self.pilot_unit.has_county_parent

    @condition("已有拨付，不能撤销立项；请终止项目，或先冲销全部拨付。")
    def nothing_paid(self):
        return self.sums.disbursed == 0

    @condition("尚未拨付，不必终止；可以撤销立项。")
    def something_paid(self):
        return self.sums.disbursed > 0

    @condition("没有可以冲销的拨付。")
    def something_to_reverse(self):
        # A recovery that still stands is never more than the payments that still stand.
        return self.sums.disbursed > 0

    @condition("核定金额已全部拨付。")
    def something_unpaid(self):
        return self.sums.unpaid > 0

    @condition("有尚未办结的变更申请，请先办结。")
    def no_open_change(self):
        return not self.has_open_change

    @condition("没有应退的结余。")
    def something_due(self):
        return self.balance_due > 0

    @condition("结项列支的基金支出超过已拨付金额，请财务先拨付差额，或退回结项。")
    def spending_is_paid(self):
        return self.balance_due >= 0

    @condition("还有应退结余没有收回或核销，不能结项。")
    def nothing_due(self):
        return self.balance_due == 0

    # --- Transitions: the only ways the state changes ----------------------------------------

    @transition(
        "state",
        source=State.DRAFT,
        target=State.SUBMITTED,
        permission=may_act_for_unit,
        conditions=[in_active_programme],
        custom={"label": "提交"},
    )
    def submit(self):
        """The unit hands the application in."""

    @transition(
        "state",
        source=State.RETURNED,
        target=RETURN_VALUE(State.SUBMITTED, State.REVIEWED),
        permission=may_act_for_unit,
        conditions=[in_active_programme],
        custom={"label": "重新提交"},
    )
    def resubmit(self, *, through_review):
        """Back to the step that returned it, through review again if budget or payee changed."""
        if through_review or self.returned_from != State.REVIEWED:
            return State.SUBMITTED
        return State.REVIEWED

    @transition(
        "state",
        source=[State.SUBMITTED, State.REVIEWED, State.RETURNED],
        target=State.WITHDRAWN,
        permission=may_act_for_unit,
        custom={"label": "撤回"},
    )
    def withdraw(self):
        """The unit takes the application back."""

    @transition(
        "state",
        source=[State.SUBMITTED, State.REVIEWED],
        target=None,
        permission=may_give_mentor_opinion,
        custom={"label": "指导员意见"},
    )
    def mentor_opinion(self):
        """The unit's mentor says what he thinks; it blocks nothing."""

    @transition(
        "state",
        source=[State.SUBMITTED, State.REVIEWED],
        target=None,
        permission=may_review,
        conditions=[has_other_superior],
        custom={"label": "上级团组织意见"},
    )
    def superior_opinion(self):
        """The reviewer enters the parent organisation's opinion with the scanned sheet."""

    @transition(
        "state",
        source=State.SUBMITTED,
        target=State.REVIEWED,
        permission=may_review,
        custom={"label": "初审同意", "act": Act.REVIEW},
    )
    def review(self):
        """The first check is passed."""

    @transition(
        "state",
        source=State.REVIEWED,
        target=State.APPROVED,
        permission=may_approve,
        conditions=[in_active_programme],
        custom={"label": "同意立项", "act": Act.APPROVE},
    )
    def approve(self):
        """The amount is set and reserved."""

    @transition(
        "state",
        source=State.SUBMITTED,
        target=State.RETURNED,
        permission=may_review,
        custom={"label": "退回修改", "act": Act.REVIEW},
    )
    @transition(
        "state",
        source=State.REVIEWED,
        target=State.RETURNED,
        permission=may_approve,
        custom={"label": "退回修改", "act": Act.APPROVE},
    )
    def send_back(self):
        """The unit is to correct something."""

    @transition(
        "state",
        source=State.SUBMITTED,
        target=State.REJECTED,
        permission=may_review,
        custom={"label": "不予立项", "act": Act.REVIEW},
    )
    @transition(
        "state",
        source=State.REVIEWED,
        target=State.REJECTED,
        permission=may_approve,
        custom={"label": "不予立项", "act": Act.APPROVE},
    )
    def reject(self):
        """The project is not taken on."""

    @transition(
        "state",
        source=[State.APPROVED, State.CLOSING],
        target=None,
        permission=may_pay,
        conditions=[something_unpaid],
        custom={"label": "拨付", "act": Act.PAY},
    )
    def pay(self):
        """One instalment is paid out of the reservation."""

    @transition(
        "state",
        source=State.APPROVED,
        target=State.APPROVED,
        permission=may_approve,
        conditions=[something_unpaid],
        custom={"label": "核减", "act": Act.APPROVE},
    )
    def reduce(self):
        """The approved amount is lowered; the difference is released."""

    @transition(
        "state",
        source=State.APPROVED,
        target=State.REVOKED,
        permission=may_approve,
        conditions=[nothing_paid, no_open_change],
        custom={"label": "撤销立项", "act": Act.APPROVE},
    )
    def revoke(self):
        """The approval is taken back before any payment; everything is released."""

    @transition(
        "state",
        source=State.APPROVED,
        target=State.TERMINATED,
        permission=may_approve,
        conditions=[something_paid, no_open_change],
        custom={"label": "终止", "act": Act.APPROVE},
    )
    def terminate(self):
        """The project stops; what is due back is fixed, the rest of the reservation released."""

    @transition(
        "state",
        source=State.APPROVED,
        target=State.CLOSING,
        permission=may_act_for_unit,
        conditions=[no_open_change],
        custom={"label": "报送结项"},
    )
    def file_closure(self):
        """The unit reports what was done and spent."""

    @transition(
        "state",
        source=State.CLOSING,
        target=State.CLOSURE_REVIEWED,
        permission=may_review,
        conditions=[spending_is_paid],
        custom={"label": "结项初审同意", "act": Act.REVIEW},
    )
    def review_closure(self):
        """The closure passes the first check."""

    @transition(
        "state",
        source=State.CLOSING,
        target=State.APPROVED,
        permission=may_review,
        custom={"label": "退回结项", "act": Act.REVIEW},
    )
    @transition(
        "state",
        source=State.CLOSURE_REVIEWED,
        target=State.APPROVED,
        permission=may_approve,
        custom={"label": "退回结项", "act": Act.APPROVE},
    )
    def send_back_closure(self):
        """The unit is to correct the closure; its vouchers are free again."""

    @transition(
        "state",
        source=[State.CLOSING, State.CLOSURE_REVIEWED, State.TERMINATED],
        target=None,
        permission=may_pay,
        conditions=[something_due],
        custom={"label": "收回结余", "act": Act.PAY},
    )
    def recover(self):
        """Unspent money comes back into the account."""

    @transition(
        "state",
        source=[State.CLOSURE_REVIEWED, State.TERMINATED],
        target=None,
        permission=may_approve,
        conditions=[something_due],
        custom={"label": "核销结余", "act": Act.APPROVE},
    )
    def waive(self):
        """The approver waives what is still due back, with a reason."""

    @transition(
        "state",
        source=State.CLOSURE_REVIEWED,
        target=State.CLOSED,
        permission=may_approve,
        conditions=[nothing_due],
        custom={"label": "同意结项", "act": Act.APPROVE},
    )
    def close(self):
        """Done; what is left of the reservation is released."""

    @transition(
        "state",
        source=list(OPEN_FOR_REVERSAL),
        target=None,
        permission=may_pay,
        conditions=[something_to_reverse],
        custom={"label": "冲销", "act": Act.PAY},
    )
    def reverse(self):
        """A wrong payment or recovery is reversed by a new entry."""

    @transition(
        "state",
        source=list(FINAL),
        target=RETURN_VALUE(*PENDING, State.RETURNED, State.APPROVED, State.CLOSURE_REVIEWED),
        permission=may_approve,
        custom={"label": "重新办理", "act": Act.APPROVE},
    )
    def reopen(self, *, back_to):
        """A final matter is taken up again where it was left, where money allows."""
        return back_to
