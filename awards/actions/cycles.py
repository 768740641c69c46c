"""Verbs on award cycles: quotas, the notice, objections, the results (DOMAIN, Resource tilt)."""

from django.db import transaction
from django.db.models import Max

from accounts.matters import NotPermitted, lock, record, require, take, verb
from awards.cycle_rules import may_open_cycle, may_run_cycle
from awards.models import (
    AwardCycle,
    AwardLevel,
    AwardType,
    BaseQuota,
    CycleState,
    Objection,
    Result,
)
from mentors.rules import not_recused
from pilotwork import clock
from pilotwork.history import create_all, update_all
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_date
from pilotwork.workdays import add_workdays
from units.models import working_day_overrides
from units.models.archiving import require_open

NO_NOTICE = "只有公示期间可以登记异议。"


def _require(permission, cycle, by):
    reason = permission.why_not(cycle, by)
    if reason:
        raise NotPermitted(reason)


@transaction.atomic
def open_cycle(programme, *, by, year, level, types):
    """Open a cycle; it keeps the programme's extra places and length of notice as they are now.

    Reviewers only (NotPermitted). Refused: no type, or a cycle of that year and level is there.
    Returns the AwardCycle.
    """
    _require(may_open_cycle, None, by)
    require_open(programme)
    if not types:
        raise Refused("请至少选择一个奖项。", "types")
    same = AwardCycle.objects.filter(programme=programme, year=year, level=level)
    if same.exclude(state=CycleState.CANCELLED).exists():
        raise Refused(f"{year}年度{AwardLevel(level).label}评优已经开始。", "level")
    cycle = AwardCycle(
        programme=programme,
        year=year,
        level=level,
        types=[value for value in AwardType.values if value in types],
        extra_unit_places=programme.extra_unit_places,
        extra_youth_places=programme.extra_youth_places,
        notice_days=programme.notice_days,
        state_since=clock.now(),
    )
    cycle._history_user = by
    cycle.save()
    details = {"types": cycle.types}
    record(cycle, "open", label="开始评优", source="", by=by, at=clock.now(), details=details)
    return cycle


@transaction.atomic
def set_quotas(cycle, *, by, rows):
    """Set the whole table of base quotas; `rows` is {organisation: {type: places}}.

    An organisation left out loses its quotas; the history keeps every change. Reviewers only.
    Refused: the cycle no longer takes nominations, or an organisation has already used more places.
    """
    cycle = lock(cycle)
    _require(may_run_cycle, cycle, by)
    if cycle.state != CycleState.OPEN:
        raise Refused("本次评优已公示或结束，不能再改名额。", stale=True)
    wanted = {
        (organisation.pk, award_type): types.get(award_type, 0)
        for organisation, types in rows.items()
        for award_type in cycle.types
    }
    _require_enough_for_those_in_play(cycle, wanted)
    changed = []
    for quota in cycle.quotas.all():
        places = wanted.pop((quota.organisation_id, quota.award_type), None)
        if places is None:
            quota._history_user = by
            quota.delete()
        elif places != quota.places:
            quota.places = places
            changed.append(quota)
    update_all(changed, ["places"], by=by)
    new = [
        BaseQuota(
            cycle=cycle, organisation_id=organisation_id, award_type=award_type, places=places
        )
        for (organisation_id, award_type), places in wanted.items()
    ]
    create_all(new, by=by)
    return cycle


def _require_enough_for_those_in_play(cycle, wanted):
    for refusal in too_few_for_those_in_play(cycle, wanted).values():
        raise Refused(refusal)


def too_few_for_those_in_play(cycle, wanted):
    """{(organisation's id, type): sentence} where more is nominated than `wanted` has places for.

    `wanted` is {(organisation's id, type): places}; what it leaves out has none.
    """
    used, refusals = {}, {}
    in_play = cycle.nominations.in_play().filter(is_extra=False).select_related("organisation")
    for nomination in in_play:
        key = (nomination.organisation_id, nomination.award_type)
        used[key] = used.get(key, 0) + 1
        if used[key] > wanted.get(key, 0):
            refusals[key] = (
                f"{nomination.organisation.label}的“{nomination.get_award_type_display()}”"
                f"已报送 {used[key]} 个，名额不能少于此数。"
            )
    return refusals


@verb
def post(cycle, *, by, posted_on, objections_to, opinion="", seen=None):
    """Post the notice: it runs the cycle's working days from the day after `posted_on`.

    Refused: a nomination is undecided, nobody is recommended, the day lies in the future or before
    the cycle was opened.
    """
    require(cycle, "post", by, seen=seen)
    if posted_on > clock.today():
        raise Refused("张贴日期不能晚于今天。", "posted_on")
    newest = cycle.nominations.recommended().aggregate(at=Max("state_since"))["at"]
    if posted_on < clock.local(max(newest, cycle.log[-1].at)).date():
        raise Refused("张贴日期不能早于推荐办理完毕的日期。", "posted_on")
    cycle.posted_on, cycle.objections_to = posted_on, objections_to
    cycle.notice_ends_on = add_workdays(posted_on, cycle.notice_days, working_day_overrides())
    take(
        cycle,
        "post",
        by=by,
        opinion=opinion,
        fields=["posted_on", "objections_to", "notice_ends_on"],
        details={"posted_on": posted_on, "ends_on": cycle.notice_ends_on},
    )
    return cycle


@verb
def take_down(cycle, *, by, opinion, seen=None):
    """Take a wrong notice down with the reason; nominations are open again."""
    require(cycle, "take_down", by, seen=seen)
    cycle.posted_on = cycle.notice_ends_on = None
    take(cycle, "take_down", by=by, opinion=opinion, fields=["posted_on", "notice_ends_on"])
    return cycle


@verb
def cancel(cycle, *, by, opinion, seen=None):
    """Cancel a cycle in which nobody is nominated, with the reason."""
    require(cycle, "cancel", by, seen=seen)
    take(cycle, "cancel", by=by, opinion=opinion)
    return cycle


@verb
def conclude(cycle, *, by, results, opinion="", seen=None):
    """Announce the results: {nomination's id: (Result, note)} of everybody who was recommended.

    Refused: the notice still runs, an objection is unanswered, or a result is missing. Whoever is
    tied to a recommended organisation may not (NotPermitted).
    """
    require(cycle, "conclude", by, seen=seen)
    recommended = list(cycle.nominations.recommended().select_related("organisation"))
    for nomination in recommended:
        if nomination.pk not in results:
            raise Refused(f"请填写{nomination.nominee}的结果。")
    cycle.concluded_on = clock.today()
    take(cycle, "conclude", by=by, opinion=opinion, fields=["concluded_on"])
    for nomination in recommended:
        nomination.result, nomination.result_note = results[nomination.pk]
        nomination._history_user = by
        nomination.save(update_fields=["result", "result_note"])
        record(
            nomination,
            "announce",
            label=Result(nomination.result).label,
            source=nomination.state,
            by=by,
            at=clock.now(),
            opinion=nomination.result_note,
            details={"result": nomination.result},
        )
    return cycle


@transaction.atomic
def log_objection(cycle, *, by, text, received_on, from_whom="", nomination=None):
    """Record what somebody objects, on a day on which the notice ran; anonymous where unnamed.

    Reviewers only (NotPermitted). Refused: no notice runs, or the day lies outside it or in the
    future. Returns the Objection.
    """
    cycle = lock(cycle)
    _require(may_run_cycle, cycle, by)
    if cycle.state != CycleState.NOTICE:
        raise Refused(NO_NOTICE, stale=True)
    if received_on > clock.today():
        raise Refused("收到日期不能晚于今天。", "received_on")
    if not cycle.posted_on <= received_on <= cycle.notice_ends_on:
        first, last = cn_date(cycle.posted_on), cn_date(cycle.notice_ends_on)
        raise Refused(f"公示期为 {first} 至 {last}，这一天不在其中。", "received_on")
    objection = Objection(
        cycle=cycle,
        nomination=nomination,
        text=text,
        from_whom=from_whom,
        received_on=received_on,
        logged_by=by,
        logged_at=clock.now(),
    )
    objection._history_user = by
    objection.save()
    return objection


@transaction.atomic
def answer_objection(objection, *, by, handling):
    """Say what was found out about an objection and answered; once, by a reviewer.

    Whoever is tied to the nominee's organisation may not (NotPermitted). Refused when answered.
    """
    lock(AwardCycle(pk=objection.cycle_id))
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    reason = why_not_answer(objection, by)
    if reason:
        raise NotPermitted(reason)
    if objection.handled_at:
        raise Refused("这项异议已经答复。", stale=True)
    objection.handling, objection.handled_by, objection.handled_at = handling, by, clock.now()
    objection._history_user = by
    objection.save(update_fields=["handling", "handled_by", "handled_at"])
    return objection


def why_not_answer(objection, user):
    """Why `user` may not answer the objection, in a sentence; empty when he may."""
    reason = may_run_cycle.why_not(objection.cycle, user)
    if reason or objection.nomination is None:
        return reason
    return not_recused.why_not(objection.nomination, user)
