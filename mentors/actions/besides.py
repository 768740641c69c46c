"""What else happened on a visit: the records made with it, and their days when it moves."""

import dataclasses
from decimal import Decimal

from mentors.actions.activities import register_activity
from mentors.actions.records import (
    coordinate,
    is_noted_already,
    note_research,
    report_difficulty_solved,
)
from mentors.models import Coordination, Difficulty, DifficultyState, Research, SignatureActivity


@dataclasses.dataclass(frozen=True)
class Besides:
    """What else happened on a visit; each filled part creates its own record."""

    difficulty: str = ""
    source: str = ""
    amount: Decimal | None = None
    activity: str = ""
    research: str = ""


def keep_besides(visit, besides, *, by):
    """Make the record of each filled part of `besides`, dated as the visit."""
    common = {"by": by, "visit": visit}
    if besides.difficulty:
        report_difficulty_solved(
            visit.pilot_unit, description=besides.difficulty, on=visit.visited_on, **common
        )
    if besides.source or besides.amount:
        coordinate(
            visit.pilot_unit,
            source=besides.source,
            amount=besides.amount,
            on=visit.visited_on,
            received_on=visit.visited_on,
            **common,
        )
    if besides.activity:
        register_activity(
            visit.pilot_unit, name=besides.activity, designed_on=visit.visited_on, **common
        )
    if besides.research:
        note_research(visit.pilot_unit, summary=besides.research, on=visit.visited_on, **common)


# Of each record that a visit makes, the days that are those of the visit, in the order in which they
# follow one another; then the later ones that bound them.
DAYS = (
    (Difficulty, "实际困难", ("raised_on", "solved_on"), ()),
    (Coordination, "经费协调", ("on", "received_on"), ()),
    (SignatureActivity, "特色活动", ("designed_on",), ("held_on", "branded_on")),
    (Research, "调研", ("on",), ()),
)


def move_along(visit, old_day, *, by):
    """Let what was logged with a visit that took place on `old_day` follow it to its present day.

    Returns what moved, in words. A record stays where it is when somebody has given it another day
    since, when the unit has confirmed it, or when its days would no longer fit one another.
    """
    moved = []
    for model, words, names, later in DAYS:
        row = model.objects.select_for_update(of=("self",)).filter(visit=visit).first()
        if row is None:
            continue
        changed = [name for name in names if getattr(row, name) == old_day]
        for name in changed:
            setattr(row, name, visit.visited_on)
        if changed and _may_move(row, [*names, *later]):
            row._history_user = by
            row.save(update_fields=changed)
            moved.append(words)
    return moved


def _may_move(row, names):
    """Whether the record with its new days stays in order, undecided, and the only one of its kind."""
    days = [day for day in (getattr(row, name) for name in names) if day]
    if days != sorted(days):
        return False
    if isinstance(row, Difficulty):
        return row.state != DifficultyState.CONFIRMED
    if isinstance(row, Coordination):
        noted = {"source": row.source, "amount": row.amount, "on": row.on}
        return not is_noted_already(row.pilot_unit, but=row, **noted)
    return True
