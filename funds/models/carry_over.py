"""结转: what is left of an ended programme's fund moves to a later programme's, or is kept (留存).

The approver decides it and the cashier books it: a payment out of the one fund and a receipt into the
other, always both. The programme is archived only when nothing is left over that nobody decided on.
"""

import rules
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from accounts.matters import Matter, condition
from accounts.models import Act, Duty, User
from accounts.rules import Permission, holds
from funds.models.ledger import Entry
from funds.models.owners import CommitmentOwner, commitment_of
from pilotwork.appendonly import AppendOnly, AppendOnlyQuerySet
from pilotwork.history import History
from pilotwork.money import MoneyField, yuan
from units.models import PilotProgramme
from units.models.archiving import OfProgramme


def did(act):
    """A predicate: the person has done `act` in this carry-over, as its log says."""
    return rules.predicate(
        lambda user, carry_over: any(
            (row.by_id, row.act) == (user.pk, act) for row in carry_over.log
        ),
        name=f"did_{act}_in_the_carry_over",
    )


may_decide_carry_over = Permission(
    (holds(Duty.APPROVER), "结转由有审批职责的人员决定。"),
    (~did(Act.PAY), "您已在本事项中办理过记账，审批与记账不能由同一人办理。"),
    who="审批人",
)
may_book_carry_over = Permission(
    (holds(Duty.CASHIER), "结转由财务人员记账。"),
    (~did(Act.APPROVE), "您已在本事项中办理过审批，审批与记账不能由同一人办理。"),
    who="财务",
)


class CarryOverState(models.TextChoices):
    DECIDED = "decided", "待记账"
    BOOKED = "booked", "已结转"
    REOPENED = "reopened", "待冲销"
    KEPT = "kept", "留存"
    REVOKED = "revoked", "已撤销"


# Somebody has still to act.
UNDECIDED = (CarryOverState.DECIDED, CarryOverState.REOPENED)
CARRY_OVER_TONES = {
    CarryOverState.DECIDED: "a",
    CarryOverState.BOOKED: "g",
    CarryOverState.REOPENED: "a",
    CarryOverState.KEPT: "n",
    CarryOverState.REVOKED: "n",
}


class CarryOverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The county's books are the county's: its staff and leaders see them."""
        return self.all() if user.is_county else self.none()

    def standing(self):
        """Those that are in force, booked or to be booked."""
        return self.exclude(state=CarryOverState.REVOKED)


class CarryOver(OfProgramme, CommitmentOwner, Matter):
    """结转: an amount of one programme's fund that moves to another's; without one it is kept."""

    programme = models.ForeignKey(
        PilotProgramme,
        on_delete=models.PROTECT,
        related_name="carry_overs",
        verbose_name="转出的试点工作",
    )
    to_programme = models.ForeignKey(
        PilotProgramme,
        on_delete=models.PROTECT,
        null=True,
        related_name="carried_here",
        verbose_name="转入的试点工作",
    )
    amount = MoneyField("金额（元）")
    decided_on = models.DateField("决定日期")
    state = FSMField(
        "状态",
        choices=CarryOverState.choices,
        default=CarryOverState.DECIDED,
        protected=True,
        editable=False,
    )
    commitment = commitment_of("carry_over")

    page_name = "funds:carry_over"
    voucher_title = "基金结转凭单"
    voucher_deciders = {"review": (), "approval": ("decide",)}

    objects = CarryOverQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "基金结转"
        verbose_name_plural = "基金结转"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="carry_over_is_positive"),
            models.CheckConstraint(
                condition=Q(to_programme__isnull=True) | ~Q(to_programme=F("programme")),
                name="carry_over_goes_elsewhere",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=[s.value for s in UNDECIDED]),
                name="one_open_carry_over_of_a_programme",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state=CarryOverState.KEPT),
                name="one_kept_amount_of_a_programme",
            ),
        ]

    def __str__(self):
        if self.to_programme is None:
            return f"{self.programme}结余留存 {yuan(self.amount)} 元"
        return f"{self.programme}结转至{self.to_programme}"

    @property
    def main_verb(self):
        """The verb that is waited for; empty once it is booked, kept or revoked."""
        waited_for = {CarryOverState.DECIDED: "book", CarryOverState.REOPENED: "reverse"}
        return waited_for.get(self.state, "")

    @property
    def standing_booking(self):
        """The booking that nothing reverses, or None."""
        return self.bookings.standing().select_related("payment", "receipt").first()

    def people_concerned(self):
        return User.objects.active().with_duty(Duty.APPROVER, Duty.CASHIER).with_grants()

    @condition("留存的结余没有转出，不需要记账。")
    def goes_somewhere(self):
        return self.to_programme_id is not None

    @transition(
        "state",
        source=CarryOverState.DECIDED,
        target=CarryOverState.BOOKED,
        permission=may_book_carry_over,
        conditions=[goes_somewhere],
        custom={"label": "记账结转", "act": Act.PAY},
    )
    def book(self):
        """The money leaves the one fund and comes into the other."""

    @transition(
        "state",
        source=[CarryOverState.DECIDED, CarryOverState.KEPT],
        target=CarryOverState.REVOKED,
        permission=may_decide_carry_over,
        custom={"label": "撤销决定", "act": Act.APPROVE},
    )
    def revoke(self):
        """It was decided wrongly, or what is left has changed; to be decided anew."""

    @transition(
        "state",
        source=CarryOverState.BOOKED,
        target=CarryOverState.REOPENED,
        permission=may_decide_carry_over,
        custom={"label": "重新办理", "act": Act.APPROVE},
    )
    def reopen(self):
        """What was booked may be reversed."""

    @transition(
        "state",
        source=CarryOverState.REOPENED,
        target=CarryOverState.DECIDED,
        permission=may_book_carry_over,
        custom={"label": "冲销", "act": Act.PAY},
    )
    def reverse(self):
        """Both sides are reversed; it may be booked anew, or revoked."""

    @transition(
        "state",
        source=CarryOverState.REOPENED,
        target=CarryOverState.BOOKED,
        permission=may_decide_carry_over,
        custom={"label": "维持结转", "act": Act.APPROVE},
    )
    def uphold(self):
        """What was booked stays after all."""


class CarryOverBookingQuerySet(AppendOnlyQuerySet):
    def standing(self):
        """Bookings whose payment nothing reverses."""
        return self.filter(payment__reversed_by=None)


class CarryOverBooking(AppendOnly):
    """The two entries of one booking: what was paid out of the one fund came into the other."""

    carry_over = models.ForeignKey(
        CarryOver, on_delete=models.PROTECT, related_name="bookings", verbose_name="基金结转"
    )
    payment = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="carried_out", verbose_name="转出分录"
    )
    receipt = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="carried_in", verbose_name="转入分录"
    )

    objects = CarryOverBookingQuerySet.as_manager()

    class Meta:
        verbose_name = "结转记账"
        verbose_name_plural = "结转记账"
        ordering = ["id"]

    def __str__(self):
        return f"{self.payment} → {self.receipt}"
