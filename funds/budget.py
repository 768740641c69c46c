"""A budget and what its lines come to."""

import dataclasses
from decimal import Decimal

from pilotwork.money import ZERO


@dataclasses.dataclass(frozen=True)
class Budget:
    """Budget lines with their sums in yuan; `requested` is what the unit applied for.

    After a change that shifts what the fund bears (DOMAIN, 变更) the sums are those of the present
    lines, while what was applied for stays as it was.
    """

    lines: list
    requested: Decimal

    @property
    def amount(self):
        """What everything costs."""
        return self._sum("amount")

    @property
    def from_fund(self):
        """What the fund bears of it."""
        return self._sum("from_fund")

    @property
    def own_share(self):
        """自筹: what the unit bears itself."""
        return self._sum("own_share")

    @property
    def is_shifted(self):
        """Whether the fund bears another amount than the unit had applied for."""
        return self.from_fund != self.requested

    def _sum(self, name):
        return sum((getattr(line, name) for line in self.lines), ZERO)


def budget_of(application, lines):
    """The Budget of an application, whose `lines` were read before."""
    return Budget(list(lines), application.requested_amount)
