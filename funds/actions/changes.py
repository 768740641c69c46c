"""Verbs of a change 变更: file, review, approve, decline, withdraw (DOMAIN, Change and extension)."""

from django.db import transaction

from accounts.matters import NotPermitted, lock, record, require, take
from funds.actions.drafts import (
    budget_rows,
    keep_version,
    line_snapshot,
    snapshot,
    why_too_early,
    write_budget,
)
from funds.models import Application, Change, State
from mentors.rules import may_act_for_unit
from pilotwork import clock
from pilotwork.money import ZERO, to_yuan, yuan
from pilotwork.refusals import Refused

CHANGEABLE = ("purpose", "plan", "starts_on", "ends_on", "place", "participants")


@transaction.atomic
def file_change(application, *, by, reason, content, lines):
    """Ask for other dates, content or a shift between budget lines; returns the Change.

    `content` maps the changeable fields to their new values, `lines` is the whole new budget. The
    payee and the approved amount stay. Refused when nothing differs, when the lines' fund share
    exceeds the approved amount, when another change is open or the application is not approved.
    """
    application = lock(application)
    why_not = may_act_for_unit.why_not(application, by)
    if why_not:
        raise NotPermitted(why_not)
    if application.state != State.APPROVED:
        raise Refused("只有已立项、未报结项的项目可以申请变更。", stale=True)
    if application.changes.open().exists():
        raise Refused("已有一项变更申请正在办理。", stale=True)
    proposed = _proposal(application, content, lines)
    change = Change(
        application=application,
        reason=reason,
        content=proposed,
        created_at=clock.now(),
        state_since=clock.now(),
        began_on=application.began_on,
    )
    change.save()
    record(
        change,
        "file_change",
        label="提出变更",
        source="",
        by=by,
        at=clock.now(),
        opinion=reason,
        details={},
    )
    return change


def _proposal(application, content, lines):
    """The snapshot the application would have; Refused when it is the same or asks for too much."""
    now = snapshot(application)
    rows = budget_rows(lines)
    asked = sum((row.from_fund for row in rows), ZERO)
    new_lines = [line_snapshot(row) for row in rows]
    if new_lines != now["lines"]:
        _require_within_approved(application, asked)
    proposed = now | {field: content[field] for field in CHANGEABLE}
    proposed |= {
        "lines": new_lines,
        "total_amount": sum((row.amount for row in rows), ZERO),
        "requested_amount": application.requested_amount,
    }
    if proposed["ends_on"] < proposed["starts_on"]:
        raise Refused("活动结束日期不能早于开始日期。", "ends_on")
    too_early = why_too_early(application, proposed["starts_on"])
    if too_early:
        raise Refused(too_early, "starts_on")
    if proposed == now:
        raise Refused("内容与现在一致，没有变更。")
    return proposed


def _require_within_approved(application, asked):
    """Refuse a budget of which the fund would bear more than was approved."""
    if asked > application.approved_amount:
        raise Refused(
            f"调整后由基金承担 {yuan(asked)} 元，超过核定金额 {yuan(application.approved_amount)} 元。",
            "lines",
        )


def _locked(change):
    """Lock the application's row, then the change's: the matter that owns the money comes first."""
    application = lock(Application(pk=change.application_id))
    change = lock(change)
    change.application = application
    return change


@transaction.atomic
def review_change(change, *, by, opinion, seen=None):
    """Pass the first check of the change."""
    change = _locked(change)
    require(change, "review", by, seen=seen)
    take(change, "review", by=by, opinion=opinion)
    return change


@transaction.atomic
def decline_change(change, *, by, opinion, seen=None):
    """Decline the change with the reason; the application stays as it was."""
    change = _locked(change)
    require(change, "decline", by, seen=seen)
    take(change, "decline", by=by, opinion=opinion)
    return change


@transaction.atomic
def withdraw_change(change, *, by, seen=None):
    """The unit takes its request back."""
    change = _locked(change)
    require(change, "withdraw", by, seen=seen)
    take(change, "withdraw", by=by)
    return change


@transaction.atomic
def approve_change(change, *, by, opinion, seen=None):
    """Let the change take effect: the content becomes the next version, the one before stays."""
    change = _locked(change)
    require(change, "approve", by, seen=seen)
    application = change.application
    _apply(application, change.content, by=by)
    keep_version(application, by=by)
    take(change, "approve", by=by, opinion=opinion)
    return change


def _apply(application, content, *, by):
    """Write the changeable fields and the budget of a stored proposal to the application.

    Refused when it shifts the budget and the approved amount has been reduced below it since.
    """
    rows = _stored_rows(content["lines"])
    lines = [line_snapshot(row) for row in application.budget_lines.all()]
    if [line_snapshot(row) for row in rows] != lines:
        _require_within_approved(application, sum((row.from_fund for row in rows), ZERO))
    fields = {name: Application._meta.get_field(name) for name in (*CHANGEABLE, "total_amount")}
    for name, field in fields.items():
        setattr(application, name, field.to_python(content[name]))
    application._history_user = by
    application.save(update_fields=list(fields))
    write_budget(application, rows)


def _stored_rows(lines):
    """Unsaved budget lines of a stored proposal, whose amounts are text."""
    amounts = ("quantity", "unit_price", "from_fund")
    return budget_rows([line | {name: to_yuan(line[name]) for name in amounts} for line in lines])
