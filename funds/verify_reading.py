"""Rows that cannot even be read: somebody put into a field what it cannot hold.

SQLite takes any value in any column when its file is edited from outside.
"""

from django.db import DatabaseError

UNREADABLE = (ValueError, TypeError, ArithmeticError, AttributeError, DatabaseError)
BROKEN = "内容不是该字段可以有的，读不出来，是从外面改动的。"


def rows_that_cannot_be_read(rows, names, fault):
    """Yield the first row of a queryset that cannot be read: the value, or tuple, of `names`.

    Raises `fault`, which reading them together has met, again when each row by itself can be read.
    """
    fields = [names] if isinstance(names, str) else names
    for pk, *place in rows.values_list("pk", *fields):
        try:
            rows.get(pk=pk)
        except UNREADABLE:
            yield place[0] if isinstance(names, str) else tuple(place)
            return
    raise fault
