"""The demo's cast and its calendar, relative to the day it is loaded."""

import datetime as dt
from contextlib import contextmanager

from pilotwork import clock
from pilotwork.workdays import is_workday, week_of

# The pilot's first working day on which a mentor is there, in days before loading.
FIRST_SERVED = 33


class Story:
    """Who and what the demo's chapters have created so far, by short names."""

    def __init__(self):
        self.loaded_on = clock.today()
        self.people = {}
        self.organisations = {}
        self.units = {}

    def day(self, days_ago):
        """The date so many days before the loading day."""
        return self.loaded_on - dt.timedelta(days=days_ago)

    def worked(self, days_ago):
        """`days_ago`, moved back to the last working day of its week; unmoved if there is none."""
        monday = (self.loaded_on - week_of(self.day(days_ago))).days
        earliest = min(monday, FIRST_SERVED)
        days = range(days_ago, earliest + 1)
        return next((n for n in days if is_workday(self.day(n), {})), days_ago)

    @contextmanager
    def at(self, days_ago, time):
        """Let the clock stand `days_ago` days (at least 1) before loading, at "HH:MM" local time."""
        moment = dt.datetime.combine(
            self.day(days_ago), dt.time.fromisoformat(time), tzinfo=clock.SHANGHAI
        )
        with clock.at(moment):
            yield
