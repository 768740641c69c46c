"""Database functions that Django lacks, written for both databases."""

from django.db import models
from django.db.models import Func


class AddDays(Func):
    """A date plus a whole number of days, in SQL: ``AddDays(F("ends_on"), F("grace_days"))``."""

    output_field = models.DateField()

    def as_sqlite(self, compiler, connection, **context):
        template = "date(%(expressions)s || ' days')"
        return self.as_sql(
            compiler, connection, template=template, arg_joiner=", '+' || ", **context
        )

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="(%(expressions)s)", arg_joiner=" + ", **context
        )
