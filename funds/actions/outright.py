"""Money that is reserved and paid in one step: dues refunds, rewards, plaques (DOMAIN, Money).

The matter's own verb locks its row, checks the person and the state, and logs; these two only move
the money, inside the verb's transaction.
"""

from django.db import transaction

from funds.actions import ledger
from funds.actions.accounts import county_account
from funds.models import AccountKind, Commitment, CommitmentKind, Entry, EntryKind

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
