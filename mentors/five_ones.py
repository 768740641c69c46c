"""The matrix unit × "five ones", always computed from the records (DOMAIN, five ones)."""

import dataclasses

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from mentors import weeks
from mentors.models import (
    Coordination,
    Difficulty,
    DifficultyState,
    Document,
    DocumentKind,
    DocumentState,
    Research,
    SignatureActivity,
    Stage,
)
from pilotwork.money import MoneyField, total, zero
from pilotwork.prepared import PreparedRows, named
from pilotwork.sql import HasRow
from units.models import PilotUnit


class CellState(models.TextChoices):
    NONE = "none", "未开始"
    UNDER_WAY = "under_way", "进行中"
    DONE = "done", "已完成"
    OVERDUE = "overdue", "有逾期"


# Key, the method's own words, the short heading of the matrix.
ONES = (
    ("plan", "一个好方案（含总结报告）", "方案总结"),
    ("activity", "一个特色活动", "特色活动"),
    ("coordination", "一次经费协调", "经费协调"),
    ("visits", "每周一次走访", "周走访"),
    ("difficulty", "一个实际困难", "解决困难"),
)


@dataclasses.dataclass(frozen=True)
class Cell:
    """One cell of the matrix: which one, how far, and what the cell says."""

    key: str
    state: CellState
    words: str


@dataclasses.dataclass(frozen=True)
class Row:
    """One unit's five cells, with its weeks."""

    unit: object
    cells: list
    weeks: list
    tally: weeks.Tally


def with_facts(units):
    """Annotate PilotUnits (a queryset) with everything but the visits, in the same query."""
    here = {"pilot_unit": OuterRef("pk")}
    documents = Document.objects.filter(**here)
    confirmed = documents.filter(state=DocumentState.CONFIRMED)
    activities = SignatureActivity.objects.filter(**here)
    money = Coordination.objects.filter(**here).order_by().values("pilot_unit")
    received = money.filter(received_on__isnull=False)
    solved = Difficulty.objects.filter(**here, state=DifficultyState.CONFIRMED).order_by()
    return units.annotate(
        has_research=HasRow(Research.objects.filter(**here)),
        has_plan=HasRow(documents.filter(kind=DocumentKind.PLAN)),
        plan_returned=HasRow(
            documents.filter(kind=DocumentKind.PLAN, state=DocumentState.RETURNED)
        ),
        plan_confirmed=HasRow(confirmed.filter(kind=DocumentKind.PLAN)),
        summary_confirmed=HasRow(confirmed.filter(kind=DocumentKind.SUMMARY)),
        has_activity=HasRow(activities),
        activity_held=HasRow(activities.exclude(stage=Stage.DESIGNED)),
        activity_branded=HasRow(activities.filter(stage=Stage.BRAND)),
        coordination_count=_number(money),
        received_count=_number(received),
        received_amount=Coalesce(
            Subquery(received.annotate(s=total("amount")).values("s"), output_field=MoneyField()),
            zero(),
        ),
        solved_count=_number(solved.values("pilot_unit")),
        has_difficulty=HasRow(Difficulty.objects.filter(**here)),
    )


def _of_keys(_, at):
    return with_facts(PilotUnit.objects.filter(pk__in=vars(at).values()))


OF_KEYS = PreparedRows(_of_keys, along=("organisation", "programme"))


def units_of(keys):
    """The pilot units of these keys in their order, as `rows_of` takes them; one query."""
    if not keys:
        return []
    asked = named(keys)
    found = {unit.pk: unit for unit in OF_KEYS.fetch(len(asked), asked)}
    return [found[key] for key in keys if key in found]


def _number(grouped):
    """How many rows a queryset grouped by unit has, 0 for none."""
    count = Subquery(
        grouped.annotate(n=Count("pk")).values("n"), output_field=models.IntegerField()
    )
    return Coalesce(count, 0)


def matrix(units, today=None):
    """The Rows of `units` (a queryset with programme and organisation) in two queries in all."""
    return rows_of(list(with_facts(units)), today)


def rows_of(units, today=None):
    """The Rows of a list of units that `with_facts` annotated, in one query more."""
    facts = weeks.facts_of(units)
    calendar = weeks.Calendar(facts.overrides)
    mondays = {}
    rows = []
    for unit in units:
        if unit.programme_id not in mondays:
            mondays[unit.programme_id] = weeks.mondays_of(unit.programme, today)
        its_weeks = weeks.weeks_of(
            unit, facts[unit.pk], calendar, mondays[unit.programme_id], today
        )
        count = weeks.tally(its_weeks, today)
        rows.append(Row(unit, cells_of(unit, count), its_weeks, count))
    return rows


def cells_of(unit, count):
    """The five cells of an annotated unit; `count` is the Tally of its weeks."""
    return [
        Cell("plan", *plan_cell(unit)),
        Cell("activity", *activity_cell(unit)),
        Cell("coordination", *coordination_cell(unit)),
        Cell("visits", *visits_cell(count)),
        Cell("difficulty", *difficulty_cell(unit)),
    ]


def plan_cell(unit):
    """Research, a confirmed plan and, for done, a confirmed summary report."""
    if unit.has_research and unit.plan_confirmed and unit.summary_confirmed:
        return CellState.DONE, "方案总结✓"
    if unit.plan_confirmed:
        return CellState.UNDER_WAY, "方案✓"
    if unit.plan_returned:
        return CellState.UNDER_WAY, "方案退回修改"
    if unit.has_plan:
        return CellState.UNDER_WAY, "方案待确认"
    if unit.has_research:
        return CellState.UNDER_WAY, "调研中"
    return CellState.NONE, "—"


def activity_cell(unit):
    """Designed from the first stage, done only when held and branded."""
    if unit.activity_branded:
        return CellState.DONE, "已成牌"
    if unit.activity_held:
        return CellState.UNDER_WAY, "已开展"
    if unit.has_activity:
        return CellState.UNDER_WAY, "已设计"
    return CellState.NONE, "—"


def coordination_cell(unit):
    """At least one whose money came in; a promised one is under way."""
    if unit.received_count:
        return CellState.DONE, f"{unit.received_count} 次"
    if unit.coordination_count:
        return CellState.UNDER_WAY, "待到位"
    return CellState.NONE, "—"


def visits_cell(count):
    """None while no due week has ended, done when each of them is covered or excused."""
    if not count.due:
        return CellState.NONE, "—"
    state = CellState.OVERDUE if count.overdue else CellState.DONE
    return state, f"{count.done}/{count.due}"


def difficulty_cell(unit):
    """At least one that the unit confirmed as solved."""
    if unit.solved_count:
        return CellState.DONE, f"{unit.solved_count} 件"
    if unit.has_difficulty:
        return CellState.UNDER_WAY, "解决中"
    return CellState.NONE, "—"
