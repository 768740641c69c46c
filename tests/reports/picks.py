"""Rows and days that whole numbers choose, so that a random history is the same each time."""

import datetime as dt

from pilotwork import clock

ONE_DAY = dt.timedelta(days=1)


def pick(rows, number):
    """One of the rows (a queryset or a list), the same one for the same number; None of none."""
    rows = list(rows.order_by("pk") if hasattr(rows, "order_by") else rows)
    return rows[number % len(rows)] if rows else None


def ago(number, most):
    """A day up to `most` days before today."""
    return clock.today() - ONE_DAY * (number % (most + 1))
