"""Verbs of the closure 结项: file, review, send back, close (DOMAIN, Closure)."""

from django.db import IntegrityError, transaction

from accounts.matters import require, take, verb
from funds.actions.applications import release_rest
from funds.actions.drafts import attach
from funds.models import Closure, Expense
from funds.models.content import AttachmentPurpose
from pilotwork import clock
from pilotwork.money import ZERO, yuan
from pilotwork.refusals import Refused


@verb
def file_closure(application, *, by, report, document_count, expenses, uploads=(), seen=None):
    """Report what was done and spent.

    `expenses` is a list of dicts with budget_line, note, amount, from_fund (yuan), invoice_code and
    invoice_number. Refused when the fund's part exceeds what the unit holds and what may still be
    paid to it, and when an invoice number is claimed twice, here or in another closure.
    """
    require(application, "file_closure", by, seen=seen)
    _require_sound_rows(application, expenses)
    _require_no_double_invoice(expenses)
    spent_from_fund = sum((row["from_fund"] for row in expenses), ZERO)
    limit = application.sums.held + application.sums.unpaid
    if spent_from_fund > limit:
        raise Refused(
            f"基金支出合计 {yuan(spent_from_fund)} 元，"
            f"超过可由基金列支的 {yuan(limit)} 元；超出部分请列为自筹。",
            "expenses",
        )
    closure = Closure.objects.create(
        application=application,
        report=report,
        document_count=document_count,
        spent_total=sum((row["amount"] for row in expenses), ZERO),
        spent_from_fund=spent_from_fund,
        filed_at=clock.now(),
        filed_by=by,
    )
    _write_expenses(closure, expenses)
    attach(application, uploads, by=by, purpose=AttachmentPurpose.CLOSURE)
    application.__dict__.pop("_closure", None)
    application.waived_amount = ZERO
    take(
        application,
        "file_closure",
        by=by,
        fields=["waived_amount"],
        details={"spent_total": closure.spent_total, "spent_from_fund": spent_from_fund},
    )
    return application


def _require_sound_rows(application, expenses):
    """Each voucher belongs to the application's budget and its fund part is within its amount."""
    lines = set(application.budget_lines.values_list("pk", flat=True))
    for position, row in enumerate(expenses, start=1):
        if row["budget_line"].pk not in lines:
            raise Refused(f"第 {position} 行：预算项目不属于本申请。", "expenses")
        if row["amount"] <= 0:
            raise Refused(f"第 {position} 行：金额必须大于零。", "expenses")
        if not 0 <= row["from_fund"] <= row["amount"]:
            raise Refused(f"第 {position} 行：基金支出不能超过该笔金额。", "expenses")


def _require_no_double_invoice(expenses):
    seen = set()
    for position, row in enumerate(expenses, start=1):
        key = (row["invoice_code"], row["invoice_number"])
        if not row["invoice_number"]:
            continue
        if key in seen:
            raise Refused(f"第 {position} 行：发票号码 {key[1]} 在本次结项中重复。", "expenses")
        seen.add(key)
        taken = Expense.objects.filter(
            invoice_code=key[0], invoice_number=key[1], is_claimed=True
        ).first()
        if taken:
            raise Refused(
                f"第 {position} 行：发票号码 {key[1]} 已在其他结项中报销过，不能重复使用。",
                "expenses",
            )


def _write_expenses(closure, expenses):
    """Insert the vouchers; the unique constraint decides when two closures claim one at once."""
    rows = [Expense(closure=closure, item=row["budget_line"].item, **row) for row in expenses]
    try:
        with transaction.atomic():
            Expense.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused("有发票号码刚刚被其他结项使用，请核对后再提交。", "expenses") from error


@verb
def review_closure(application, *, by, opinion, seen=None):
    """Pass the first check of the closure."""
    require(application, "review_closure", by, seen=seen)
    take(application, "review_closure", by=by, opinion=opinion)
    return application


@verb
def send_back_closure(application, *, by, opinion, seen=None):
    """Return the closure with the reason: it stays readable, its invoices are free again.

    What was waived of its balance no longer holds.
    """
    require(application, "send_back_closure", by, seen=seen)
    closure = application.active_closure
    closure.expenses.update(is_claimed=False)
    closure.is_active = False
    closure.save(update_fields=["is_active"])
    application.__dict__.pop("_closure", None)
    application.waived_amount = ZERO
    take(application, "send_back_closure", by=by, opinion=opinion, fields=["waived_amount"])
    return application


@verb
def close(application, *, by, opinion, minutes_number="", seen=None):
    """Close the matter once nothing is due back; what is left of the reservation is released."""
    require(application, "close", by, seen=seen)
    released = release_rest(application, by=by)
    take(
        application,
        "close",
        by=by,
        opinion=opinion,
        minutes_number=minutes_number,
        details={"released": released},
    )
    return application
