"""What waits about plaques, derived from the transitions that people may take now."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import Act, Duty
from accounts.todo import Item, Kind
from funds.models import Plaque, PlaqueState
from funds.models.plaque import PAYABLE
from funds.plaque_list import UNPAID, with_payment
from mentors.models import guides
from mentors.ties import ties_of
from pilotwork import clock
from units.loading import WithUnit

# How long a plaque that is paid may lie about before the reviewer is reminded.
PATIENCE = dt.timedelta(days=14)


def to_approve(user):
    """Proposed plaques that `user` may decide."""
    if Duty.APPROVER not in user.duties:
        return Plaque.objects.none()
    waiting = Plaque.objects.filter(state=PlaqueState.PROPOSED)
    return waiting.without_conflict(user, Act.APPROVE)


def to_pay(user):
    """Plaques, hanging or not, whose cost `user` may pay."""
    if Duty.CASHIER not in user.duties:
        return Plaque.objects.none()
    waiting = with_payment(Plaque.objects.filter(state__in=PAYABLE))
    return waiting.filter(UNPAID).without_conflict(user, Act.PAY)


def to_hang(user):
    """Plaques paid but not hung: the mentor's at once, the reviewer's after two weeks."""
    is_reviewer = Duty.REVIEWER in user.duties
    if not (is_reviewer or ties_of(user).is_mentor):
        return Plaque.objects.none()
    whose = Q(Exists(guides(OuterRef("pilot_unit"), user)))
    if is_reviewer:
        whose |= Q(state_since__lte=clock.now() - PATIENCE)
    waiting = with_payment(Plaque.objects.filter(state=PlaqueState.APPROVED))
    return waiting.filter(whose, disbursed__gt=0)


load_plaques = WithUnit(Plaque)


def show_plaque(kind, plaque):
    """A plaque's line."""
    return Item(
        matter=plaque,
        verb=kind.verb,
        tone=kind.tone,
        state=kind.state,
        title=f"铜牌“{plaque.text}”",
        url=reverse("funds:plaque", args=[plaque.pk]),
        action_label=kind.action,
        action_url=reverse("funds:act_on_plaque", args=[plaque.pk, kind.verb]),
        detail=str(plaque.pilot_unit),
        amount=plaque.cost,
        since=plaque.state_since,
        primary=kind.primary,
    )


def kind(verb, waiting, state, action, **look):
    """A Kind of the plaques' list."""
    return Kind(verb, "funds:plaques", waiting, load_plaques, show_plaque, state, action, **look)


KINDS = [
    kind("approve", to_approve, "待审批", "审批", primary=True),
    kind("pay", to_pay, "待付款", "付款", primary=True),
    kind("hang", to_hang, "已付款未挂牌", "登记挂牌", tone="a"),
]
