"""Verbs on rewards: propose, decide, cancel, reopen (DOMAIN, Reward and plaque).

Paying and reversing are `funds.actions.outright.pay_price` and `reverse_price`.
"""

from django.db import transaction

from accounts.matters import NotPermitted, record, require, take, verb
from accounts.models import Act
from awards.models import Reward, RewardFile
from mentors.rules import may_review
from pilotwork import clock
from pilotwork.refusals import Refused
from units.models import Organisation, UnitState

WHY_AGAIN = "再次奖励须写明理由。"


@transaction.atomic
def propose_reward(pilot_unit, *, by, level, basis_title, files, basis_number=""):
    """提出奖励: propose the programme's reward for a unit chosen as a model; returns the Reward.

    `files` are the Accepted scans of the document that says so, at least one. The amount is the
    programme's setting of today. The reviewer's act; NotPermitted for others. Refused: no document,
    the unit has left the pilot.
    """
    now = clock.now()
    reward = Reward(
        pilot_unit=pilot_unit,
        level=level,
        basis_title=basis_title,
        basis_number=basis_number,
        amount=pilot_unit.programme.reward_amount,
        proposed_on=clock.today(),
        began_on=clock.today(),
        state_since=now,
    )
    reason = may_review.why_not(reward, by)
    if reason:
        raise NotPermitted(reason)
    if pilot_unit.state == UnitState.LEFT:
        raise Refused("该单位已退出试点。", "pilot_unit")
    if not files:
        raise Refused("请上传依据文件。", "files")
    if reward.amount <= 0:
        raise Refused("本次试点设置的典型奖励金额为零，请先在试点设置中填写。")
    reward._history_user = by
    reward.save()
    record(
        reward,
        "propose",
        label="提出奖励",
        act=Act.REVIEW,
        source="",
        by=by,
        at=now,
        details={"amount": reward.amount, "basis": basis_title},
    )
    for file in files:
        RewardFile.keep(file, by=by, reward=reward)
    return reward


@verb
def approve_reward(reward, *, by, opinion, second_reason="", minutes_number="", seen=None):
    """The approver agrees; the cashier may pay.

    A unit that has been granted another reward, in whichever programme, gets a second one only with
    his written reason; else Refused beside `second_reason`.
    """
    # One decision on a unit's rewards at a time: of two at once the later one is the second.
    organisation = Organisation.objects.select_for_update(of=("self",)).get(
        pk=reward.pilot_unit.organisation_id
    )
    require(reward, "approve", by, seen=seen)
    other = reward.others.first()
    if other is not None and not second_reason.strip():
        raise Refused(
            f"{organisation} 已有奖励（{other.get_level_display()}，"
            f"{other.get_state_display()}）；{WHY_AGAIN}",
            "second_reason",
        )
    reward.second_reason = second_reason.strip() if other is not None else ""
    take(
        reward,
        "approve",
        by=by,
        opinion=opinion,
        minutes_number=minutes_number,
        fields=["second_reason"],
        details={"amount": reward.amount, "second_reason": reward.second_reason},
    )
    return reward


@verb
def decline_reward(reward, *, by, opinion, seen=None):
    """The approver decides, with the reason, that there is no reward."""
    require(reward, "decline", by, seen=seen)
    take(reward, "decline", by=by, opinion=opinion)
    return reward


@verb
def cancel_reward(reward, *, by, opinion, seen=None):
    """撤销: the approver takes his approval back, with the reason. Refused while a payment stands."""
    require(reward, "cancel", by, seen=seen)
    take(reward, "cancel", by=by, opinion=opinion)
    return reward


@verb
def reopen_reward(reward, *, by, opinion, seen=None):
    """The approver opens a paid reward again, with the reason, so that its payment can be reversed.

    The payment stands until then, so nobody can pay a second time.
    """
    require(reward, "reopen", by, seen=seen)
    take(reward, "reopen", by=by, opinion=opinion)
    return reward


@verb
def uphold_reward(reward, *, by, opinion, seen=None):
    """维持发放: the payment of a reopened reward was right and stays, with the reason."""
    require(reward, "uphold", by, seen=seen)
    take(reward, "uphold", by=by, opinion=opinion)
    return reward
