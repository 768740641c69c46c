"""How many rows PostgreSQL looks at for a page where it knows nothing of its tables."""

import contextlib

from django.db import connection, transaction

# As if every table had been empty when it was last looked at: a new installation, or one restored.
FORGET = """
    UPDATE pg_class SET reltuples = 0, relpages = 1
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
ASKED = ("SELECT", "EXECUTE", "WITH", "(")


@contextlib.contextmanager
def without_statistics():
    """PostgreSQL plans as if all tables were empty; afterwards it knows what it knew."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FORGET)
            cursor.execute("SET LOCAL statement_timeout = '30s'")
        yield
        transaction.set_rollback(True)


def rows_looked_at(queries):
    """The most rows that one of the captured queries goes through, step by step; (rows, its SQL)."""
    asked = [query["sql"] for query in queries if query["sql"].startswith(ASKED)]
    return max(((_rows(sql), sql) for sql in asked), default=(0, ""))


def _rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        return _rows_of(cursor.fetchone()[0][0]["Plan"])


def _rows_of(node):
    """What a step gives and throws away, each time it is gone through, with the steps below it."""
    thrown_away = sum(value for name, value in node.items() if name.startswith("Rows Removed by"))
    own = (node["Actual Rows"] + thrown_away) * node["Actual Loops"]
    return own + sum(_rows_of(below) for below in node.get("Plans", ()))
