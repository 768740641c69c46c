"""Dues that go back to the unit, one by one or all at once (DOMAIN, Dues refund).

See `funds.actions.dues` for what all verbs take and raise.
"""

import dataclasses
import uuid

from django.db.models import Max

from accounts.matters import NotPermitted, require, take, verb
from funds.actions.dues import booked, booked_before, require_covered
from funds.actions.outright import (
    commit_to,
    pay_outright,
    standing_payment,
    take_back_outright,
)
from funds.models import CommitmentKind, DuesRecord, Entry
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date

PAYEE_MISSING = "“{}”的收款户名、开户银行或账号不全，请系统管理员先在团组织中补全。"


def payee_gap(dues):
    """What is missing of the account that the refund goes to, in a sentence; "" when nothing is."""
    payee = dues.payer
    complete = payee.payee_name and payee.payee_bank and payee.payee_account
    return "" if complete else PAYEE_MISSING.format(payee)


@verb
def refund(dues, *, by, occurred_on, method, reference="", memo="", request_key=None, seen=None):
    """退返: give back all that was paid and has not gone back; returns the entry (the voucher).

    The payee is the unit's organisation, or its parent where it was paid in by way of that. A second
    call with the same `request_key` returns the entry made before. Refused: not everything is paid
    or waived, nothing is to go back, the payee's account is not known, a day before the dues came.
    """
    done = booked_before(dues, request_key)
    if done:
        return done
    require(dues, "refund", by, seen=seen)
    gap = payee_gap(dues)
    if gap:
        raise Refused(gap)
    paid_on = dues.payments.standing().aggregate(day=Max("entry__occurred_on"))["day"]
    if paid_on and occurred_on < paid_on:
        raise Refused(f"不能早于收到团费的日期（{cn_full_date(paid_on)}）。", "occurred_on")
    if dues.commitment is None:
        dues.commitment = commit_to(CommitmentKind.DUES, f"{dues}退返")
    payee = dues.payer
    entry = pay_outright(
        dues.commitment,
        by=by,
        amount=dues.refundable,
        occurred_on=occurred_on,
        request_key=request_key,
        counterparty=payee.payee_name,
        counterparty_bank=payee.payee_bank,
        counterparty_account=payee.payee_account,
        method=method,
        reference=reference,
        memo="；".join(filter(None, [memo, _receipts_of(dues)]))[:300],
    )
    dues.refunded = dues.paid
    dues.received_on = None
    dues.forget_sums()
    take(
        dues,
        "refund",
        by=by,
        fields=["refunded", "received_on", "commitment"],
        details=booked(entry),
    )
    return entry


def _receipts_of(dues):
    """The numbers of the receipts by which the dues came in, as the voucher says them."""
    numbers = dues.payments.standing().order_by("id").values_list("receipt_number", flat=True)
    return f"缴纳票据号 {'、'.join(numbers)}"


@verb
def reverse_refund(dues, *, by, entry, opinion, request_key=None, seen=None):
    """冲销退返: reverse one wrong refund, with the reason; returns the reversal.

    Only after the approver has reopened the record. Refused when the unit has logged more use than
    would be left to it.
    """
    done = booked_before(dues, request_key)
    if done:
        return done
    require(dues, "reverse_refund", by, seen=seen)
    if entry.commitment_id != dues.commitment_id:
        raise Refused("该分录不属于本事项。")
    require_covered(dues, dues.granted - entry.amount)
    opposite = take_back_outright(entry, by=by, reason=opinion, request_key=request_key)
    dues.refunded -= entry.amount
    dues.received_on = None
    dues.forget_sums()
    take(
        dues,
        "reverse_refund",
        by=by,
        opinion=opinion,
        fields=["refunded", "received_on"],
        details=booked(opposite),
    )
    return opposite


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one record: the voucher, or why it was not paid."""

    dues: DuesRecord
    entry: Entry | None = None
    reason: str = ""


def refund_each(chosen, *, by, occurred_on, method, request_key):
    """一键退返: refund each of `chosen`, [(record, last log number the page showed)], on its own.

    Each in a transaction of its own under a key derived from `request_key`: sent again, or run again
    after it broke off, nobody is paid twice. Returns an Outcome for each, in order.
    """
    return [
        _refunded(
            dues,
            by=by,
            occurred_on=occurred_on,
            method=method,
            request_key=uuid.uuid5(request_key, str(dues.pk)),
            seen=seen,
        )
        for dues, seen in chosen
    ]


def _refunded(dues, **arguments):
    try:
        return Outcome(dues, entry=refund(dues, **arguments))
    except (Refused, NotPermitted) as refusal:
        return Outcome(dues, reason=str(refusal))


@verb
def acknowledge(dues, *, by, received_on, seen=None):
    """确认到账: the unit says on which day the refund came; once. No date to come or before it."""
    require(dues, "acknowledge", by, seen=seen)
    if received_on > clock.today():
        raise Refused("日期不能晚于今天。", "received_on")
    if received_on < standing_payment(dues.commitment).occurred_on:
        raise Refused("到账日期不能早于退返日期。", "received_on")
    dues.received_on = received_on
    take(
        dues,
        "acknowledge",
        by=by,
        fields=["received_on"],
        details={"received_on": received_on},
    )
    return dues
