"""What an account and a matter hold."""

from funds.models import Entry
from funds.models.ledger import Sums


def held(account):
    """(available, cash) in yuan."""
    return account.balances.available, account.balances.cash


def sums_of(commitment):
    return Sums(Entry.objects.filter(commitment=commitment).order_by("-number").first())
