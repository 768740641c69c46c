"""数据走势: a programme's visits week by week and its money month by month, beside the last one's."""

import dataclasses
import datetime as dt
from decimal import Decimal

from django.db.models import Q
from django.db.models.functions import TruncMonth

from funds.models import CommitmentKind, Entry, EntryKind
from mentors import weeks
from pilotwork import clock
from pilotwork.money import ZERO, total
from pilotwork.templatetags.pilotwork import cn_date
from units.models import PilotUnit

# As much as a picture can show and an eye can follow: a year of weeks, two of months.
MOST_WEEKS, MOST_MONTHS = 52, 24
SPAN = 4  # weeks compared with as many before them
# Receipts and their reversals. Spelled as one IN, which the index on account and kind serves.
RECEIPTS = Q(kind__in=[EntryKind.RECEIPT, EntryKind.REVERSE], commitment=None)
CARRIED_OUT = Q(commitment__kind=CommitmentKind.CARRY_OVER)
NO_MOVES = dict.fromkeys(("received", "paid", "carried", "cash", "available"), ZERO)


@dataclasses.dataclass(frozen=True)
class WeekLine:
    """One week: `visits` count a unit and day once; of the `due` units `covered` owe nothing.

    `before` is the visits of the week of the same number in the programme before, None without.
    """

    number: int
    monday: dt.date
    visits: int
    due: int
    covered: int
    before: int | None = None

    @property
    def missing(self):
        """Due units not visited: overdue, in the present week still to be visited."""
        return self.due - self.covered

    @property
    def label(self):
        """第 5 周（11月2日起）."""
        return f"第 {self.number} 周（{cn_date(self.monday)}起）"


@dataclasses.dataclass(frozen=True)
class MonthLine:
    """One month by booking day, in yuan: what came in and went out, and what was left at its end.

    A reversal counts in the month in which it was booked; `paid` is less what was recovered,
    `carried` moved on to another programme's fund.
    `before` is what the programme before had paid in its month of the same number, None without.
    """

    month: dt.date
    received: Decimal
    paid: Decimal
    cash: Decimal
    available: Decimal
    carried: Decimal
    before: Decimal | None = None

    @property
    def label(self):
        """2026年11月."""
        return f"{self.month.year}年{self.month.month}月"


def programme_before(programme, programmes):
    """Of all `programmes` the one that began last before this one, None without."""
    earlier = [one for one in programmes if one.starts_on < programme.starts_on]
    return max(earlier, key=lambda one: (one.starts_on, one.pk), default=None)


def week_lines(programme, before=None):
    """The WeekLines of a programme's last 52 weeks up to the present one.

    Two queries, one more with the programme `before`.
    """
    mondays = weeks.mondays_of(programme)
    units = list(PilotUnit.objects.filter(programme=programme))
    for unit in units:
        unit.programme = programme
    visited, facts = weeks.visited_by_week(programme, units)
    earlier = _visits_by_number(before) if before else None
    first = max(len(mondays) - MOST_WEEKS, 0)
    counts = weeks.coverage(units, facts, visited, mondays[first:])
    return [
        WeekLine(
            number,
            monday,
            visited.get(monday, weeks.Visited()).days,
            *counts[monday],
            None if earlier is None else earlier.get(number, 0),
        )
        for number, monday in enumerate(mondays[first:], start=first + 1)
    ]


def _visits_by_number(programme):
    """{number of the week: visits} of a programme."""
    visited, _ = weeks.visited_by_week(programme)
    mondays = enumerate(weeks.mondays_of(programme), start=1)
    return {number: visited.get(monday, weeks.Visited()).days for number, monday in mondays}


def month_lines(programme, before=None):
    """The MonthLines of a programme's fund account, the last 24 up to now or to its last entry.

    One query, one more with the programme `before`; empty without an account.
    """
    account = account_of(programme)
    if account is None:
        return []
    moves = moves_by_month(account)
    end = min(programme.last_day, clock.today())
    months = months_between(programme.starts_on, end, moves)
    earlier = _paid_by_number(before)
    lines, cash, available = [], ZERO, ZERO
    for month in months:
        move = moves.get(month, NO_MOVES)
        cash, available = cash + move["cash"], available + move["available"]
        paid = move["paid"]
        same = None if earlier is None else earlier.get(month_number(programme, month), ZERO)
        carried = move["carried"]
        lines.append(MonthLine(month, move["received"], paid, cash, available, carried, same))
    return lines[-MOST_MONTHS:]


def account_of(programme):
    """The programme's fund account, None where none was opened (select it along)."""
    return getattr(programme, "fund_account", None)


def moves_by_month(account):
    """{first day of a month in Shanghai: its received, paid, cash and available moves in yuan}."""
    month = TruncMonth("booked_at", tzinfo=clock.SHANGHAI)
    rows = (
        Entry.objects.filter(account=account)
        .order_by()
        .annotate(month=month)
        .values("month")
        .annotate(
            received=total("cash", filter=RECEIPTS),
            cash_moved=total("cash"),
            carried=total("cash", filter=CARRIED_OUT),
            available_moved=total("available"),
        )
    )
    return {
        clock.local(row["month"]).date(): {
            "received": row["received"],
            # What moved on to another programme's fund was not paid for anything.
            "paid": row["received"] - row["cash_moved"] + row["carried"],
            "carried": -row["carried"],
            "cash": row["cash_moved"],
            "available": row["available_moved"],
        }
        for row in rows
    }


def months_between(first, last, besides=()):
    """The first days of all months from `first` to `last`, or wider where `besides` holds some."""
    known = [*besides, first.replace(day=1), last.replace(day=1)]
    month, end, found = min(known), max(known), []
    while month <= end:
        found.append(month)
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return found


def _paid_by_number(programme):
    """{`month_number`: yuan paid} of a programme, None without an account."""
    account = programme and account_of(programme)
    if account is None:
        return None
    return {
        month_number(programme, month): move["paid"]
        for month, move in moves_by_month(account).items()
    }


def month_number(programme, month):
    """Which month of the programme it is; 0 for the one it begins in."""
    start = programme.starts_on
    return (month.year - start.year) * 12 + month.month - start.month
