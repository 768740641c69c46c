"""What waits about rewards, derived from the transitions that people may take now."""

from django.urls import reverse

from accounts.models import Act, Duty
from accounts.todo import Item, Kind
from awards.models import Reward, RewardState
from funds.plaque_list import UNPAID, with_payment
from units.loading import WithUnit


def to_approve(user):
    """Proposed rewards that `user` may decide."""
    if Duty.APPROVER not in user.duties:
        return Reward.objects.none()
    waiting = Reward.objects.filter(state=RewardState.PROPOSED)
    return waiting.without_conflict(user, Act.APPROVE)


def approved(user):
    """Approved rewards about whose money `user` may act, with what is `disbursed`."""
    rewards = with_payment(Reward.objects)
    if Duty.CASHIER not in user.duties:
        return rewards.none()
    waiting = rewards.filter(state=RewardState.APPROVED)
    return waiting.without_conflict(user, Act.PAY)


def to_pay(user):
    """Approved and not paid."""
    return approved(user).filter(UNPAID)


def to_reverse(user):
    """Reopened because the payment was wrong."""
    return approved(user).filter(disbursed__gt=0)


load_rewards = WithUnit(Reward)


def show_reward(kind, reward):
    """A reward's line."""
    return Item(
        matter=reward,
        verb=kind.verb,
        tone=kind.tone,
        state=kind.state,
        title=f"{reward.get_level_display()}典型奖励",
        url=reverse("awards:reward", args=[reward.pk]),
        action_label=kind.action,
        action_url=reverse("awards:act_on_reward", args=[reward.pk, kind.verb]),
        detail=str(reward.pilot_unit),
        amount=reward.amount,
        since=reward.state_since,
        primary=kind.primary,
    )


def kind(verb, waiting, state, action, **look):
    """A Kind of the rewards' list."""
    return Kind(verb, "awards:rewards", waiting, load_rewards, show_reward, state, action, **look)


KINDS = [
    kind("approve", to_approve, "待审批", "审批", primary=True),
    kind("pay", to_pay, "待发放", "发放", primary=True),
    kind("reverse", to_reverse, "待冲销", "冲销", tone="a"),
]
