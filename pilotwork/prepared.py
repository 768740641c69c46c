"""A query whose SQL is built once and then only filled in.

For a large query, building the SQL takes several times as long as running it. It is built with
stand-ins, values that no row can have, in the places of what differs from one call to the next.
"""

import datetime as dt
import hashlib
import weakref
from types import SimpleNamespace

from django.db import connection
from django.db.models import F
from psycopg2.extensions import AsIs

from pilotwork import clock

# Keys are asked for in sizes of so many, so that few queries are prepared.
SOME = 20
FIRST_NUMBER = 2**61 + 20_260_504
FIRST_DAY = dt.date(9000, 1, 1)
# What a value of such a type is called in a statement that PostgreSQL prepares.
TYPES = {int: "bigint", dt.date: "date"}
# {the driver's connection: the names of the statements it has prepared}
STATEMENTS = weakref.WeakKeyDictionary()


class Statement:
    """A query whose `parameters` are the same each time, but for those that `places` names.

    PostgreSQL plans it once for a connection instead of each time, which for a large query takes
    longer than the rest. Not behind a pooler that changes connections between statements: where
    DISABLE_SERVER_SIDE_CURSORS is set for one, nothing is prepared.
    """

    def __init__(self, sql, parameters, places):
        self.sql, self.parameters, self.places = sql, parameters, places
        self._texts = {}

    def filled(self, values):
        """(SQL, parameters) that ask it with {name: value} `values`."""
        pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
        if connection.vendor != "postgresql" or pooled:
            own = {place: values[name] for place, name in self.places.items()}
            return self.sql, [own.get(n, value) for n, value in enumerate(self.parameters)]
        used = {name: values[name] for name in dict.fromkeys(self.places.values())}
        given = f" ({', '.join(['%s'] * len(used))})" if used else ""
        return f"EXECUTE {self._name(used)}{given}", list(used.values())

    def _name(self, values):
        """Its name on this connection, which prepares it when it meets it first."""
        connection.ensure_connection()
        types = ", ".join(TYPES[type(value)] for value in values.values())
        if types not in self._texts:
            self._texts[types] = self._prepare(values, f" ({types})" if types else "")
        name, text = self._texts[types]
        known = STATEMENTS.setdefault(connection.connection, set())
        if name not in known:
            with connection.connection.cursor() as cursor:
                cursor.execute(text)
            known.add(name)
        return name

    def _prepare(self, values, types):
        """(name, PREPARE ...) with everything but the `values` written into the SQL."""
        numbers = {name: AsIs(f"${number}") for number, name in enumerate(values, start=1)}
        own = {place: numbers[name] for place, name in self.places.items()}
        with connection.connection.cursor() as cursor:
            parameters = [own.get(n, value) for n, value in enumerate(self.parameters)]
            text = cursor.mogrify(self.sql, parameters).decode()
        name = f"pilotwork_{hashlib.sha256(f'{types}{text}'.encode()).hexdigest()[:24]}"
        return name, f"PREPARE {name}{types} AS {text}"


def named(keys):
    """{name: key} by which a query is prepared for some `keys`; 0, no row's key, fills what is left."""
    size = -(-len(keys) // SOME) * SOME
    return {f"key_{number}": key for number, key in enumerate([*keys, *[0] * (size - len(keys))])}


def marked(parameters, marks):
    """{place among the parameters: name} of those that are in {stand-in: name} `marks`."""
    return {
        place: marks[value]
        for place, value in enumerate(parameters)
        if isinstance(value, int | str | dt.date) and value in marks
    }


class PreparedRows:
    """Rows of one model, asked with values that are filled in: ``build(key, at)`` is the queryset.

    `at` holds the values by name: primary keys, dates or None. Everything else that the queryset
    depends on belongs to `key`; today's date is looked after here. `along` names single-valued
    relations whose rows come in the same query, as with select_related.
    """

    def __init__(self, build, along=()):
        self.build, self.along = build, along
        self._day = None
        self._prepared = {}

    def fetch(self, key, values):
        """The list of rows for `key` and {name: value} `values`; one query."""
        if self._day != clock.today():
            self._day, self._prepared = clock.today(), {}
        # What is None is asked for in another way (IS NULL, or not at all).
        shape = (key, tuple(name for name, value in values.items() if value is None))
        if shape not in self._prepared:
            self._prepared[shape] = self._prepare(key, values)
        model, statement, converted = self._prepared[shape]
        adapted = {name: _adapted(value) for name, value in values.items()}
        rows = list(model._base_manager.raw(*statement.filled(adapted)))
        # raw() converts fields and leaves annotations as the database has them.
        for name, expression in converted.items():
            for row in rows:
                setattr(row, name, converted_by(getattr(row, name), expression))
        for row in rows:
            for name in self.along:
                _set_related(row, name)
        return rows

    def _prepare(self, key, values):
        """(model, its Statement, {annotation: expression} of those to be converted)."""
        stand_ins = {
            name: _stand_in(number, value) for number, (name, value) in enumerate(values.items())
        }
        rows = self.build(key, SimpleNamespace(**stand_ins))
        for name in self.along:
            columns = {column: F(f"{name}__{field}") for field, column in _along(rows.model, name)}
            rows = rows.annotate(**columns)
        sql, parameters = rows.query.sql_with_params()
        marks = {_adapted(mark): name for name, mark in stand_ins.items() if mark is not None}
        names = marked(parameters, marks)
        converted = {
            name: expression
            for name, expression in rows.query.annotation_select.items()
            if _converters(expression)
        }
        return rows.model, Statement(sql, parameters, names), converted


def _along(model, name):
    """(attribute of the related row, annotation that holds it) for each of its fields."""
    fields = model._meta.get_field(name).related_model._meta.concrete_fields
    return [(field.attname, f"_{name}_{field.attname}") for field in fields]


def _set_related(row, name):
    """Put together the related row of that name, or that there is none."""
    relation = row._meta.get_field(name)
    known = {field: row.__dict__.pop(column) for field, column in _along(row, name)}
    other = None
    if known[relation.related_model._meta.pk.attname] is not None:
        other = relation.related_model.from_db(row._state.db, list(known), list(known.values()))
        if relation.one_to_one:
            relation.remote_field.set_cached_value(other, row)
    relation.set_cached_value(row, other)


def _converters(expression):
    """What turns a value of the database into one of Python."""
    own = connection.ops.get_db_converters(expression)
    return own + expression.get_db_converters(connection)


def converted_by(value, expression):
    """A value of the database as the expression that it belongs to has it in Python."""
    for convert in _converters(expression):
        value = convert(value, expression, connection)
    return value


def _stand_in(number, value):
    """What stands for the value of that number: of its type, and of no row."""
    if value is None:
        return None
    if isinstance(value, dt.date):
        return FIRST_DAY + dt.timedelta(days=number)
    return FIRST_NUMBER + number


def _adapted(value):
    """The value as a parameter of this database's SQL."""
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value
