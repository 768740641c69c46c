"""The one clock: verbs, defaults and the history ask it, so that they can live at another date."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

# DOMAIN, Weeks: a day is a day in Asia/Shanghai, whatever zone a request has switched on.
SHANGHAI = ZoneInfo("Asia/Shanghai")

_set_to: ContextVar[datetime | None] = ContextVar("pilotwork_clock", default=None)


def now() -> datetime:
    """Return the present moment as an aware datetime; inside `at` the moment it was given."""
    return _set_to.get() or timezone.now()


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return the same moment on the clocks of Asia/Shanghai; refuses a naive datetime."""
    if timezone.is_naive(moment):
        raise ValueError("The clock takes aware datetimes only.")
    return moment.astimezone(SHANGHAI)


def start_of(day: date) -> datetime:
    """Return the first moment of the day in Asia/Shanghai."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def end_of(day: date) -> datetime:
    """Return the moment at which the day is over in Asia/Shanghai: the first one of the day after.

    What happened by the end of `day` happened before it. Raises OverflowError for the last day there
    is.
    """
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=SHANGHAI)


@contextmanager
def at(moment: datetime):
    """Let `now()` stand still at `moment` (aware) inside the block; for demo data and tests.

    Blocks may be nested; other threads keep their own time. Raises ValueError on a naive datetime.
    """
    if timezone.is_naive(moment):
        raise ValueError("The clock takes aware datetimes only.")
    token = _set_to.set(moment)
    try:
        yield moment
    finally:
        _set_to.reset(token)
