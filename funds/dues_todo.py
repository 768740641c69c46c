"""What waits for people about dues, derived from the transitions they may take now."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import Act, Duty, TransitionLog
from accounts.todo import Item, Kind
from funds.dues_rules import WRITING
from funds.models import DuesRecord, DuesState
from mentors.ties import ties_of
from units.loading import WithUnit
from units.models import ProgrammeState, members_of


def to_confirm(user):
    """Records that `user` may confirm: none whose figures he wrote."""
    if Duty.REVIEWER not in user.duties:
        return DuesRecord.objects.none()
    written = TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(DuesRecord),
        object_id=OuterRef("pk"),
        by=user,
        verb__in=WRITING,
    )
    waiting = DuesRecord.objects.filter(~Exists(written), state=DuesState.RECORDED)
    return waiting.without_conflict(user, Act.REVIEW)


def to_waive(user):
    """免缴留用 that waits for the approver's word."""
    if Duty.APPROVER not in user.duties:
        return DuesRecord.objects.none()
    return DuesRecord.objects.to_waive().without_conflict(user, Act.APPROVE)


def to_refund(user):
    """Dues that a cashier is to give back."""
    if Duty.CASHIER not in user.duties:
        return DuesRecord.objects.none()
    return DuesRecord.objects.to_refund().without_conflict(user, Act.PAY)


def to_reverse(user):
    """Taken up again although everything went back: the refund is to be reversed, or upheld."""
    if Duty.CASHIER not in user.duties:
        return DuesRecord.objects.none()
    return DuesRecord.objects.reopened().filter(refunded__gt=0).without_conflict(user, Act.PAY)


def to_uphold(user):
    """Taken up again without a refund: the waiver is to be revoked, or upheld."""
    if Duty.APPROVER not in user.duties:
        return DuesRecord.objects.none()
    return DuesRecord.objects.reopened().filter(refunded=0).without_conflict(user, Act.APPROVE)


def to_acknowledge(user):
    """Refunds to the own unit that it has not said to have received."""
    if not ties_of(user).is_member:
        return DuesRecord.objects.none()
    own = Exists(members_of(OuterRef("pilot_unit__organisation"), user))
    refunded = DuesRecord.objects.filter(own, state=DuesState.SETTLED, refunded__gt=0)
    archived = Q(pilot_unit__programme__state=ProgrammeState.ARCHIVED)
    return refunded.filter(received_on=None).exclude(archived)


def to_pay_in(user):
    """Confirmed dues of the own unit that it has neither paid nor may keep."""
    if not ties_of(user).is_member:
        return DuesRecord.objects.none()
    own = Exists(members_of(OuterRef("pilot_unit__organisation"), user))
    return DuesRecord.objects.to_pay_in().filter(own)


load = WithUnit(DuesRecord)


def shown(amount):
    """The function that makes a record's Item; `amount(dues)` is what the line is about, in yuan."""

    def show(kind, dues):
        return Item(
            matter=dues,
            verb=kind.verb,
            tone=kind.tone,
            state=kind.state,
            title=f"{dues.year}年度团费",
            url=reverse("funds:dues_record", args=[dues.pk]),
            action_label=kind.action,
            action_url=reverse("funds:act_on_dues", args=[dues.pk, kind.verb])
            if kind.verb
            else reverse("funds:dues_record", args=[dues.pk]),
            detail=str(dues.pilot_unit),
            amount=amount(dues),
            since=dues.state_since,
            primary=kind.primary,
        )

    return show


def kind(verb, waiting, amount, state, action, **look):
    """A Kind of the dues' list."""
    look = {"primary": True} | look
    return Kind(verb, "funds:dues", waiting, load, shown(amount), state, action, **look)


DUES_KINDS = [
    kind("confirm", to_confirm, lambda dues: dues.payable, "团费待核实", "核实"),
    kind("waive", to_waive, lambda dues: dues.unpaid, "免缴待审批", "审批"),
    kind("refund", to_refund, lambda dues: dues.refundable, "团费待退返", "退返"),
    kind("reverse_refund", to_reverse, lambda dues: dues.refunded, "退返待核对", "冲销", tone="a"),
    kind("uphold", to_uphold, lambda dues: dues.waived, "重新办理", "维持或撤销", tone="a"),
    kind("acknowledge", to_acknowledge, lambda dues: dues.refunded, "团费已退返", "确认到账"),
    kind("", to_pay_in, lambda dues: dues.unpaid, "团费待缴", "查看", tone="a", primary=False),
]
