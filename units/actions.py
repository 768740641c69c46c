"""Verbs on memberships, the programme and suggestions."""

from django.db import transaction

from accounts.actions import require_administrator
from accounts.matters import record, require, take, verb
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import (
    Membership,
    PublicPosting,
    Suggestion,
    SuggestionKind,
    WorkingDayOverride,
    new_receipt,
)
from units.models.archiving import require_open
from units.models.postings import KEPT, PER_UNIT_AND_DAY, mark_of

TOO_MUCH = (
    "这里收到的内容太多，暂时不能提交。您填写的内容还在，请过一段时间再试，或直接与团县委联系。"
)


@transaction.atomic
def suggest(*, by, text, kind=SuggestionKind.PROPOSAL):
    """意见建议: anybody signed in tells the county something; returns the Suggestion."""
    now = clock.now()
    suggestion = Suggestion.objects.create(
        author=by, kind=kind, text=text, created_at=now, state_since=now
    )
    record(suggestion, "suggest", label="提出", source="", by=by, at=now, details={})
    return suggestion


@verb
def suggest_publicly(unit, *, address, text, receipt, kind, contact=""):
    """A visitor of the unit's public page tells the county something; returns the Suggestion.

    `receipt` is the code his page was given: sent twice, the same words are found and returned.
    `address` (str) is only counted. Refused where the page is not open, and when too much came from
    the address or onto the page within a day. The unit's row is locked meanwhile, so that all
    workers count alike.
    """
    require_open(unit.programme)
    if not unit.is_public:
        raise Refused("该单位的公开页已经关闭。", stale=True)
    sent = Suggestion.objects.filter(receipt=receipt).first()
    if sent and (sent.pilot_unit_id, sent.text) == (unit.pk, text):
        return sent
    now, mark = clock.now(), mark_of(address)
    PublicPosting.objects.outdated().delete()
    lately = unit.suggestions.filter(created_at__gt=now - KEPT)
    if PublicPosting.objects.is_too_much_from(mark) or lately.count() >= PER_UNIT_AND_DAY:
        raise Refused(TOO_MUCH)
    PublicPosting.objects.create(mark=mark, at=now)
    return Suggestion.objects.create(
        pilot_unit=unit,
        receipt=new_receipt() if sent else receipt,
        kind=kind,
        contact=contact,
        text=text,
        created_at=now,
        state_since=now,
    )


@verb
def reply(suggestion, *, by, opinion, seen=None):
    """Answer a suggestion; the author reads it beside his own words."""
    require(suggestion, "reply", by, seen=seen)
    suggestion.answer = opinion
    take(suggestion, "reply", by=by, opinion=opinion, fields=["answer"])
    return suggestion


@verb
def file(suggestion, *, by, opinion="", seen=None):
    """File a suggestion: nothing more is to be done."""
    require(suggestion, "file", by, seen=seen)
    take(suggestion, "file", by=by, opinion=opinion)
    return suggestion


@verb
def end_programme(programme, *, by, opinion, seen=None):
    """End a programme: no new applications; payments, closures and recoveries stay open."""
    require(programme, "end", by, seen=seen)
    programme.ended_on = clock.today()
    take(programme, "end", by=by, opinion=opinion, fields=["ended_on"])
    return programme


@verb
def unarchive_programme(programme, *, by, opinion, seen=None):
    """撤销归档: the approver opens an archive again, with the reason; the programme stays ended."""
    require(programme, "unarchive", by, seen=seen)
    take(programme, "unarchive", by=by, opinion=opinion)
    return programme


@verb
def leave(unit, *, by, last_day, opinion, seen=None):
    """退出: the unit takes no further part after `last_day`; weeks after it are not due.

    Refused for a day before it joined or in the future. Money that is open stays to be settled.
    """
    return _go(unit, "leave", by=by, last_day=last_day, opinion=opinion, seen=seen)


@verb
def finish(unit, *, by, last_day, opinion, seen=None):
    """结束: the unit's pilot ends with `last_day`, before the programme's; else as `leave`."""
    return _go(unit, "finish", by=by, last_day=last_day, opinion=opinion, seen=seen)


@verb
def resume(unit, *, by, opinion, seen=None):
    """恢复: the unit takes part again, as if it had never been out."""
    require(unit, "resume", by, seen=seen)
    unit.left_on = None
    take(unit, "resume", by=by, opinion=opinion, fields=["left_on"])
    return unit


def _go(unit, name, *, by, last_day, opinion, seen):
    require(unit, name, by, seen=seen)
    if last_day < unit.joined_on:
        raise Refused(f"不能早于加入日期（{cn_full_date(unit.joined_on)}）。", "last_day")
    if last_day > clock.today():
        raise Refused("日期不能晚于今天。", "last_day")
    unit.left_on = last_day
    take(unit, name, by=by, opinion=opinion, fields=["left_on"], details={"last_day": last_day})
    return unit


@transaction.atomic
def join(organisation, *, by, user, starts_on):
    """Let `user` act for `organisation` from `starts_on`; for administrators only (NotPermitted).

    Refused when he already belongs to it on that day or later.
    """
    require_administrator(by)
    open_ones = Membership.objects.filter(user=user, organisation=organisation)
    if open_ones.exclude(ends_on__lt=starts_on).exists():
        raise Refused(f"{user} 已是 {organisation} 的成员。", "organisation")
    membership = Membership(user=user, organisation=organisation, starts_on=starts_on)
    membership._history_user = by
    membership.full_clean()
    membership.save()
    return membership


@transaction.atomic
def end_membership(membership, *, by, ends_on):
    """End a membership after the day `ends_on`; for administrators only (NotPermitted).

    Refused when it has ended earlier or would end before it starts.
    """
    require_administrator(by)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if ends_on < membership.starts_on:
        raise Refused("结束日期不能早于开始日期。", "ends_on")
    if membership.ends_on and membership.ends_on < ends_on:
        raise Refused("该成员关系已在更早的日期结束。", "ends_on")
    membership.ends_on = ends_on
    membership._history_user = by
    membership.save(update_fields=["ends_on"])
    return membership


@transaction.atomic
def set_working_day(*, by, day, is_workday, note=""):
    """Say that the county works on a day, or does not, whatever the published calendar says.

    For administrators only (NotPermitted). A day that was set before is changed; the history keeps
    what it said. Returns the WorkingDayOverride.
    """
    require_administrator(by)
    override = WorkingDayOverride.objects.select_for_update().filter(day=day).first()
    override = override or WorkingDayOverride(day=day)
    override.is_workday, override.note = is_workday, note
    override._history_user = by
    override.full_clean()
    override.save()
    return override


@transaction.atomic
def unset_working_day(override, *, by):
    """Let the published calendar hold for the day again; for administrators only (NotPermitted).

    The history keeps what was set.
    """
    require_administrator(by)
    override._history_user = by
    override.delete()
