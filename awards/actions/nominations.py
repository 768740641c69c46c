"""Verbs on nominations (DOMAIN, Resource tilt).

The cycle's row is always locked before the nomination's, so that two at once cannot take the last
place and nothing is decided while the notice is being posted.
"""

import functools

from django.db import transaction

from accounts.matters import NotPermitted, lock, require, take
from accounts.models import User
from awards.cycle_rules import may_nominate
from awards.models import (
    EDITABLE,
    UNIT_TYPES,
    AwardCycle,
    AwardType,
    Contribution,
    ContributionState,
    Nomination,
    NominationState,
)
from awards.names import alike
from pilotwork import clock
from pilotwork.refusals import Refused
from units.models import Level, Membership, PilotUnit, UnitState, members_of

CONTENT = ("award_type", "nominee_name", "deeds", "party_opinion", "is_extra", "contribution")
# Which organisations can be honoured themselves as what.
LEVELS = {
    AwardType.COMMITTEE: (Level.COMMITTEE,),
    AwardType.BRANCH: (Level.BRANCH, Level.GENERAL_BRANCH),
}


def nomination_verb(function):
    """Decorate an action: one transaction on the locked nomination, its cycle locked before it."""

    @functools.wraps(function)
    def locked(nomination, /, **arguments):
        with transaction.atomic():
            cycle = lock(AwardCycle(pk=nomination.cycle_id))
            nomination = lock(nomination)
            nomination.cycle = cycle
            return function(nomination, **arguments)

    return locked


def start_nomination(cycle, organisation, *, by):
    """An unsaved Nomination of `organisation` for `by` to write.

    A pilot unit's member nominates for his unit; for an organisation without an account a reviewer
    enters it (代录). NotPermitted for anybody else, Refused for a unit that has accounts of its own.
    """
    unit = (
        PilotUnit.objects.filter(programme=cycle.programme_id, organisation=organisation)
        .exclude(state=UnitState.LEFT)
        .first()
    )
    is_own = unit is not None and members_of(organisation, by).exists()
    nomination = Nomination(
        cycle=cycle,
        organisation=organisation,
        pilot_unit=unit,
        entered_by=by,
        is_on_behalf=not is_own,
        began_on=clock.today(),
        state_since=clock.now(),
    )
    reason = may_nominate.why_not(nomination, by)
    if reason:
        raise NotPermitted(reason)
    if unit is not None and not is_own and has_accounts(organisation):
        raise Refused("该试点单位已有账户，由其成员自行推荐。", "organisation")
    return nomination


def has_accounts(organisation):
    """Whether somebody in whose account is in use acts for the organisation today."""
    current = Membership.objects.current().filter(organisation=organisation)
    return User.objects.active().filter(pk__in=current.values("user")).exists()


@transaction.atomic
def save_nomination(nomination, *, by, **content):
    """Keep what was typed of a draft or returned nomination (CONTENT); returns the Nomination.

    Refused: no person for a youth type or one for a unit type, a type the cycle does not have or
    that does not fit the organisation, an extra place without a recognised 突出贡献 of the unit or
    that person, and when the nomination is no longer with the unit.
    """
    cycle = lock(AwardCycle(pk=nomination.cycle_id))
    if nomination.pk:
        nomination = lock(nomination)
    nomination.cycle = cycle
    reason = may_nominate.why_not(nomination, by)
    if reason:
        raise NotPermitted(reason)
    if not nomination.is_before_notice():
        raise Refused(Nomination.is_before_notice.refusal, stale=True)
    if nomination.state not in EDITABLE:
        raise Refused(nomination.stale_message("submit"), stale=True)
    for name in CONTENT:
        setattr(nomination, name, content[name])
    _tidy(nomination)
    _require_fitting_type(nomination)
    if nomination.is_extra:
        _require_contribution(nomination)
    nomination._history_user = by
    nomination.save()
    return nomination


def _tidy(nomination):
    """A name has single spaces, and a place within the quota no contribution."""
    nomination.nominee_name = " ".join(nomination.nominee_name.split())
    if not nomination.is_extra:
        nomination.contribution = None


def _require_fitting_type(nomination):
    if nomination.award_type not in nomination.cycle.types:
        raise Refused("本次评优没有这个奖项。", "award_type")
    if nomination.is_for_unit and nomination.nominee_name:
        # Not emptied silently: whoever typed a name may have meant an award for that person.
        raise Refused("集体奖项授予推荐单位，请清空被推荐人，或改选个人奖项。", "nominee_name")
    if not nomination.is_for_unit and not nomination.nominee_name:
        raise Refused("请填写被推荐人的姓名和职务。", "nominee_name")
    levels = LEVELS.get(nomination.award_type)
    if levels and nomination.organisation.level not in levels:
        names = "、".join(Level(level).label for level in levels)
        label = nomination.get_award_type_display()
        raise Refused(
            f"“{label}”授予{names}，{nomination.organisation.name}是"
            f"{nomination.organisation.get_level_display()}。",
            "award_type",
        )


def _require_contribution(nomination):
    """The pilot's extra place is for its units and their youth, for a recognised 突出贡献."""
    if nomination.pilot_unit_id is None:
        raise Refused("试点加配名额只给本次试点的单位及其青年。", "is_extra")
    contribution = nomination.contribution
    if contribution is None:
        raise Refused("使用试点加配名额，须选择一项已认定的突出贡献。", "contribution")
    contribution = Contribution.objects.get(pk=contribution.pk)
    is_own = contribution.pilot_unit_id == nomination.pilot_unit_id
    if not is_own or contribution.state != ContributionState.RECOGNISED:
        raise Refused("所选突出贡献不是本单位已认定的突出贡献。", "contribution")
    person = alike(contribution.person)
    if person and person != alike(nomination.nominee_name):
        raise Refused(
            f"所选突出贡献是{contribution.person}个人的，被推荐的不是此人。", "contribution"
        )


@transaction.atomic
def discard_nomination(nomination, *, by):
    """Delete a draft that was never handed in; by those who may write it (NotPermitted)."""
    nomination = lock(nomination)
    reason = may_nominate.why_not(nomination, by)
    if reason:
        raise NotPermitted(reason)
    if nomination.state != NominationState.DRAFT:
        raise Refused("已经提交过的推荐不能删除，可以撤回。", stale=True)
    nomination._history_user = by
    nomination.delete()


@nomination_verb
def submit(nomination, *, by, seen=None):
    """Hand in a nomination; from now on it takes a place.

    Refused: the organisation's base quota of the type, or the cycle's extra places, are used up; the
    same nominee is nominated already.
    """
    require(nomination, "submit", by, seen=seen)
    _require_fitting_type(nomination)
    rivals = nomination.cycle.nominations.in_play()
    same = {"organisation": nomination.organisation_id, "award_type": nomination.award_type}
    names = rivals.filter(**same).values_list("nominee_name", flat=True)
    if alike(nomination.nominee_name) in map(alike, names):
        raise Refused(f"{nomination.nominee}已被推荐为这个奖项。", "nominee_name")
    if nomination.is_extra:
        _require_contribution(nomination)
        _require_extra_place(nomination, rivals)
    else:
        _require_base_place(nomination, rivals.filter(**same))
    take(
        nomination,
        "submit",
        by=by,
        details={"nominee": nomination.nominee, "is_extra": nomination.is_extra},
    )
    return nomination


def _require_base_place(nomination, rivals):
    quota = nomination.cycle.quotas.filter(
        organisation=nomination.organisation_id, award_type=nomination.award_type
    ).first()
    places = quota.places if quota else 0
    used = rivals.filter(is_extra=False).count()
    if used >= places:
        raise Refused(
            f"{nomination.organisation.label}的“{nomination.get_award_type_display()}”"
            f"基本名额为 {places} 个，已用 {used} 个。",
            "award_type",
        )


def _require_extra_place(nomination, rivals):
    cycle, is_unit = nomination.cycle, nomination.is_for_unit
    places = cycle.extra_places(nomination.award_type)
    extra = rivals.filter(is_extra=True)
    extra = (
        extra.filter(award_type__in=UNIT_TYPES)
        if is_unit
        else extra.exclude(award_type__in=UNIT_TYPES)
    )
    used = extra.count()
    if used >= places:
        sort = "集体" if is_unit else "个人"
        raise Refused(f"本次评优的试点加配{sort}名额为 {places} 个，已用 {used} 个。", "is_extra")


@nomination_verb
def review(nomination, *, by, opinion="", seen=None):
    """The reviewer finds the material complete and true; the approver decides."""
    require(nomination, "review", by, seen=seen)
    take(nomination, "review", by=by, opinion=opinion)
    return nomination


@nomination_verb
def approve(nomination, *, by, opinion="", minutes_number="", passed_over_reason="", seen=None):
    """The approver recommends the nominee.

    Refused: at 市级 and above, when the nominee is not of the pilot while a pilot nominee of the type
    is undecided or declined, and no reason for passing that one over is given.
    """
    require(nomination, "approve", by, seen=seen)
    passed = list(nomination.passed_over())
    if passed and not passed_over_reason.strip():
        names = "、".join(other.nominee for other in passed)
        raise Refused(
            f"同一奖项的试点人选尚未推荐：{names}。推荐其他人选须写明越过的理由。",
            "passed_over_reason",
        )
    nomination.passed_over_reason = passed_over_reason.strip() if passed else ""
    take(
        nomination,
        "approve",
        by=by,
        opinion=opinion,
        minutes_number=minutes_number,
        fields=["passed_over_reason"],
        details={
            "passed_over": [other.nominee for other in passed],
            "reason": nomination.passed_over_reason,
        },
    )
    return nomination


@nomination_verb
def send_back(nomination, *, by, opinion, seen=None):
    """The reviewer or the approver returns it with the reason; its place is free meanwhile."""
    require(nomination, "send_back", by, seen=seen)
    take(nomination, "send_back", by=by, opinion=opinion)
    return nomination


@nomination_verb
def decline(nomination, *, by, opinion, seen=None):
    """The reviewer or the approver does not recommend it, and why; its place is free again."""
    require(nomination, "decline", by, seen=seen)
    take(nomination, "decline", by=by, opinion=opinion)
    return nomination


@nomination_verb
def withdraw(nomination, *, by, opinion="", seen=None):
    """Whoever handed it in takes it back before it is decided."""
    require(nomination, "withdraw", by, seen=seen)
    take(nomination, "withdraw", by=by, opinion=opinion)
    return nomination
