"""Reading as of one moment while people go on working, and the numbers that were given out by then."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def snapshot(connection):
    """Let everything read on `connection` inside the block be of the moment it begins.

    Nobody waits for it. Raises TransactionManagementError inside a transaction, which has begun
    already.
    """
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("A snapshot is no part of a transaction.")
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        # Not atomic(), which would take the write lock (settings). A deferred transaction begins
        # with its first read, and then sees what was committed until then.
        cursor.execute("BEGIN DEFERRED")
        try:
            cursor.execute("SELECT COUNT(*) FROM sqlite_master")
            cursor.fetchall()
            yield
        finally:
            cursor.execute("ROLLBACK")


def last_number(cursor, connection, model):
    """Return the last key the database gave a row of `model`, deleted or not; None if it gives none."""
    if model._meta.auto_field is None:
        return None
    if connection.vendor == "postgresql":
        cursor.execute(f"SELECT last_value, is_called FROM {_sequence(cursor, connection, model)}")
        number, is_called = cursor.fetchone()
        return number if is_called else 0
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
    row = cursor.fetchone()
    return row[0] if row else 0


def go_on_after(cursor, connection, model, number):
    """Let the next row of `model` get a key above `number`: no key is ever used twice."""
    if not number:
        return
    if connection.vendor == "postgresql":
        sequence = _sequence(cursor, connection, model)
        cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, number])
        return
    table = model._meta.db_table
    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])


def _sequence(cursor, connection, model):
    """The name of the sequence that numbers the rows of `model`, on PostgreSQL."""
    meta = model._meta
    table = connection.ops.quote_name(meta.db_table)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, meta.auto_field.column])
    return cursor.fetchone()[0]
