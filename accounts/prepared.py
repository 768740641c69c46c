"""What waits for a person, asked in SQL that is built once and then only filled in.

Building it takes longer than the rest of a small page, and it depends on nothing but the day and
the person's posture: duties, ties, whether the account is open. So a kind's `waiting` may ask what
else it likes in SQL, but nothing in Python that the posture does not hold; a query there is refused.
"""

import copy
from types import MappingProxyType

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import User
from accounts.todo import (
    MOST_COUNTED,
    MOST_LISTED,
    counts_query,
    items_of,
    rows_query,
    tally,
)
from pilotwork import clock
from pilotwork.content_types import remember_all
from pilotwork.prepared import SOME, Statement, marked, named

# Nobody's primary key: it marks, in a prepared query, where the person's own goes.
STAND_IN = 2**61 + 20_260_504
NOTHING = MappingProxyType({})


class Prepared:
    """`count_by_place` and `items_for` of the same kinds, for the pages that everybody opens.

    `ties` is what rooms above know of the person, already looked up and hashable.
    """

    def __init__(self, kinds):
        self.kinds = kinds
        self._day = None
        self._queries = {}

    def count(self, user, *ties):
        """{place: number} of what waits for `user`; one query."""
        return tally(self.kinds, self._counted(MOST_COUNTED, user, ties))

    def first(self, number, user, *ties):
        """The first `number` Items of what waits for `user`, the longest waiting first."""
        return items_of(self.kinds, self._rows(number, user, ties))

    def everything(self, user, *ties):
        """What waits for `user`, up to 200 of a kind, as a sequence for a Paginator; one query."""
        row = self._counted(MOST_LISTED + 1, user, ties)

        def rows(start, stop):
            if start:
                # Few people leaf on: not worth keeping for each page.
                return rows_query(self.kinds, user, start, stop)
            whole = -(-stop // SOME) * SOME
            return self._rows(whole, user, ties)[:stop] if stop else []

        return Waiting(self.kinds, row, rows)

    def matters(self, number, user, *ties):
        """(kind, primary key) of the first `number` of what waits for `user`; one query."""
        return [(self.kinds[nth], pk) for pk, _, nth in self._rows(number, user, ties)]

    def among(self, model, keys, user, *ties):
        """Which of the `keys` of one sort of matter wait for a verb of `user`, a set; one query."""
        if not keys:
            return set()
        asked = named(keys)
        stand_ins = {name: STAND_IN + number for number, name in enumerate(asked, start=1)}

        def build(anybody):
            waiting = (kind.waiting(anybody) for kind in self.kinds if kind.verb)
            parts = [
                rows.filter(pk__in=stand_ins.values()).order_by().values_list("pk")
                for rows in waiting
                if rows.model is model and not rows.query.is_empty()
            ]
            return parts[0].union(*parts[1:]) if parts else None

        what = ("among", model, len(asked))
        return {pk for (pk,) in self._ask(what, build, user, ties, stand_ins, asked)[1]}

    def rows(self, what, build, user, *ties):
        """The rows of another query of the same sort, named `what`: ``build(user)`` is its queryset."""
        return self._ask(what, build, user, ties)[1]

    def _counted(self, most, user, ties):
        """{column of `counts_query`: number} of what waits for `user`, of each kind up to `most`."""

        def build(anybody):
            return counts_query(self.kinds, anybody, most)

        names, rows = self._ask(("count", most), build, user, ties)
        return dict(zip(names, rows[0], strict=True)) if rows else {}

    def _rows(self, number, user, ties):
        def build(anybody):
            return rows_query(self.kinds, anybody, 0, number)

        return self._ask(("rows", number), build, user, ties)[1]

    def _ask(self, what, build, user, ties, stand_ins=NOTHING, values=NOTHING):
        """(names of the columns, rows) of the query that `build` makes for the person's posture.

        Besides the person's key it takes the {name: value} `values`, for which it was built with
        the {name: number} `stand_ins`.
        """
        if self._day != clock.today():
            self._day, self._queries = clock.today(), {}
        # A prepared query names content types by id; an emptied database numbers them anew.
        numbered = ContentType.objects.get_for_model(User).pk
        posture = (what, user.duties, user.is_active, user.is_superuser, ties, numbered)
        if posture not in self._queries:
            self._queries[posture] = _prepare(build, user, stand_ins)
        names, statement = self._queries[posture]
        if statement is None:
            return names, []
        with connection.cursor() as cursor:
            cursor.execute(*statement.filled({"user": user.pk, **values}))
            return names, cursor.fetchall()


class Waiting:
    """What waits for a person, the longest waiting first; `counts` says how much at each place and
    `label` how much in all, "200+" where of some kind more waits than is listed."""

    def __init__(self, kinds, row, rows):
        self.kinds, self.rows = kinds, rows
        self.length = sum(tally(kinds, row, MOST_LISTED).values())
        is_cut = self.length < sum(tally(kinds, row, MOST_LISTED + 1).values())
        self.label = f"{self.length}+" if is_cut else str(self.length)
        self.counts = tally(kinds, row, MOST_COUNTED)

    def __len__(self):
        return self.length

    def __getitem__(self, part):
        return items_of(self.kinds, self.rows(part.start, part.stop))


def _prepare(build, user, stand_ins):
    """(names, Statement) of a query for everybody of the posture; no Statement where none is due."""
    anybody = copy.copy(user)
    anybody.pk = STAND_IN
    remember_all()
    with connection.execute_wrapper(_refuse_query):
        rows = build(anybody)
    if rows is None:
        return (), None
    sql, parameters = rows.query.sql_with_params()
    marks = {STAND_IN: "user"} | {number: name for name, number in stand_ins.items()}
    return tuple(rows.query.annotation_select), Statement(
        sql, parameters, marked(parameters, marks)
    )


def _refuse_query(execute, sql, *args):
    raise AssertionError(f"What waits may depend on the posture and on SQL alone, not on: {sql}")
