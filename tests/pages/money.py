"""Money in the world of the page tests."""

from funds.actions import ledger, payments
from funds.models import (
    EntryKind,
    FundAccount,
    Source,
)
from pilotwork import clock
from pilotwork.money import to_yuan


class Money:
    """The part of `World` that receives and pays."""

    def pay(self, application, amount):
        """Pay an instalment of `amount` yuan."""
        return payments.pay(
            application,
            by=self.people["officer"],
            amount=to_yuan(amount),
            occurred_on=clock.today(),
            method="银行转账",
        )

    def receive(self, amount, reference="S"):
        """Let `amount` yuan come into 工作经费; returns the entry."""
        return ledger.receive(
            FundAccount.objects.get(kind="working"),
            by=self.people["clerk"],
            amount=to_yuan(amount),
            source=Source.SUPERIOR,
            occurred_on=clock.today(),
            counterparty="市级",
            reference=reference,
        )

    def _money(self, number):
        entry = self.receive("1", f"S{number}")
        assert entry.kind == EntryKind.RECEIPT
        ledger.note_bank_balance(
            entry.account, by=self.people["clerk"], on=clock.today(), balance=to_yuan("5")
        )
