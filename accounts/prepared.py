"""What waits for a person, asked in SQL that is built once and then only filled in.

Building it takes longer than the rest of a small page, and it depends on nothing but the day and
the person's posture: duties, ties, whether the account is open. So a kind's `waiting` may ask what
else it likes in SQL, but nothing in Python that the posture does not hold; a query there is refused.
"""

import copy

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import User
from accounts.todo import MOST_COUNTED, counts_query, items_of, rows_query, tally
from pilotwork import clock

# Nobody's primary key: it marks, in a prepared query, where the person's own goes.
STAND_IN = 2**61 + 20_260_504


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

        def build(anybody):
            return counts_query(self.kinds, anybody, MOST_COUNTED)

        names, rows = self._ask("count", build, user, ties)
        return tally(self.kinds, dict(zip(names, rows[0], strict=True)) if rows else {})

    def first(self, number, user, *ties):
        """The first `number` Items of what waits for `user`, the longest waiting first."""
        return items_of(self.kinds, self._rows(number, user, ties))

    def matters(self, number, user, *ties):
        """(kind, primary key) of the first `number` of what waits for `user`; one query."""
        return [(self.kinds[nth], pk) for pk, _, nth in self._rows(number, user, ties)]

    def rows(self, what, build, user, *ties):
        """The rows of another query of the same sort, named `what`: ``build(user)`` is its queryset."""
        return self._ask(what, build, user, ties)[1]

    def _rows(self, number, user, ties):
        def build(anybody):
            return rows_query(self.kinds, anybody, 0, number)

        return self._ask(number, build, user, ties)[1]

    def _ask(self, what, build, user, ties):
        """(names of the columns, rows) of the query that `build` makes for the person's posture."""
        if self._day != clock.today():
            self._day, self._queries = clock.today(), {}
        # A prepared query names content types by id; an emptied database numbers them anew.
        numbered = ContentType.objects.get_for_model(User).pk
        posture = (what, user.duties, user.is_active, user.is_superuser, ties, numbered)
        if posture not in self._queries:
            self._queries[posture] = _prepare(build, user)
        names, sql, parameters = self._queries[posture]
        if not sql:
            return names, []
        own = [user.pk if value == STAND_IN else value for value in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, own)
            return names, cursor.fetchall()


def _prepare(build, user):
    """(names, SQL, parameters) of a query for everybody of the posture; no SQL where none is due."""
    anybody = copy.copy(user)
    anybody.pk = STAND_IN
    with connection.execute_wrapper(_refuse_query):
        rows = build(anybody)
    if rows is None:
        return (), "", ()
    return (tuple(rows.query.annotation_select), *rows.query.sql_with_params())


def _refuse_query(execute, sql, *args):
    if ContentType._meta.db_table in sql:
        return execute(sql, *args)
    raise AssertionError(f"What waits may depend on the posture and on SQL alone, not on: {sql}")
