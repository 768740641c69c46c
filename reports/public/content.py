"""What the public page says of a unit: titles, days and approved amounts, and never a person.

Whatever a person wrote at length (purposes, plans, minutes, attendees, contacts, deeds, difficulties)
stays inside; only the names that a matter itself bears are shown, and the county reads them in the
preview before it opens the page.
"""

import dataclasses
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Subquery, Sum, Window
from django.db.models.functions import Coalesce

from funds.models import Application, State
from funds.presenters import period
from mentors.five_ones import ONES, CellState, rows_of, with_facts
from mentors.models import SignatureActivity, Stage
from pairings.models import Pairing, Seminar
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import UnitLevel

SHOWN = 30  # rows of a kind, the newest
LEVELS = {UnitLevel.NATIONAL: "全国试点", UnitLevel.CITY: "市级试点"}
# Approved and what follows from it; what was revoked or broken off says nothing of what was done.
PROJECT_STATES = {
    State.APPROVED: "已立项",
    State.CLOSING: "已立项",
    State.CLOSURE_REVIEWED: "已立项",
    State.CLOSED: "已结项",
}
PROJECT_FIELDS = ("name", "state", "starts_on", "ends_on", "approved_amount")
STAGE_TONES = {Stage.DESIGNED: "n", Stage.HELD: "a", Stage.BRAND: "g"}
# That a week was missed is a reminder to the county's own people, and no verdict to publish.
CELLS = {
    CellState.NONE: ("n", "未开始"),
    CellState.UNDER_WAY: ("a", "进行中"),
    CellState.OVERDUE: ("a", "进行中"),
    CellState.DONE: ("g", "已完成"),
}
COUNTED = {"coordination": "到位", "difficulty": "解决"}


@dataclasses.dataclass(frozen=True)
class Line:
    """One activity, project or seminar: its name, its days in words, state, yuan where approved."""

    title: str
    when: str
    state: str = ""
    tone: str = "n"
    amount: Decimal | None = None


@dataclasses.dataclass(frozen=True)
class Section:
    """The newest lines of one kind, how many there are in all, and their yuan in all."""

    lines: list
    number: int = 0
    amount: Decimal | None = None

    @property
    def hidden(self):
        """How many older ones are not shown."""
        return self.number - len(self.lines)


def with_public_facts(units):
    """Pilot units with everything about them that the page says, in one query."""
    partner = Pairing.objects.current().filter(pilot_unit=OuterRef("pk")).order_by("-starts_on")
    return with_facts(units.select_related("organisation", "programme")).annotate(
        partner_name=Subquery(partner.values("partner__name")[:1])
    )


def public_content(unit):
    """The context of the page of a unit that `with_public_facts` annotated (four queries)."""
    (row,) = rows_of([unit])
    return {
        "unit": unit,
        "level": LEVELS.get(unit.level, "试点单位"),
        "cells": [
            _cell(name, cell, row.tally) for (_, name, _), cell in zip(ONES, row.cells, strict=True)
        ],
        "activities": activities_of(unit),
        "projects": projects_of(unit),
        "seminars": seminars_of(unit),
    }


def _cell(name, cell, tally):
    """One of the five ones: {name, tone, state, words}."""
    tone, state = CELLS[cell.state]
    words = cell.words.replace("✓", "已确认").replace("—", "")
    if cell.key == "visits" and tally.due:
        words = f"应访 {tally.due} 周，已完成 {tally.done} 周"
    if cell.state == CellState.DONE and cell.key in COUNTED:
        words = f"{COUNTED[cell.key]} {words}"
    return {"name": name, "tone": tone, "state": state, "words": words}


def _section(rows, line, amount=None):
    """The Section of a queryset, in one query: the database counts what is not shown too."""
    counted = {"in_all": Window(Count("pk"))} | ({"sum_in_all": Window(amount)} if amount else {})
    shown = list(rows.annotate(**counted)[:SHOWN])
    if not shown:
        return Section([])
    return Section(
        [line(row) for row in shown], shown[0].in_all, getattr(shown[0], "sum_in_all", None)
    )


def activities_of(unit):
    """The unit's signature activities with the stage they have reached and since when."""
    reached_on = Coalesce("branded_on", "held_on", "designed_on")
    rows = SignatureActivity.objects.filter(pilot_unit=unit).annotate(reached_on=reached_on)
    return _section(rows.order_by("-reached_on", "-pk"), _activity)


def _activity(row):
    brand = row.brand_name if row.brand_name != row.name else ""
    title = f"{row.name}（品牌：{brand}）" if brand else row.name
    return Line(
        title, cn_full_date(row.reached_on), row.get_stage_display(), STAGE_TONES[row.stage]
    )


def projects_of(unit):
    """The approved projects of the unit, with the amount that the county approved."""
    rows = Application.objects.filter(pilot_unit=unit, state__in=PROJECT_STATES)
    newest = rows.order_by(F("starts_on").desc(nulls_last=True), "-pk")
    return _section(newest.only(*PROJECT_FIELDS), _project, Sum("approved_amount"))


def _project(row):
    tone = "g" if row.state == State.CLOSED else "a"
    state = PROJECT_STATES[State(row.state)]
    return Line(row.name, period(row), state, tone, row.approved_amount)


def seminars_of(unit):
    """The seminars that count, by title and day."""
    rows = Seminar.objects.counting().filter(pairing__pilot_unit=unit)
    return _section(rows.order_by("-held_on", "-pk"), _seminar)


def _seminar(row):
    return Line(row.title, cn_full_date(row.held_on))
