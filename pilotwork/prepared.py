"""A query whose SQL is built once and then only filled in.

For a large query, building the SQL takes several times as long as running it. It is built with
stand-ins, values that no row can have, in the places of what differs from one call to the next.
"""

import datetime as dt
from types import SimpleNamespace

from django.db import connection

from pilotwork import clock

FIRST_NUMBER = 2**61 + 20_260_504
FIRST_DAY = dt.date(9000, 1, 1)


class PreparedRows:
    """Rows of one model, asked with values that are filled in: ``build(key, at)`` is the queryset.

    `at` holds the values by name: primary keys, dates or None. Everything else that the queryset
    depends on belongs to `key`; today's date is looked after here.
    """

    def __init__(self, build):
        self.build = build
        self._day = None
        self._prepared = {}

    def fetch(self, key, values):
        """The list of rows for `key` and {name: value} `values`; one query."""
        if self._day != clock.today():
            self._day, self._prepared = clock.today(), {}
        # What is None is asked for in another way (IS NULL, or not at all).
        shape = (key, tuple(name for name, value in values.items() if value is None))
        if shape not in self._prepared:
            self._prepared[shape] = self._prepare(key, values)
        model, sql, parameters, names = self._prepared[shape]
        filled = list(parameters)
        for place, name in names.items():
            filled[place] = _adapted(values[name])
        return list(model._base_manager.raw(sql, filled))

    def _prepare(self, key, values):
        """(model, SQL, parameters, {place in the parameters: name of the value})."""
        stand_ins = {
            name: _stand_in(number, value) for number, (name, value) in enumerate(values.items())
        }
        rows = self.build(key, SimpleNamespace(**stand_ins))
        sql, parameters = rows.query.sql_with_params()
        marks = {_adapted(mark): name for name, mark in stand_ins.items() if mark is not None}
        names = {
            place: marks[value]
            for place, value in enumerate(parameters)
            if isinstance(value, int | str | dt.date) and value in marks
        }
        return rows.model, sql, parameters, names


def _stand_in(number, value):
    """What stands for the value of that number: of its type, and of no row."""
    if value is None:
        return None
    if isinstance(value, dt.date):
        return FIRST_DAY + dt.timedelta(days=number)
    return FIRST_NUMBER + number


def _adapted(value):
    """The value as a parameter of this database's SQL."""
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value
