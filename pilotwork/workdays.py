"""Working days by the State Council's calendar (DOMAIN, Weeks), with the county's corrections.

`overrides` is {day: is it a working day} throughout: the ground knows no table, the room that keeps
the corrections passes them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from holidays import CN
from holidays.countries.china import ChinaStaticHolidays

DAY = timedelta(days=1)
SATURDAY = 5


@lru_cache(maxsize=64)
def _calendar(year):
    """Return (holidays, weekend days worked instead) of one year."""
    calendar = CN(years=year)
    return frozenset(calendar), frozenset(d for d in calendar.weekend_workdays if d.year == year)


def arrangement(year) -> list[tuple[date, str, bool]]:
    """Return (day, its Chinese name, whether it is worked) of a year's days off and made-up days.

    In order of days; what an ordinary weekend is, is not listed.
    """
    calendar = CN(years=year, language="zh_CN")
    off = [(day, name, False) for day, name in calendar.items()]
    _, made_up = _calendar(year)
    return sorted(off + [(day, "调休上班", True) for day in made_up])


def published(year) -> bool:
    """Return whether the State Council's arrangement of that year's days off is known.

    Before it is, the holidays themselves are counted, but no days off and weekends exchanged.
    """
    return year in ChinaStaticHolidays.special_public_holidays


def is_workday(day: date, overrides: Mapping[date, bool]) -> bool:
    """Return whether `day` is worked: as overridden, else made up, else no holiday or weekend."""
    if day in overrides:
        return overrides[day]
    off, made_up = _calendar(day.year)
    return day in made_up or (day.weekday() < SATURDAY and day not in off)


def workdays_between(first: date, last: date, overrides: Mapping[date, bool]) -> list[date]:
    """Return the working days from `first` to `last`, both counted; empty if `last` is earlier."""
    days = (first + DAY * n for n in range((last - first).days + 1))
    return [day for day in days if is_workday(day, overrides)]


def add_workdays(start: date, n: int, overrides: Mapping[date, bool]) -> date:
    """Return the nth working day after `start`, which itself is not counted; `start` for 0.

    So five working days of 公示 begin the day after posting. Raises ValueError for a negative n.
    """
    if n < 0:
        raise ValueError("Working days are counted forwards.")
    day = start
    while n:
        day += DAY
        n -= is_workday(day, overrides)
    return day


def week_of(day: date) -> date:
    """Return the Monday of the week of `day`; weeks run Monday to Sunday."""
    return day - DAY * day.weekday()
