"""Rows that remember how far the ledger's chains had come: a past rewritten later shows on them."""

from django.db import models
from django.db.models import OuterRef, Subquery

from funds.models.ledger import Entry, FundAccount
from pilotwork.appendonly import AppendOnly


def chain_heads():
    """The head of every account's chain now, of those with entries, in one query.

    Returns [{account (id), name, voucher, number, digest}] in the accounts' order: plain data that a
    LedgerWitness keeps.
    """
    last = Entry.objects.filter(account=OuterRef("pk")).order_by("-number")
    accounts = FundAccount.objects.annotate(
        head_number=Subquery(last.values("number")[:1]),
        head_digest=Subquery(last.values("digest")[:1]),
    )
    return [
        {
            "account": account.pk,
            "name": account.name,
            "voucher": Entry(account=account, number=account.head_number).voucher_number,
            "number": account.head_number,
            "digest": account.head_digest,
        }
        for account in accounts.exclude(head_number=None)
    ]


class LedgerWitness(AppendOnly):
    """A row kept for ever that holds the `chain_heads` of its moment.

    `check_ledger` compares every kind of witness with the ledger, whichever room it belongs to, and
    its own `digest` with what `computed_digest` makes of its content.
    """

    heads = models.JSONField("账册链首", default=list)
    digest = models.CharField("校验码", max_length=64, editable=False)

    class Meta:
        abstract = True

    def computed_digest(self):
        """The digest that the row must carry."""
        raise NotImplementedError
