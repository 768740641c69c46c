"""Money that is reserved and paid in one step: dues refunds, rewards, plaques (DOMAIN, Money).

`pay_outright` and `take_back_outright` only move the money, inside the transaction of a verb that
has locked the matter's row, checked the person and the state, and logs. `pay_price` and
`reverse_price` are such verbs, for matters that are paid once and in full (`PaidOutright`).
"""

from django.db import transaction

from accounts.matters import require, take, verb
from funds.actions import ledger
from funds.actions.accounts import county_account
from funds.models import AccountKind, Commitment, CommitmentKind, Entry, EntryKind
from pilotwork.refusals import Refused

ACCOUNT_OF = {
    CommitmentKind.DUES: AccountKind.DUES,
    CommitmentKind.PLAQUE: AccountKind.WORKING,
    CommitmentKind.REWARD: AccountKind.WORKING,
}


def commit_to(kind, title):
    """Make the commitment of one matter on the county's `working` or `dues` account, and return it.

    `kind` is CommitmentKind.DUES, REWARD or PLAQUE, which says the account.
    """
    account = county_account(ACCOUNT_OF[kind])
    return Commitment.objects.create(account=account, kind=kind, title=title[:160])


@transaction.atomic
def pay_outright(commitment, *, by, amount, occurred_on, request_key=None, **payment):
    """Reserve and disburse `amount` yuan at once; returns the disbursement (the voucher).

    `payment` as for `ledger.disburse`. Refused when the account has less available; then neither
    entry is there.
    """
    ledger.reserve(commitment, by=by, amount=amount, memo=payment.get("memo", ""))
    return ledger.disburse(
        commitment,
        by=by,
        amount=amount,
        occurred_on=occurred_on,
        request_key=request_key,
        **payment,
    )


@transaction.atomic
def take_back_outright(entry, *, by, reason, request_key=None):
    """Reverse a payment made by `pay_outright` and release its reservation; returns the reversal.

    Refused for anything but a payment, and a second time.
    """
    opposite = ledger.reverse(entry, by=by, reason=reason, request_key=request_key)
    ledger.release(entry.commitment, by=by, amount=entry.amount, memo=opposite.memo)
    return opposite


def standing_payment(commitment):
    """The payment of the commitment that nothing reverses, or None."""
    payments = Entry.objects.filter(commitment=commitment, kind=EntryKind.DISBURSE)
    return payments.filter(reversed_by=None).order_by("-number").first()


@verb
def pay_price(
    matter, *, by, occurred_on, method, reference="", memo="", request_key=None, seen=None
):
    """Pay a `PaidOutright` matter's whole price to its payee; returns the entry (the voucher).

    A second call with the same `request_key` returns the entry made before. Refused: paid already,
    no payee on file, the account has less available, a day before the approval.
    """
    if matter.commitment is None:
        matter.commitment = commit_to(matter.commitment_kind, str(matter))
    done = ledger.already_booked(request_key, matter.commitment)
    if done:
        return done
    require(matter, "pay", by, seen=seen)
    payee = matter.payee
    if not all(payee.values()):
        raise Refused(matter.payee_missing)
    ledger.require_after_approval(matter, occurred_on)
    entry = pay_outright(
        matter.commitment,
        by=by,
        amount=matter.amount_due,
        occurred_on=occurred_on,
        request_key=request_key,
        method=method,
        reference=reference,
        memo=memo,
        **payee,
    )
    _took(matter, "pay", entry, by=by, fields=["commitment"])
    return entry


@verb
def reverse_price(matter, *, by, opinion, request_key=None, seen=None):
    """Reverse the payment made by `pay_price`, with the reason; returns the reversal.

    Refused in a final state until the approver has reopened the matter (DOMAIN, Money).
    """
    done = matter.commitment and ledger.already_booked(request_key, matter.commitment)
    if done:
        return done
    if matter.transition_of("reverse") is None and matter.is_paid:
        raise Refused("事项已办结，须由审批人说明理由“重新办理”后才能冲销。", stale=True)
    require(matter, "reverse", by, seen=seen)
    entry = standing_payment(matter.commitment)
    opposite = take_back_outright(entry, by=by, reason=opinion, request_key=request_key)
    _took(matter, "reverse", opposite, by=by, opinion=opinion)
    return opposite


def _took(matter, name, entry, *, by, opinion="", fields=()):
    """Log a money verb with the entry it made, and forget the sums from before it."""
    matter.forget_sums()
    details = {
        "entry": entry.pk,
        "voucher": entry.voucher_number,
        "amount": entry.amount,
        "kind": EntryKind(entry.kind).label,
    }
    take(matter, name, by=by, opinion=opinion, fields=fields, details=details)
