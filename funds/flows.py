"""What came into the accounts and what was paid out of them, each net of its reversals.

A reversal stands among the entries of the kind it reverses, with the opposite sign, so that the sum
at any moment is what stood then (DOMAIN, Money).
"""

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from funds.models import Entry, EntryKind
from pilotwork.money import zero


def flow(kind):
    """Entries of `kind` (an EntryKind) and the reversals of such, in booking order."""
    # Said first as one IN, which the index on account and kind serves.
    entries = Entry.objects.filter(kind__in=[kind, EntryKind.REVERSE])
    return entries.filter(Q(kind=kind) | Q(kind=EntryKind.REVERSE, reverses__kind=kind)).order_by(
        "account", "number"
    )


def receipts():
    """Receipts and their reversals: `came_in`, signed yuan, and `came_from`, the Source."""
    return flow(EntryKind.RECEIPT).annotate(
        came_in=F("cash"), came_from=Coalesce("reverses__source", F("source"))
    )


def payments():
    """Disbursements and their reversals: `paid`, signed yuan."""
    return flow(EntryKind.DISBURSE).annotate(paid=zero() - F("cash"))


def recoveries():
    """Recoveries and their reversals: `came_back`, signed yuan."""
    return flow(EntryKind.RECOVER).annotate(came_back=F("cash"))
