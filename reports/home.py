"""What the home page shows: what waits, the fund, the person's own units."""

import dataclasses
from decimal import Decimal

from django.db.models import F, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Duty
from funds.models import Application, Entry, Source
from funds.overview import AtAGlance, carried_out_of
from mentors.five_ones import rows_of, with_facts
from mentors.grid import LEGEND, MARKS, grid, matrix_rows
from mentors.models import units_served_by
from mentors.ties import ties_of
from pairings.models import Pairing
from pilotwork import clock
from pilotwork.money import ZERO, total
from pilotwork.prepared import PreparedRows
from pilotwork.templatetags.pilotwork import days_waiting, yuan0
from reports.setup.standing import Standing, is_incomplete
from reports.todo import PREPARED
from reports.trends import RECEIPTS
from reports.units import with_looks
from units.models import PilotUnit

ON_HOME = 6
UNITS_ON_HOME = 10
WEEKS_ON_HOME = 14
HAPPENINGS_ON_HOME = 6
# Who goes on from one matter to the next is led among so many of those that wait longest.
NEXT_AMONG = 100
# The hour at which each greeting ends.
GREETINGS = [(5, "夜深了"), (12, "上午好"), (14, "中午好"), (18, "下午好"), (24, "晚上好")]


def greeting():
    """The greeting of this hour in Asia/Shanghai."""
    hour = clock.local(clock.now()).hour
    return next(words for end, words in GREETINGS if hour < end)


def sentence(user, items, waiting):
    """One sentence on what waits: how much, and for how long the oldest does."""
    if not waiting:
        is_only_leader = user.duties == {Duty.LEADER}
        return "您可以查看全部材料。" if is_only_leader else "没有等您处理的事。"
    days = days_waiting(items[0].since) if items else ""
    oldest = f"，最早的一件已等 {days} 天" if days else ""
    return f"有 {waiting} 件事等您处理{oldest}。"


@dataclasses.dataclass(frozen=True)
class FundFigures(AtAGlance):
    """The pilot fund at a glance, in yuan; `paid` is net of what came back."""

    account: object
    received: Decimal
    paid: Decimal
    carried_out: Decimal
    reserved: Decimal
    available: Decimal
    by_source: list

    @property
    def note(self):
        """Where the money came from, in words."""
        return " ＋ ".join(f"{label} {yuan0(amount)}" for label, amount in self.by_source if amount)


def fund_figures(account):
    """The FundFigures of an account (one query), None without an account."""
    if account is None:
        return None
    last = Entry.objects.filter(account=account).order_by("-number")
    rows = list(
        Entry.objects.filter(RECEIPTS, account=account)
        .order_by()
        .annotate(origin=Coalesce("reverses__source", F("source")))
        .values("origin")
        .annotate(
            amount=total("cash"),
            available_now=Subquery(last.values("available_after")[:1]),
            cash_now=Subquery(last.values("cash_after")[:1]),
            carried_now=carried_out_of(account),
        )
    )
    names = dict(Source.choices)
    by_source = {row["origin"]: row["amount"] for row in rows}
    received = sum(by_source.values(), ZERO)
    # Without any receipt nothing can have been reserved or paid.
    available = rows[0]["available_now"] if rows else ZERO
    cash = rows[0]["cash_now"] if rows else ZERO
    carried_out = (rows[0]["carried_now"] if rows else None) or ZERO
    return FundFigures(
        account=account,
        received=received,
        paid=received - cash - carried_out,
        carried_out=carried_out,
        reserved=cash - available,
        available=available,
        by_source=[(names[key], by_source[key]) for key in names if key in by_source],
    )


def setup_of(user):
    """For an administrator the Standing of what is set up, while something essential is missing."""
    return Standing() if user.is_administrator and is_incomplete() else None


def items_on_home(user, fund):
    """The first Items of what waits; what is to be approved says what the fund still has."""
    items = PREPARED.first(ON_HOME, user, ties_of(user))
    if fund is None:
        return items
    hint = f"可用 ¥{yuan0(fund.available)}"
    return [
        dataclasses.replace(item, hint=hint)
        if isinstance(item.matter, Application)
        and item.verb == "approve"
        and item.matter.programme.pk == fund.account.programme_id
        else item
        for item in items
    ]


def position_of(items, path):
    """Which of the Items has its page, or a form of it, at `path`; None where none has."""
    pages = enumerate(str(item.url) for item in items)
    return next((number for number, url in pages if url and path.startswith(url)), None)


def own_applications(user, programme, limit):
    """The programme's newest applications of the units the person belongs to or guides, with sums."""
    visible = Application.objects.visible_to(user).filter(
        pilot_unit__in=units_served_by(user), pilot_unit__programme=programme
    )
    # Their keys first: joined to what is shown of them, all applications there are would be looked at.
    newest = list(visible.order_by("-id").values_list("pk", flat=True)[:limit])
    rows = Application.objects.filter(pk__in=newest).order_by("-id").with_sums()
    return with_looks(rows.select_related("pilot_unit__organisation"), user)


def _own_units(_, at):
    own = PilotUnit.objects.filter(pk__in=units_served_by(at.user), programme=at.programme)
    return with_facts(own)[:UNITS_ON_HOME]


OWN_UNITS = PreparedRows(_own_units, along=("organisation",))


def own_units(user, programme):
    """Of the units the person belongs to or guides the programme's first, with their five ones."""
    units = OWN_UNITS.fetch(None, {"user": user.pk, "programme": programme.pk})
    for unit in units:
        unit.programme = programme
    return units


def five_ones(units):
    """The context of the cards of the five ones and the weeks; `units` carry their facts."""
    rows = rows_of(units) if units else []
    return {
        "five_ones": matrix_rows(rows),
        "grid": grid(rows, WEEKS_ON_HOME),
        "legend": [(state, MARKS[state]) for state in LEGEND],
    }


def pairings_of(user, programme):
    """The pairs of a partner's member in the programme shown."""
    current = Pairing.objects.current().filter(programme=programme).visible_to(user)
    return current.select_related("pilot_unit__organisation", "partner")
