"""Days as Chinese offices write them."""

import datetime as dt


def full_date(day: dt.date) -> str:
    """Return a day as 2026年5月4日: always with its year, nothing padded with zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
