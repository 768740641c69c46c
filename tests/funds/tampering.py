"""Ways to change the books behind the application's back, as somebody with the database has them."""

from contextlib import contextmanager

from django.db import connection, models

from accounts.models import TransitionLog
from funds.models import Entry
from pilotwork.appendonly import lifted


@contextmanager
def behind_its_back():
    """A connection without the append-only triggers, as somebody with the password has it."""
    connection.check_constraints()
    with lifted():
        yield
        connection.check_constraints()


def change(row, **values):
    """Change one row of an append-only table as SQL would."""
    with behind_its_back():
        models.QuerySet(type(row)).filter(pk=row.pk).update(**values)


def delete(*rows):
    """Delete rows as SQL would."""
    with behind_its_back(), connection.cursor() as cursor:
        for row in rows:
            cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


def recompute(account):
    """Give every entry of an account the digest that fits what it says now."""
    _chain(Entry.objects.of_account(account))


def recompute_log(matter):
    """Give every row of a matter's log the digest that fits what it says now."""
    _chain(TransitionLog.objects.of(matter))


def _chain(rows):
    previous = ""
    with behind_its_back():
        for row in rows:
            previous = row.computed_digest(previous)
            models.QuerySet(type(row)).filter(pk=row.pk).update(digest=previous)
