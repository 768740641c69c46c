"""What waits for a person: the shape in which a room says it, and how it is counted and read.

A room's ``todo.py`` lists `Kind`s. However many there are and however much waits, the counts take
one query, a page of the list one more and one for each sort of matter on it, and both read only as
many rows as are shown.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.db.models import F, IntegerField, Value

from accounts.models import User
from pilotwork.sql import NumberOf


@dataclasses.dataclass(frozen=True)
class Item:
    """One line of the list; the names are those of templates/components/todo_row.html.

    `amount` is in yuan, `since` the moment or day since when it waits; `verb` is what the person
    would do, "" where he is only reminded.
    """

    matter: object
    verb: str
    tone: str
    state: str
    title: str
    url: str
    action_label: str
    action_url: str
    detail: str = ""
    amount: Decimal | None = None
    since: dt.datetime | dt.date | None = None
    hint: str = ""
    primary: bool = False


@dataclasses.dataclass(frozen=True)
class Kind:
    """One sort of thing that waits.

    `waiting(user)` gives the matters that wait for a person, filtered in SQL; `since` names the
    field or annotation that says since when each does; `load(ids)` reads matters with all that their lines need, in a fixed number of
    queries (kinds of one sort of matter share the function; loads that have the same `together`, which
    takes {load: ids}, are read by it in one go); `show(kind, matter)` makes the Item.
    `place` names the list (a URL's name) beside which the rail counts it.
    """

    verb: str
    place: str
    waiting: Callable
    load: Callable
    show: Callable
    state: str
    action: str
    tone: str = "bl"
    primary: bool = False
    since: str = "state_since"


# A rail that says 99+ is enough, and counting further would make every page pay for the backlog.
MOST_COUNTED = 100
# The longest waiting come first: whoever has more of a kind on the table finds the others as these go.
MOST_LISTED = 200


def _with_rows(kinds, user):
    """[(number, kind, what waits)] of the kinds that can have rows for `user` at all."""
    waiting = ((number, kind, kind.waiting(user)) for number, kind in enumerate(kinds))
    return [row for row in waiting if not row[2].query.is_empty()]


def count_by_place(kinds, user, most=MOST_COUNTED):
    """How much waits for `user` beside each place: {place: number}, places without any left out.

    One query; of each kind no more than `most` are counted.
    """
    return tally(kinds, counts_query(kinds, user, most).first() or {})


def counts_query(kinds, user, most):
    """One row with the number of what waits of each kind that can have any."""
    # The primary key too: without any kind, values() would give every column.
    counted = {"own": F("pk")} | {
        f"kind_{number}": NumberOf(waiting.order_by().values("pk")[:most])
        for number, _, waiting in _with_rows(kinds, user)
    }
    return User.objects.filter(pk=user.pk).order_by("pk").values(**counted)


def tally(kinds, row, most=MOST_LISTED):
    """{place: number} of a row of `counts_query`, places without any left out.

    Of each kind no more than `most` are counted.
    """
    counts = {}
    for name, waiting in row.items():
        if name != "own" and waiting:
            place = kinds[int(name.removeprefix("kind_"))].place
            counts[place] = counts.get(place, 0) + min(waiting, most)
    return counts


def items_for(kinds, user, start=0, stop=MOST_LISTED):
    """The Items from `start` to `stop` of what waits for `user`, the longest waiting first."""
    rows = rows_query(kinds, user, start, stop)
    return [] if rows is None else items_of(kinds, rows)


def rows_query(kinds, user, start, stop):
    """(primary key, since when, number of the kind) of what waits; None where nothing can."""
    parts = [
        _of_keys(kind, waiting, _longest(kind, waiting, stop))
        .order_by()
        .annotate(waits_since=F(kind.since), nth_kind=Value(number, output_field=IntegerField()))
        .values_list("pk", "waits_since", "nth_kind")
        for number, kind, waiting in _with_rows(kinds, user)
    ]
    if not parts:
        return None
    union = parts[0].union(*parts[1:], all=True)
    return union.order_by("waits_since", "nth_kind", "pk")[start:stop]


def items_of(kinds, rows):
    """The Items of `rows`, each (primary key, since when, number of the kind), in their order."""
    found = [(kinds[number], pk) for pk, _, number in rows]
    wanted = {}
    for kind, pk in found:
        wanted.setdefault(kind.load, set()).add(pk)
    loaded = _loaded(wanted)
    return [kind.show(kind, loaded[kind.load][pk]) for kind, pk in found if pk in loaded[kind.load]]


def _loaded(wanted):
    """{load: {primary key: matter}} for {load: primary keys}; what can be is loaded together."""
    loaded, together = {}, {}
    for load, ids in wanted.items():
        if hasattr(load, "together"):
            together.setdefault(load.together, {})[load] = ids
        else:
            loaded[load] = {matter.pk: matter for matter in load(ids)}
    for load_together, asked in together.items():
        loaded |= load_together(asked)
    return loaded


def _of_keys(kind, waiting, keys):
    """The matters of these keys, which are known to wait; asked again only for what `waiting` adds."""
    if kind.since in waiting.query.annotations:
        return waiting.filter(pk__in=keys)
    return waiting.model._base_manager.filter(pk__in=keys)


def _longest(kind, waiting, number):
    """The `number` matters that wait longest of one kind: all that a page up to there can need."""
    return waiting.order_by(kind.since, "pk").values("pk")[:number]
