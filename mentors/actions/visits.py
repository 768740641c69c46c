"""Verbs on visits and excused weeks (DOMAIN, Visit and Weeks)."""

import datetime as dt
import uuid

from django.db import transaction

from accounts.matters import NotPermitted, lock, record, require, take, verb
from accounts.models import Duty, User
from mentors.actions.besides import Besides, keep_besides, move_along
from mentors.models import (
    ExcusedWeek,
    MentorAssignment,
    Mode,
    Visit,
    VisitPhoto,
    VisitState,
    guides,
    units_visible_to,
)
from mentors.rules import stood_in
from mentors.weeks import DAY
from pilotwork import clock
from pilotwork.history import last_change
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from pilotwork.workdays import week_of
from units.models import PilotUnit
from units.models.archiving import require_open

MAX_PHOTOS = 9
STAND_IN_DUTIES = (Duty.APPROVER, Duty.REVIEWER, Duty.CASHIER)


def stand_ins():
    """People who may visit a unit for a colleague: officers with a deciding duty and mentors."""
    mentors = MentorAssignment.objects.current().values("mentor")
    officers = User.objects.with_duty(*STAND_IN_DUTIES)
    return (officers | User.objects.filter(pk__in=mentors)).active().distinct()


def units_to_record_for(user):
    """Pilot units for which `user` may open the visit form: all for who may stand in, else what he
    sees, so that the form can say why he may not."""
    if stand_ins().filter(pk=user.pk).exists():
        return PilotUnit.objects.all()
    return units_visible_to(user)


def may_record_visit(pilot_unit, user):
    """Whether `user` may log a visit to the unit: its mentor, or a colleague who stood in."""
    return guides(pilot_unit, user).exists() or stand_ins().filter(pk=user.pk).exists()


def assignment_on(pilot_unit, day):
    """The assignment in force on `day`. Raises Refused when the unit had no mentor then."""
    found = MentorAssignment.objects.filter(pilot_unit=pilot_unit, starts_on__lte=day)
    found = found.exclude(ends_on__lt=day).order_by("-starts_on").first()
    if found is None:
        raise Refused("当日该单位没有在任指导员，不能记录走访。", "visited_on")
    return found


def require_date(pilot_unit, visited_on):
    """Refuse a day to come, and one outside the pilot or before the unit joined or after it left."""
    programme = pilot_unit.programme
    if visited_on > clock.today():
        raise Refused("走访日期不能晚于今天。", "visited_on")
    if not programme.starts_on <= visited_on <= programme.last_day:
        raise Refused("走访日期不在试点期内。", "visited_on")
    if visited_on < pilot_unit.joined_on:
        joined = cn_full_date(pilot_unit.joined_on)
        raise Refused(f"该单位{joined}才加入试点，此前的走访不计入。", "visited_on")
    if visited_on > pilot_unit.last_day:
        last = cn_full_date(pilot_unit.last_day)
        raise Refused(f"该单位的试点到{last}为止，此后的走访不计入。", "visited_on")


@transaction.atomic
def record_visit(
    pilot_unit,
    *,
    by,
    key,
    visited_on,
    progress,
    mode=Mode.ON_SITE,
    problems="",
    next_step="",
    companions="",
    visitor=None,
    besides=None,
    photos=(),
):
    """Log a visit and whatever else happened; returns the Visit.

    `key` is the client's own (UUID): the same visit sent twice is saved once, with its records;
    other words under a key that was used are refused, for they would be lost.
    `visitor` is who was there (default `by`); a colleague standing in is credited himself. Entered
    later than the day it is marked 补录, more than the programme's days late it waits for the
    reviewer. Refused: no mentor that day, outside the pilot, in the future.
    """
    # The lock makes a second sending wait for the first and then find its visit.
    pilot_unit = PilotUnit.objects.select_for_update(of=("self",)).get(pk=pilot_unit.pk)
    done = Visit.objects.filter(key=key).first()
    if done and done.recorded_by_id == by.pk:
        words = {"mode": mode, "progress": progress, "problems": problems, "next_step": next_step}
        _require_same_words(done, visited_on=visited_on, companions=companions, **words)
        return done
    if done:
        raise Refused("这份记录已由他人提交，请重新打开记录页。", stale=True)
    require_open(pilot_unit.programme)
    visitor = visitor or by
    _require_visitor(pilot_unit, by, visitor)
    require_date(pilot_unit, visited_on)
    visit = Visit(
        pilot_unit=pilot_unit,
        assignment=assignment_on(pilot_unit, visited_on),
        visitor=visitor,
        visited_on=visited_on,
        week=week_of(visited_on),
        mode=mode,
        progress=progress,
        problems=problems,
        next_step=next_step,
        companions=companions,
        key=key,
        recorded_by=by,
        recorded_at=clock.now(),
        state_since=clock.now(),
        # Whoever guided the unit on the day of the visit is tied to it, also when it is entered
        # after he left.
        began_on=visited_on,
        **_lateness(pilot_unit, visited_on),
    )
    visit._history_user = by
    visit.save()
    record(visit, "record", label="记录走访", source="", by=by, at=clock.now(), details={})
    keep_besides(visit, besides or Besides(), by=by)
    add_photos(visit, photos, by=by)
    return visit


def _require_same_words(visit, **sent):
    """Refuse what differs from what was first saved: two windows had restored one draft."""
    first = visit.history.order_by("history_id").first() or visit
    if any(getattr(first, name) != value for name, value in sent.items()):
        raise Refused(
            "这份草稿已在另一个窗口保存成一次走访，那边写的和这里不同，这里的还没有保存。"
            "要改那一次的，请打开它点“更正”；确是另一次走访的，再按一次“保存走访”。",
            "key",
        )


def _require_visitor(pilot_unit, by, visitor):
    """The mentor logs for himself or for a colleague who stood in; a colleague for himself."""
    if not may_record_visit(pilot_unit, by):
        raise NotPermitted("走访由指导员记录；代访的同事须是团县委工作人员或其他指导员。")
    if visitor.pk != by.pk:
        if not guides(pilot_unit, by).exists():
            raise NotPermitted("只有该单位现任指导员可以替同事记录代访。")
        if not stand_ins().filter(pk=visitor.pk).exists():
            raise Refused("代访人须是团县委工作人员或其他指导员。", "visitor")


def _lateness(pilot_unit, visited_on):
    """How a visit entered after its day is marked; `state` only when it needs confirmation."""
    days = (clock.today() - visited_on).days
    marks = {"is_backfilled": days > 0}
    if days > pilot_unit.programme.backdating_days:
        marks["state"] = VisitState.LATE
    return marks


def add_photos(visit, photos, *, by):
    """Store validated pictures with a visit, at most nine."""
    if visit.photos.filter(removed_at=None).count() + len(photos) > MAX_PHOTOS:
        raise Refused(f"照片最多 {MAX_PHOTOS} 张。", "photos")
    return [VisitPhoto.keep(photo, by=by, visit=visit) for photo in photos]


CHANGED_MEANWHILE = (
    "这次走访打开以后，在别的窗口或由别人改过，所以没有保存，免得盖掉那边的内容。"
    "请先另开一页核对；确实以这里的内容为准的，再按一次“保存更正”。"
)
CORRECTABLE = ("visited_on", "mode", "progress", "problems", "next_step", "companions")


def may_correct_visit(visit, user):
    """Whether `user` may correct the visit: the unit's mentor of today, or the colleague himself.

    Who guided the unit in the past reads only (DOMAIN, People).
    """
    return guides(visit.pilot_unit, user).exists() or stood_in(user, visit)


@transaction.atomic
def correct_visit(visit, *, by, photos=(), removed_photos=(), seen=None, **values):
    """Correct what was logged; the history keeps what it said before. Returns (the Visit, in words the
    records made with it that moved to its new day along with it).

    `values` are the fields of CORRECTABLE. Moving it to another day, or from the telephone to on
    site, is entering it anew: refused when the programme's days for that have passed. Refused too
    when the visit was changed since `seen`, the `last_change` that the page was opened with.
    """
    visit = lock(visit)
    require_open(visit.pilot_unit.programme)
    if not may_correct_visit(visit, by):
        raise NotPermitted("只有该单位现任指导员，或代访的同事本人可以更正。")
    if visit.is_out:
        raise Refused(f"该走访{visit.get_state_display()}，不能再更正。", stale=True)
    if seen is not None and seen != last_change(visit):
        raise Refused(CHANGED_MEANWHILE, "seen")
    old_day = visit.visited_on
    is_moved = values["visited_on"] != old_day
    comes_on_site = values["mode"] == Mode.ON_SITE != visit.mode
    for name in CORRECTABLE:
        setattr(visit, name, values[name])
    if is_moved or comes_on_site:
        _move(visit)
    visit._history_user = by
    visit.save()
    visit.photos.filter(pk__in=removed_photos, removed_at=None).update(removed_at=clock.now())
    add_photos(visit, photos, by=by)
    record(visit, "correct", label="更正", source=visit.state, by=by, at=clock.now(), details={})
    return visit, move_along(visit, old_day, by=by) if is_moved else []


def _move(visit):
    """Let a visit count for the week of its corrected date, where that is not too late."""
    require_date(visit.pilot_unit, visit.visited_on)
    limit = visit.pilot_unit.programme.backdating_days
    if (clock.today() - visit.visited_on).days > limit:
        raise Refused(f"走访日期超过补录期限 {limit} 天；请另行补录，由初审人确认。", "visited_on")
    visit.assignment = assignment_on(visit.pilot_unit, visit.visited_on)
    visit.week = week_of(visit.visited_on)
    visit.is_backfilled = clock.local(visit.recorded_at).date() > visit.visited_on
    visit.began_on = min(visit.began_on, visit.visited_on)


@verb
def confirm_visit(visit, *, by, opinion="", seen=None):
    """Confirm a visit that was entered too late: it counts."""
    require(visit, "confirm", by, seen=seen)
    take(visit, "confirm", by=by, opinion=opinion)
    return visit


@verb
def decline_visit(visit, *, by, opinion, seen=None):
    """Do not confirm it, with the reason: it stays readable and does not count."""
    require(visit, "decline", by, seen=seen)
    take(visit, "decline", by=by, opinion=opinion)
    return visit


@verb
def withdraw_visit(visit, *, by, opinion, seen=None):
    """撤回: take back a visit that was logged by mistake, with the reason.

    It stays readable and counts no more; what was logged along with it stays as it is.
    """
    require(visit, "withdraw", by, seen=seen)
    take(visit, "withdraw", by=by, opinion=opinion)
    return visit


@transaction.atomic
def ask_excuse(pilot_unit, *, by, week, reason):
    """免访: the mentor asks that the unit need not be visited in the week of the day `week`.

    Refused: outside the pilot, too long past, asked for already, visited.
    """
    require_open(pilot_unit.programme)
    if not guides(pilot_unit, by).exists():
        raise NotPermitted("免访由该单位现任指导员申请。")
    PilotUnit.objects.select_for_update(of=("self",)).get(pk=pilot_unit.pk)
    monday = week_of(week)
    programme = pilot_unit.programme
    if not week_of(programme.starts_on) <= monday <= programme.last_day:
        raise Refused("所选的周不在试点期内。", "week")
    sunday = monday + 6 * DAY
    if clock.today() - sunday > dt.timedelta(days=programme.backdating_days):
        raise Refused(
            f"所选的周已过去超过 {programme.backdating_days} 天，不能再申请免访。", "week"
        )
    open_or_agreed = ExcusedWeek.objects.filter(
        pilot_unit=pilot_unit, week=monday, state__in=["asked", "agreed"]
    )
    if open_or_agreed.exists():
        raise Refused("该周已申请免访。", "week")
    if Visit.objects.counting().filter(pilot_unit=pilot_unit, week=monday).exists():
        raise Refused("该周已经走访，不必申请免访。", "week")
    excuse = ExcusedWeek.objects.create(
        pilot_unit=pilot_unit,
        week=monday,
        reason=reason,
        asked_by=by,
        state_since=clock.now(),
        # Whoever guided the unit in that week is tied to it.
        began_on=min(monday, clock.today()),
    )
    record(
        excuse,
        "ask",
        label="申请免访",
        source="",
        by=by,
        at=clock.now(),
        opinion=reason,
        details={},
    )
    return excuse


@verb
def agree_excuse(excuse, *, by, opinion="", seen=None):
    """Another officer consents: the week is excused."""
    require(excuse, "agree", by, seen=seen)
    take(excuse, "agree", by=by, opinion=opinion)
    return excuse


@verb
def decline_excuse(excuse, *, by, opinion, seen=None):
    """Another officer does not consent, with the reason: the week stays due."""
    require(excuse, "decline", by, seen=seen)
    take(excuse, "decline", by=by, opinion=opinion)
    return excuse


@verb
def withdraw_excuse(excuse, *, by, opinion="", seen=None):
    """The mentor takes the request back; an agreed week is due again."""
    require(excuse, "withdraw", by, seen=seen)
    take(excuse, "withdraw", by=by, opinion=opinion)
    return excuse


def new_visit_key():
    """A fresh key for a visit form that the browser did not give one itself."""
    return uuid.uuid4()
