"""Programmes before the demo's, for the pages on years: ended, archived, and 结转 in every state."""

import datetime as dt

from funds.actions import carry_over as verbs
from funds.actions.ledger import receive
from funds.models import Source
from pilotwork import clock
from pilotwork.money import to_yuan
from reports.programmes.archiving import archive_programme
from reports.programmes.opening import open_programme
from units.actions import end_programme

WORDS = "依规办理。"


class Years:
    """Earlier programmes whose leftover money is dealt with in every way."""

    def __init__(self, world):
        self.people = world.people
        self.last = world.story.programme
        self.rows = [
            getattr(self, f"_{state}")(self._ended(number, state))
            for number, state in enumerate(("decided", "booked", "reopened", "revoked", "kept"))
        ]
        archive_programme(self.rows[-1].programme, by=self.people["admin"])

    def _ended(self, number, name):
        """A programme of years ago with 100 yuan left over."""
        starts_on = self.last.starts_on - dt.timedelta(days=400 * (number + 1))
        programme = open_programme(
            by=self.people["admin"],
            name=f"以前的试点（{name}）",
            year=starts_on.year,
            basis_document="团县委〔2020〕1号",
            starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(days=300),
        )
        receive(
            programme.fund_account,
            by=self.people["clerk"],
            amount=to_yuan("100"),
            source=Source.DONATION,
            occurred_on=clock.today(),
            counterparty="企业",
            reference=f"旧 {number}",
        )
        return end_programme(programme, by=self.people["admin"], opinion="到期。")

    def _decide(self, programme, to_programme):
        return verbs.decide_carry_over(
            programme,
            by=self.people["secretary"],
            to_programme=to_programme,
            amount=to_yuan("100"),
            opinion=WORDS,
        )

    def _decided(self, programme):
        return self._decide(programme, self.last)

    def _booked(self, programme):
        entry = verbs.book_carry_over(
            self._decided(programme), by=self.people["clerk"], occurred_on=clock.today()
        )
        return entry.owner

    def _reopened(self, programme):
        booked = self._booked(programme)
        return verbs.reopen_carry_over(booked, by=self.people["secretary"], opinion=WORDS)

    def _revoked(self, programme):
        decided = self._decided(programme)
        return verbs.revoke_carry_over(decided, by=self.people["secretary"], opinion=WORDS)

    def _kept(self, programme):
        return self._decide(programme, None)
