"""对账: the bank's balance of a day against the book's, and what may explain the difference."""

import dataclasses
import datetime as dt
from decimal import Decimal

from django.db.models import Q

from funds.models import Entry, EntryKind
from pilotwork import clock
from pilotwork.money import ZERO, total

AROUND = dt.timedelta(days=10)
MOST = 30


@dataclasses.dataclass(frozen=True)
class Reconciliation:
    """The book beside the bank at the end of one day; amounts in yuan."""

    on: dt.date
    bank: Decimal
    book: Decimal
    suspects: list

    @property
    def difference(self):
        """The bank's balance minus the book's."""
        return self.bank - self.book


@dataclasses.dataclass(frozen=True)
class Suspect:
    """An entry that may explain a difference, and why."""

    entry: Entry
    reasons: list


def cash_at_end_of(account, day):
    """The account's cash in yuan at the end of `day`, by the day the money moved."""
    moved = Entry.objects.filter(account=account, occurred_on__lte=day)
    return moved.aggregate(sum=total("cash"))["sum"]


def reconcile(account, on, bank):
    """Compare the bank's balance of the day `on` (yuan) with the book; returns a Reconciliation.

    Where they differ, up to 30 entries that moved cash are listed: those of just that amount, those
    on the other side of the day within ten days of it, and reversals standing on the other side
    than the entry they reverse.
    """
    book = cash_at_end_of(account, on)
    suspects = _suspects(account, on, bank - book) if bank != book else []
    return Reconciliation(on=on, bank=bank, book=book, suspects=suspects)


def _suspects(account, on, difference):
    same_amount = Q(cash__in=[difference, -difference])
    near = Q(occurred_on__gt=on - AROUND, occurred_on__lte=on + AROUND)
    split_pair = Q(kind=EntryKind.REVERSE, occurred_on__gt=on, reverses__occurred_on__lte=on) | Q(
        reversed_by__occurred_on__gt=on, occurred_on__lte=on
    )
    rows = (
        Entry.objects.filter(account=account)
        .exclude(cash=ZERO)
        .filter(same_amount | near | split_pair)
        .select_related("account", "reverses", "reversed_by", "commitment")
        .order_by("-number")
    )
    found = [Suspect(entry, _reasons(entry, on, difference)) for entry in rows[: MOST * 10]]
    found = [suspect for suspect in found if suspect.reasons]
    # First what explains it alone, then what explains a part, then what other entries must make up.
    found.sort(key=lambda suspect: _rank(_effect(suspect.entry, on), difference))
    return found[:MOST]


def _effect(entry, on):
    """What the difference is, in yuan, when this entry alone stands in only one of bank and book."""
    return entry.cash if entry.occurred_on > on else -entry.cash


def _rank(effect, difference):
    return effect != difference, (effect > 0) != (difference > 0)


def _reasons(entry, on, difference):
    """Why this entry may explain the difference of the day `on`; empty when it may not."""
    reasons = []
    if _effect(entry, on) == difference:
        reasons.append("金额与差额相同")
    if entry.occurred_on > on:
        reasons.append("发生在对账日之后，账面当日未计；银行可能已入账")
    elif clock.local(entry.booked_at).date() > on:
        reasons.append("发生日不晚于对账日，但事后才记账；银行可能尚未入账")
    elif on - entry.occurred_on <= dt.timedelta(days=3):
        reasons.append("临近对账日，银行可能次日入账")
    if entry.kind == EntryKind.REVERSE and entry.reverses.occurred_on <= on < entry.occurred_on:
        reasons.append(f"冲销 {entry.reverses.number} 号，原分录在对账日之前")
    opposite = getattr(entry, "reversed_by", None)
    if opposite and entry.occurred_on <= on < opposite.occurred_on:
        reasons.append(f"对账日之后已被 {opposite.number} 号冲销")
    return reasons
