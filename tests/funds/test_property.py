"""Random sequences of all ledger verbs against a slow, obvious model of the same rules."""

import dataclasses
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from funds.actions import ledger
from funds.models import AccountKind, Commitment, Entry, EntryKind, FundAccount, Source
from funds.models.ledger import CommitmentKind, Sums
from pilotwork import clock
from pilotwork.money import FEN, ZERO
from pilotwork.refusals import Refused
from tests.factories import FundAccountFactory, UserFactory

# From fen to more than any account holds, zero and less included: those are refused.
AMOUNTS = st.integers(min_value=-1, max_value=60_000).map(lambda fen: Decimal(fen) * FEN)
PLACES = st.integers(min_value=0, max_value=10_000)


@dataclasses.dataclass
class Line:
    """One entry of the model: what happened, to which account and matter, how much."""

    account: int
    kind: str
    amount: Decimal
    commitment: int | None = None
    reverses: int | None = None  # place of the line in the list of all lines


class Model:
    """All lines in a list; every figure is added up anew from the first line on."""

    def __init__(self):
        self.lines = []

    def standing(self):
        """Lines that no other line reverses, without the reversals."""
        reversed_places = {line.reverses for line in self.lines if line.reverses is not None}
        return [
            line
            for place, line in enumerate(self.lines)
            if place not in reversed_places and line.reverses is None
        ]

    def total(self, kind, **where):
        """Σ of the standing lines of `kind` of an account or a commitment."""
        return sum(
            (
                line.amount
                for line in self.standing()
                if line.kind == kind
                and all(getattr(line, name) == value for name, value in where.items())
            ),
            ZERO,
        )

    def cash(self, account):
        """入账 − 拨付 + 收回."""
        receipts = self.total("receipt", account=account)
        recovered = self.total("recover", account=account)
        return receipts - self.total("disburse", account=account) + recovered

    def available(self, account):
        """入账 − 占用 + 释放 + 收回."""
        receipts = self.total("receipt", account=account)
        reserved = self.total("reserve", account=account)
        returned = self.total("release", account=account) + self.total("recover", account=account)
        return receipts - reserved + returned

    def is_sound(self):
        """The rules of the ledger, as they are written."""
        for account in {line.account for line in self.lines}:
            if not 0 <= self.available(account) <= self.cash(account):
                return False
        for commitment in {line.commitment for line in self.lines} - {None}:
            reserved = self.total("reserve", commitment=commitment)
            released = self.total("release", commitment=commitment)
            disbursed = self.total("disburse", commitment=commitment)
            recovered = self.total("recover", commitment=commitment)
            if disbursed + released > reserved or recovered > disbursed:
                return False
        return True

    def allows(self, line):
        """Whether the line may be added: a positive amount, a right reversal, sound afterwards."""
        if line.amount <= 0:
            return False
        if line.reverses is not None:
            wrong = self.lines[line.reverses]
            if wrong.kind not in {"receipt", "disburse", "recover"}:
                return False
            if any(other.reverses == line.reverses for other in self.lines):
                return False
        self.lines.append(line)
        sound = self.is_sound()
        self.lines.pop()
        return sound


class LedgerMachine(RuleBasedStateMachine):
    """Three accounts, two commitments each; whatever the model allows happens, nothing else."""

    @initialize()
    def open_the_books(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.model = Model()
        self.entries = []
        self.by = UserFactory(duties=["cashier"])
        self.accounts = [FundAccountFactory(code="JJ")]
        for kind in (AccountKind.DUES, AccountKind.WORKING):
            self.accounts.append(FundAccount.objects.create(kind=kind, name=kind, code=kind))
        self.commitments = [
            Commitment.objects.create(
                account=account, kind=CommitmentKind.APPLICATION, title=f"事项 {account.pk}"
            )
            for account in self.accounts * 2
        ]

    def teardown(self):
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def step(self, line, verb, *args, **kwargs):
        """Do it for real; it must succeed exactly when the model allows it."""
        allowed = self.model.allows(line)
        try:
            with transaction.atomic():
                entry = verb(*args, by=self.by, **kwargs)
        except Refused:
            assert not allowed, f"{line} was refused"
            return
        assert allowed, f"{line} was booked"
        self.model.lines.append(line)
        self.entries.append(entry)

    @rule(place=PLACES, amount=AMOUNTS)
    def receive(self, place, amount):
        place %= len(self.accounts)
        line = Line(place, "receipt", amount)
        self.step(
            line,
            ledger.receive,
            self.accounts[place],
            amount=amount,
            source=Source.OTHER,
            occurred_on=clock.today(),
            counterparty="某",
            reference="",
        )

    def move(self, kind, verb, place, amount, **kwargs):
        place %= len(self.commitments)
        line = Line(place % len(self.accounts), kind, amount, commitment=place)
        self.step(line, verb, self.commitments[place], amount=amount, **kwargs)

    @rule(place=PLACES, amount=AMOUNTS)
    def reserve(self, place, amount):
        self.move("reserve", ledger.reserve, place, amount)

    @rule(place=PLACES, amount=AMOUNTS)
    def release(self, place, amount):
        self.move("release", ledger.release, place, amount)

    @rule(place=PLACES, amount=AMOUNTS)
    def disburse(self, place, amount):
        self.move("disburse", ledger.disburse, place, amount, occurred_on=clock.today())

    @rule(place=PLACES, amount=AMOUNTS)
    def recover(self, place, amount):
        self.move("recover", ledger.recover, place, amount, occurred_on=clock.today())

    @rule(place=PLACES)
    def pay_out_everything_reserved(self, place):
        """Random amounts seldom meet the limit exactly; this does."""
        place %= len(self.commitments)
        last = Entry.objects.filter(commitment=self.commitments[place]).order_by("number").last()
        unpaid = Sums(last).unpaid
        self.move("disburse", ledger.disburse, place, unpaid, occurred_on=clock.today())

    @rule(place=PLACES)
    def reserve_everything_available(self, place):
        place %= len(self.commitments)
        available = self.model.available(place % len(self.accounts))
        self.move("reserve", ledger.reserve, place, available)

    @rule(place=PLACES)
    def reverse(self, place):
        if not self.entries:
            return
        place %= len(self.entries)
        wrong = self.model.lines[place]
        line = Line(wrong.account, "reverse", wrong.amount, wrong.commitment, reverses=place)
        self.step(line, ledger.reverse, self.entries[place], reason="记错")

    @invariant()
    def balances_are_those_of_the_model(self):
        for place, account in enumerate(getattr(self, "accounts", ())):
            assert account.balances.available == self.model.available(place)
            assert account.balances.cash == self.model.cash(place)
            assert account.balances.reserved >= 0

    @invariant()
    def sums_are_those_of_the_model(self):
        for place, commitment in enumerate(getattr(self, "commitments", ())):
            sums = Sums(Entry.objects.filter(commitment=commitment).order_by("number").last())
            for name, kind in [
                ("reserved", "reserve"),
                ("released", "release"),
                ("disbursed", "disburse"),
                ("recovered", "recover"),
            ]:
                assert getattr(sums, name) == self.model.total(kind, commitment=place)

    @invariant()
    def entries_are_numbered_chained_and_say_what_happened(self):
        for place, account in enumerate(getattr(self, "accounts", ())):
            entries = list(Entry.objects.of_account(account))
            lines = [line for line in self.model.lines if line.account == place]
            assert [entry.number for entry in entries] == list(range(1, len(lines) + 1))
            assert [(entry.kind, entry.amount) for entry in entries] == [
                (EntryKind(line.kind), line.amount) for line in lines
            ]
            previous = ""
            for entry in entries:
                assert entry.digest == entry.computed_digest(previous)
                previous = entry.digest


@pytest.mark.django_db
class TestLedger(LedgerMachine.TestCase):
    settings = settings(
        max_examples=settings.default.max_examples // 2,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
