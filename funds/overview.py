"""An account at a glance: what it received, by source and as planned, what is paid and left."""

import dataclasses
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from funds.flows import payments, receipts
from funds.models import CommitmentKind, FundAccount, PlannedReceipt, Source
from pilotwork.money import ZERO, MoneyField, total


@dataclasses.dataclass(frozen=True)
class SourceLine:
    """One source of an account: planned and received, net of reversals, in yuan."""

    source: str
    label: str
    planned: Decimal
    received: Decimal
    note: str

    @property
    def missing(self):
        """What is planned and has not come yet; yuan, never negative."""
        return max(self.planned - self.received, ZERO)


class AtAGlance:
    """An account in its sums, in yuan: `received`, `paid`, `carried_out`, `reserved`, `available`.

    They add up: what came in is paid, carried over to the next fund, reserved or available.
    """

    @property
    def gone(self):
        """What is not there any more."""
        return self.paid + self.carried_out

    @property
    def bound(self):
        """What cannot be approved any more: gone or reserved."""
        return self.gone + self.reserved


@dataclasses.dataclass(frozen=True)
class Figures(AtAGlance):
    """An account's balances and sources in yuan."""

    account: object
    available: Decimal
    cash: Decimal
    carried_out: Decimal
    lines: list

    @property
    def planned(self):
        return sum((line.planned for line in self.lines), ZERO)

    @property
    def received(self):
        return sum((line.received for line in self.lines), ZERO)

    @property
    def missing(self):
        """Planned and not there yet: what one source brought above its plan makes up for no other."""
        return sum((line.missing for line in self.lines), ZERO)

    @property
    def reserved(self):
        return self.cash - self.available

    @property
    def paid(self):
        """Paid and not recovered: whatever came in and is neither there any more nor carried over."""
        return self.received - self.cash - self.carried_out


def figures_of(accounts):
    """The Figures of `accounts` (a queryset or list of FundAccounts), in three queries in all."""
    accounts = list(accounts)
    received = _received(accounts)
    plans = {
        (plan.account_id, plan.source): plan
        for plan in PlannedReceipt.objects.filter(account__in=accounts)
    }
    balances = {
        account.pk: (account.available or ZERO, account.cash or ZERO, account.carried_out or ZERO)
        for account in with_carried_out(FundAccount.objects.with_balances()).filter(
            pk__in=[a.pk for a in accounts]
        )
    }
    return [
        Figures(
            account=account,
            available=balances[account.pk][0],
            cash=balances[account.pk][1],
            carried_out=balances[account.pk][2],
            lines=[
                _line(source, plans.get((account.pk, source)), received.get((account.pk, source)))
                for source in Source.values
                if (account.pk, source) in plans or (account.pk, source) in received
            ],
        )
        for account in accounts
    ]


def with_carried_out(accounts):
    """Annotate `carried_out`: yuan that moved on to another programme's fund, net of reversals."""
    return accounts.annotate(carried_out=carried_out_of(OuterRef("pk")))


def carried_out_of(account):
    """The sum that `account` (one, or an OuterRef) carried over to another programme's fund."""
    out = payments().filter(account=account, commitment__kind=CommitmentKind.CARRY_OVER)
    sums = out.order_by().values("account").annotate(sum=total("paid")).values("sum")
    return Subquery(sums, output_field=MoneyField())


def _line(source, plan, received):
    return SourceLine(
        source=source,
        label=Source(source).label,
        planned=plan.amount if plan else ZERO,
        received=received or ZERO,
        note=plan.note if plan else "",
    )


def _received(accounts):
    """{(account's id, source): yuan received}; a reversed receipt counts for nothing."""
    rows = (
        receipts()
        .filter(account__in=accounts)
        .order_by()
        .values_list("account_id", "came_from")
        .annotate(sum=total("came_in"))
    )
    return {(account, source): amount for account, source, amount in rows if amount}
