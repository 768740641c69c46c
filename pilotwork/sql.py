"""Database functions that Django lacks, written for both databases."""

from django.db import connections, models
from django.db.models import Func, Subquery

from pilotwork.money import MoneyField


def held(queryset):
    """The rows of a queryset of one table, kept as they are until the transaction ends.

    Many may hold a row at once; whoever locks it alone (``select_for_update()``) waits for them, and
    they for him. On SQLite the IMMEDIATE transaction is the lock.
    """
    query, parameters = queryset.query.sql_with_params()
    is_postgresql = connections[queryset.db].vendor == "postgresql"
    return queryset.model._base_manager.raw(
        f"{query} FOR KEY SHARE" if is_postgresql else query, parameters
    )


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


class NumberOf(Subquery):
    """How many rows a queryset has, as a number in SQL; never NULL.

    Unlike Count over a join it counts whatever the queryset is, ``.values("a", "b").distinct()`` too.
    Of a sliced queryset it reads no further than the slice.
    """

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()


class HasRow(Subquery):
    """Whether a queryset has a row; Exists, but asked of one row of the outer query at a time.

    PostgreSQL may answer Exists by reading first all that could match any row: quicker for who looks
    at every row, and much slower for who stops at the hundredth. Give it an outer query that stops.
    """

    # Not "IS NOT NULL", of which PostgreSQL believes that it leaves out nothing, or everything.
    template = "COALESCE((%(subquery)s), FALSE)"
    output_field = models.BooleanField()

    def __init__(self, rows):
        super().__init__(rows.order_by().values(found=models.Value(True))[:1])


class _Keys(Subquery):
    """Where there can be none, nothing is among them: that is no NULL to compare with."""

    empty_result_set_value = NotImplemented


class OneOf(Func):
    """Whether a field is among the keys of a queryset that asks nothing of the outer query.

    The same as ``field__in=keys``, but PostgreSQL finds the keys before anything else and the rows
    by their index. As a join it would be the last of a query with many: all rows would come first.
    ``OneOf("pilot_unit", keys)`` goes into a filter as it is.
    """

    output_field = models.BooleanField()

    def __init__(self, field, keys):
        super().__init__(field, _Keys(keys, output_field=models.BigAutoField()))

    def as_sqlite(self, compiler, connection, **context):
        template = "%(expressions)s"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" IN ", **context)

    def as_postgresql(self, compiler, connection, **context):
        template = "%(expressions)s)"
        return self.as_sql(
            compiler, connection, template=template, arg_joiner=" = ANY(ARRAY", **context
        )


class SumOf(Subquery):
    """The sum of one field, or annotation, over a queryset's rows, in SQL; 0 without rows.

    `output_field` is that of the field: ``SumOf(entries, "cash", MoneyField())``.
    """

    template = "(SELECT COALESCE(SUM(summed.summand), 0) FROM (%(subquery)s) AS summed)"

    def __init__(self, rows, field, output_field):
        super().__init__(rows.values(summand=models.F(field)), output_field=output_field)


class LoggedMoney(Func):
    """An amount in yuan as a log row keeps it, JSON text such as "3200.50", as money.

    Takes the name of a JSONField and the key: ``LoggedMoney("details", key="amount")``.
    """

    output_field = MoneyField()

    def __init__(self, expression, *, key):
        super().__init__(expression, key=key)

    def as_sqlite(self, compiler, connection, **context):
        template = "CAST(ROUND(JSON_EXTRACT(%(expressions)s, '$.%(key)s') * 100) AS BIGINT)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler, connection, **context):
        template = "CAST((%(expressions)s ->> '%(key)s')::numeric * 100 AS BIGINT)"
        return self.as_sql(compiler, connection, template=template, **context)
