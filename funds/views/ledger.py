"""The county's accounts: balances, entries, receipts, planned receipts and the bank (对账)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.freshness import WHEN_POSTED
from accounts.models import Duty, User
from accounts.pages import undoable
from accounts.rules import holds_cashier, is_administrator, is_county
from funds.actions import ledger
from funds.entry_list import entry_table
from funds.exports import ACCOUNTS, entries_of
from funds.forms.ledger import BankBalanceForm, PlanForm, ReceiptForm, ReverseReceiptForm
from funds.models import BankBalance, Entry, EntryKind, FundAccount, PlannedReceipt
from funds.overview import figures_of
from funds.proofs import proofs_of
from funds.reconciliation import reconcile as compare
from pilotwork.exports import list_page
from pilotwork.refusals import Refused

ONLY_CASHIERS = "只有财务人员可以记账。"


def performed(request, form, action, done):
    """Run a posted form's `action` with what was typed; True when it is done and said so.

    `done` is what is said, or makes it of what the action returns. Otherwise the form has its errors
    beside the fields and everything typed.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        result = action(by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, done(result) if callable(done) else done)
    return True


def said_of_receipt(entry):
    """What is said of money booked in, with the way to its reversal."""
    return undoable("已入账。", "冲销", reverse("funds:reverse_receipt", args=[entry.pk]))


@access(is_county)
@require_safe
def account_list(request):
    """Every account with its balances and what it received as planned."""
    figures = figures_of(FundAccount.objects.visible_to(request.user))
    context = {"accounts": figures}
    return list_page(request, "funds/account_list.html", context, ACCOUNTS, rows=figures)


@access(is_county, of=FundAccount)
@require_safe
def account(request, account):
    """One account: balances, planned and received, and its ledger, newest entry first."""
    is_cashier = holds_cashier(request.user)
    table, form = entry_table(request, account, may_reverse=is_cashier)
    context = {
        "figures": figures_of([account])[0],
        "table": table,
        "filter_form": form,
        "is_cashier": is_cashier,
        "may_plan": is_cashier or is_administrator(request.user),
        "cashiers": [] if is_cashier else User.objects.active().with_duty(Duty.CASHIER),
        "only_cashiers": ONLY_CASHIERS,
    }
    return list_page(
        request, "funds/account.html", context, entries_of(account), proofs_of(account)
    )


@access(holds_cashier, of=FundAccount, reason=ONLY_CASHIERS, fresh=WHEN_POSTED)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request, account):
    """入账: the cashier books money that came in."""
    form = ReceiptForm(request.POST or None)
    if performed(request, form, lambda **typed: ledger.receive(account, **typed), said_of_receipt):
        return redirect("funds:account", pk=account.pk)
    return render(
        request, "funds/receive.html", {"form": form, "figures": figures_of([account])[0]}
    )


@access(
    holds_cashier | is_administrator,
    of=FundAccount,
    reason="只有财务人员或系统管理员可以修改计划入账。",
)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_receipt(request, account):
    """计划入账: what the account is meant to receive, by source; earlier plans stay readable."""
    form = PlanForm(request.POST or None)
    if performed(request, form, lambda **typed: ledger.plan_receipt(account, **typed), "已保存。"):
        return redirect("funds:plan_receipt", pk=account.pk)
    context = {
        "form": form,
        "figures": figures_of([account])[0],
        "past": PlannedReceipt.history.filter(account=account).select_related("history_user"),
    }
    return render(request, "funds/account_plan.html", context)


@access(is_county, of=FundAccount)
@require_http_methods(["GET", "HEAD", "POST"])
def reconcile(request, account):
    """对账: the bank's balance of a day beside the book's; the newest one, or that of `?of=`."""
    form = BankBalanceForm(request.POST or None)
    if performed(
        request,
        form,
        lambda **typed: ledger.note_bank_balance(account, **typed),
        "已记下，结果如下。",
    ):
        return redirect("funds:reconcile", pk=account.pk)
    noted = BankBalance.objects.filter(account=account).select_related("by").order_by("-id")
    asked = request.GET.get("of", "")
    shown = get_object_or_404(noted, pk=asked) if asked.isdecimal() else noted.first()
    context = {
        "account": account,
        "form": form if holds_cashier(request.user) else None,
        "only_cashiers": ONLY_CASHIERS,
        "cashiers": User.objects.active().with_duty(Duty.CASHIER),
        "shown": shown,
        "result": compare(account, shown.on, shown.balance) if shown else None,
        "noted": noted[:50],
    }
    return render(request, "funds/reconcile.html", context)


@access(holds_cashier, of=Entry, reason=ONLY_CASHIERS, fresh=WHEN_POSTED)
@require_http_methods(["GET", "HEAD", "POST"])
def reverse_receipt(request, entry):
    """冲销: reverse a wrong receipt by a new, opposite entry, once and with the reason."""
    form = ReverseReceiptForm(request.POST or None)
    if performed(
        request, form, lambda **typed: ledger.reverse_receipt(entry, **typed), "入账已冲销。"
    ):
        return redirect("funds:account", pk=entry.account_id)
    if entry.kind == EntryKind.RECEIPT and hasattr(entry, "dues_payment"):
        record = entry.dues_payment.record
        messages.error(request, ledger.REVERSED_AT_THE_RECORD.format(record))
        return redirect("funds:dues_record", pk=record.pk)
    if hasattr(entry, "carried_in"):
        carry_over = entry.carried_in.carry_over
        messages.error(request, ledger.REVERSED_AT_THE_CARRY_OVER.format(carry_over))
        return redirect("funds:carry_over", pk=carry_over.pk)
    if entry.kind != EntryKind.RECEIPT or hasattr(entry, "reversed_by"):
        messages.error(request, "这一笔不能在这里冲销：不是入账，或已经冲销过。")
        return redirect("funds:account", pk=entry.account_id)
    return render(request, "funds/receive_reverse.html", {"form": form, "entry": entry})
