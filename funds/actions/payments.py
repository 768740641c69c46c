"""Verbs that move an application's money: pay, recover, waive, reverse (DOMAIN, Disbursement).

Money forms carry a `request_key`: a form sent twice (double click, refresh, retry) books once, and
the second call returns the entry made by the first. See `funds.actions.applications` for what all
verbs take and raise.
"""

from django.db.models import Min

from accounts.matters import require, take, verb
from funds.actions import ledger
from funds.models import Entry, EntryKind, State
from funds.models.states import OPEN_FOR_REVERSAL
from pilotwork.money import yuan
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date


@verb
def pay(
    application,
    *,
    by,
    amount,
    occurred_on,
    method,
    reference="",
    memo="",
    is_another=False,
    request_key=None,
    seen=None,
):
    """Pay one instalment of `amount` yuan to the frozen payee; returns the entry (the voucher).

    Σ of the instalments never exceeds the approved amount: the commitment's reservation is all
    there is to draw on. Refused for a day before the approval, and for the same amount on the same
    day as another standing payment unless `is_another` says that it is not that one typed again.
    """
    done = ledger.already_booked(request_key, application.commitment)
    if done:
        return done
    require(application, "pay", by, seen=seen)
    ledger.require_after_approval(application, occurred_on, "立项")
    # Of an amount that is not there to be paid, that is what is said first.
    if not is_another and amount <= application.sums.unpaid:
        _require_not_the_same_again(application, EntryKind.DISBURSE, -amount, occurred_on)
    entry = ledger.disburse(
        application.commitment,
        by=by,
        amount=amount,
        occurred_on=occurred_on,
        request_key=request_key,
        counterparty=application.payee_name,
        counterparty_bank=application.payee_bank,
        counterparty_account=application.payee_account,
        method=method,
        reference=reference,
        memo=memo,
    )
    _took(application, "pay", entry, by=by)
    return entry


@verb
def recover(
    application,
    *,
    by,
    amount,
    occurred_on,
    method,
    reference="",
    memo="",
    is_another=False,
    request_key=None,
    seen=None,
):
    """Book `amount` yuan of unspent money that came back, at most what is due; returns the entry.

    Refused for a day before the first payment that stands, and for the same amount on the same day
    as another standing recovery unless `is_another` says that it is not that one typed again.
    """
    done = ledger.already_booked(request_key, application.commitment)
    if done:
        return done
    require(application, "recover", by, seen=seen)
    if amount > application.balance_due:
        raise Refused(
            f"收回金额 {yuan(amount)} 元超过应退结余 {yuan(application.balance_due)} 元。", "amount"
        )
    _require_after_payment(application, occurred_on)
    if not is_another:
        _require_not_the_same_again(application, EntryKind.RECOVER, amount, occurred_on)
    entry = ledger.recover(
        application.commitment,
        by=by,
        amount=amount,
        occurred_on=occurred_on,
        request_key=request_key,
        counterparty=application.payee_name,
        method=method,
        reference=reference,
        memo=memo,
    )
    _took(application, "recover", entry, by=by)
    return entry


@verb
def reverse(application, *, by, entry, opinion, request_key=None, seen=None):
    """Reverse one wrong payment or recovery of this application, with the reason; returns the entry.

    Refused in a final state until the approver reopens the matter, and when the reviewed closure
    would then claim more than was paid.
    """
    done = ledger.already_booked(request_key, application.commitment)
    if done:
        return done
    if application.state not in OPEN_FOR_REVERSAL:
        raise Refused("事项已办结，须由审批人说明理由“重新办理”后才能冲销。", stale=True)
    require(application, "reverse", by, seen=seen)
    if entry.commitment_id != application.commitment_id:
        raise Refused("该分录不属于本事项。")
    opposite = ledger.reverse(entry, by=by, reason=opinion, request_key=request_key)
    application.forget_sums()
    if application.state == State.CLOSURE_REVIEWED and application.balance_due < 0:
        raise Refused(
            f"结项列支基金支出 {yuan(application.active_closure.spent_from_fund)} 元，"
            "冲销后将超过已拨付未收回的金额；请先退回结项。"
        )
    _took(application, "reverse", opposite, by=by, opinion=opinion)
    return opposite


@verb
def waive(application, *, by, opinion, seen=None):
    """核销: waive what is still due back, with a reason; makes no entry."""
    require(application, "waive", by, seen=seen)
    amount = application.balance_due
    application.waived_amount += amount
    take(
        application,
        "waive",
        by=by,
        opinion=opinion,
        fields=["waived_amount"],
        details={"amount": amount},
    )
    return application


def _require_after_payment(application, occurred_on):
    payments = Entry.objects.filter(
        commitment=application.commitment, kind=EntryKind.DISBURSE, reversed_by=None
    )
    paid_on = payments.aggregate(day=Min("occurred_on"))["day"]
    if paid_on and occurred_on < paid_on:
        raise Refused(f"不能早于拨付日期（{cn_full_date(paid_on)}）。", "occurred_on")


def _require_not_the_same_again(application, kind, cash, occurred_on):
    standing = Entry.objects.filter(commitment=application.commitment, kind=kind, reversed_by=None)
    same = standing.filter(cash=cash, occurred_on=occurred_on).select_related("account").first()
    if same:
        done = same.get_kind_display()
        raise Refused(
            f"本事项{cn_full_date(occurred_on)}已{done}过 {yuan(same.amount)} 元（{same.voucher_number}）。"
            f"如确是另一笔，请勾选“这是另一笔{done}”后再次提交。",
            "is_another",
        )


def _took(application, name, entry, *, by, opinion=""):
    """Log a money verb with the entry it made, and forget the sums from before it."""
    application.forget_sums()
    take(
        application,
        name,
        by=by,
        opinion=opinion,
        details={
            "entry": entry.pk,
            "voucher": entry.voucher_number,
            "amount": entry.amount,
            "kind": EntryKind(entry.kind).label,
        },
    )
