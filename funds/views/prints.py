"""The A4 forms that the office signs and seals; nothing here changes anything."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.rules import is_signed_in
from funds import papers
from funds.entry_list import PRINTABLE
from funds.models import Application, Entry, EntryKind, State


def _form_context(application):
    """What both forms of an application print: its budget and the head of its log's chain."""
    return {
        "application": application,
        "lines": application.budget_lines.all(),
        "own_total": application.total_amount - application.requested_amount,
        "chain_head": application.log[-1].digest if application.log else "",
        "back_url": reverse("funds:application", args=[application.pk]),
    }


@access(is_signed_in, of=Application)
@require_safe
def approval_form(request, application):
    """《试点工作基金立项审批表》 with every opinion in its cell and room to sign and seal."""
    opinions = papers.approval_opinions(application)
    approval = opinions["approval"]
    context = _form_context(application) | {
        "opinions": opinions,
        "approved_amount": approval and approval.details.get("amount"),
        "later": papers.after_approval(application),
        "is_draft": application.state == State.DRAFT,
    }
    return render(request, "funds/print_approval_form.html", context)


@access(is_signed_in, of=Application)
@require_safe
def closure_form(request, application):
    """结项表: the report, the spending by budget line, the vouchers and the balance."""
    closure = application.active_closure
    if closure is None:
        raise Http404("No closure is filed.")
    context = _form_context(application) | {
        "closure": closure,
        "spending": papers.spending_by_item(closure, application.budget_lines.all()),
        "opinions": papers.closure_opinions(application),
    }
    return render(request, "funds/print_closure_form.html", context)


@access(is_signed_in, of=Entry)
@require_safe
def voucher(request, entry):
    """收款凭单, 冲销凭单 or, titled as the matter says, the voucher of what was paid."""
    if entry.kind not in PRINTABLE:
        raise Http404("A reservation moves no money and has no voucher.")
    matter = entry.owner
    is_payment = entry.kind == EntryKind.DISBURSE
    context = {
        "entry": entry,
        "matter": matter,
        "title": "冲销凭单"
        if entry.reverses
        else matter.voucher_title
        if is_payment
        else "收款凭单",
        "reversal": getattr(entry, "reversed_by", None),
        "deciders": papers.deciders_of(matter, entry) if entry.commitment_id else None,
        "is_payment": is_payment,
        "back_url": reverse(matter.page_name, args=[matter.pk])
        if matter
        else reverse("funds:account", args=[entry.account_id]),
    }
    return render(request, "funds/print_voucher.html", context)
