"""Writing an application: the content, its budget lines, its attachments, its versions."""

from django.db import transaction

from accounts.matters import NotPermitted, lock
from funds.models import Application, ApplicationAttachment, ApplicationVersion, BudgetLine, State
from funds.models.content import AttachmentPurpose
from funds.models.states import EDITABLE
from mentors.rules import may_act_for_unit
from pilotwork import clock
from pilotwork.history import last_change
from pilotwork.money import ZERO, round_to_fen
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date

CONTENT_FIELDS = (
    "name",
    "purpose",
    "plan",
    "starts_on",
    "ends_on",
    "place",
    "participants",
    "contact",
    "phone",
    "payee_name",
    "payee_bank",
    "payee_account",
)
PAYEE_FIELDS = ("payee_name", "payee_bank", "payee_account")
MAX_ATTACHMENTS = 20
CHANGED_MEANWHILE = (
    "这份申请打开以后，在别的窗口或由同事改过，所以没有保存，免得盖掉那边的内容。"
    "请先另开一页核对；确实以这里的内容为准的，再按一次保存。"
)


def _require_member(application, by):
    reason = may_act_for_unit.why_not(application, by)
    if reason:
        raise NotPermitted(reason)


@transaction.atomic
def save_draft(application, *, by, content, lines, uploads=(), removed_attachments=(), seen=None):
    """Keep what the unit typed; `application` is new (with its unit set) or editable.

    `content` maps field names to values, `lines` is a list of dicts with item, note, quantity,
    unit_price and from_fund (yuan). Total and requested amount follow from the lines. Refused when
    the application is no longer with the unit, or was changed since `seen`, the `last_change` that
    the page showed; only members of the unit may (NotPermitted).
    """
    if application.pk:
        application = lock(application)
    else:
        application.created_by = by
        application.created_at = clock.now()
        application.state_since = application.created_at
        application.began_on = clock.today()
    _require_member(application, by)
    if application.state not in EDITABLE:
        raise Refused(application.stale_message("submit"), stale=True)
    if seen is not None and seen != last_change(application):
        raise Refused(CHANGED_MEANWHILE, "seen")
    for field, value in content.items():
        setattr(application, field, value)
    rows = budget_rows(lines)
    application.total_amount = sum((row.amount for row in rows), ZERO)
    application.requested_amount = sum((row.from_fund for row in rows), ZERO)
    application._history_user = by
    application.save()
    write_budget(application, rows)
    _remove_attachments(application, removed_attachments)
    attach(application, uploads, by=by, purpose=AttachmentPurpose.PROPOSAL)
    return application


def budget_rows(lines):
    """Unsaved BudgetLines of the typed `lines`, amounts computed (quantity × unit price, to fen)."""
    rows = []
    for position, line in enumerate(lines, start=1):
        amount = round_to_fen(line["quantity"] * line["unit_price"])
        if line["from_fund"] > amount:
            raise Refused(f"第 {position} 行：基金承担的金额不能超过该行金额。", "lines")
        if amount <= 0:
            raise Refused(f"第 {position} 行：金额必须大于零。", "lines")
        rows.append(
            BudgetLine(
                position=position,
                item=line["item"],
                note=line["note"],
                quantity=line["quantity"],
                unit_price=line["unit_price"],
                amount=amount,
                from_fund=line["from_fund"],
            )
        )
    return rows


def why_too_early(application, starts_on):
    """Why the fund bears no activity from the day `starts_on` (or None); empty when it does."""
    first_day = application.programme.starts_on
    if starts_on and starts_on < first_day:
        return f"活动开始日期不能早于试点开始的 {cn_full_date(first_day)}。"
    return ""


def write_budget(application, rows):
    """Replace the application's budget lines by `rows`."""
    application.budget_lines.all().delete()
    for row in rows:
        row.application = application
    BudgetLine.objects.bulk_create(rows)


def attach(application, uploads, *, by, purpose):
    """Store validated uploads with the application; at most 20 files of a purpose."""
    kept = application.attachments.filter(purpose=purpose, removed_at=None).count()
    if kept + len(uploads) > MAX_ATTACHMENTS:
        raise Refused(f"附件最多 {MAX_ATTACHMENTS} 个。", "uploads")
    return [
        ApplicationAttachment.keep(upload, by=by, application=application, purpose=purpose)
        for upload in uploads
    ]


def _remove_attachments(application, ids):
    removed = application.attachments.filter(
        pk__in=ids, purpose=AttachmentPurpose.PROPOSAL, removed_at=None
    )
    removed.update(removed_at=clock.now())


def snapshot(application):
    """The content of an application as plain data, for a version that is never rewritten."""
    content = {field: getattr(application, field) for field in CONTENT_FIELDS}
    activity = application.signature_activity
    content["signature_activity"] = activity.name if activity else ""
    content["total_amount"] = application.total_amount
    content["requested_amount"] = application.requested_amount
    content["lines"] = [line_snapshot(line) for line in application.budget_lines.all()]
    content["attachments"] = list(
        application.attachments.filter(
            purpose=AttachmentPurpose.PROPOSAL, removed_at=None
        ).values_list("name", flat=True)
    )
    return content


def line_snapshot(line):
    """One budget line as plain data."""
    fields = ("item", "note", "quantity", "unit_price", "amount", "from_fund")
    return {field: getattr(line, field) for field in fields}


def keep_version(application, *, by):
    """Append the present content as the next version; returns it."""
    last = application.versions.last()
    return ApplicationVersion.objects.create(
        application=application,
        number=last.number + 1 if last else 1,
        content=snapshot(application),
        at=clock.now(),
        by=by,
    )


@transaction.atomic
def discard_draft(application, *, by):
    """Delete a draft that was never submitted; refused for anything else."""
    application = lock(application)
    _require_member(application, by)
    if application.state != State.DRAFT:
        raise Refused("只有未提交过的草稿可以删除。", stale=True)
    ApplicationAttachment.objects.filter(application=application).delete()
    Application.objects.filter(pk=application.pk).delete()
