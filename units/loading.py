"""Matters of several models with their unit and its organisation, read in one query.

What waits for a person is of many kinds, with a few matters of each: a query for each kind would be
more than a page should ask.
"""

import dataclasses

from django.db import connection

from pilotwork.prepared import converted_by
from units.models import Organisation, PilotUnit

UNIT, ORGANISATION = "unit", "organisation"


@dataclasses.dataclass(frozen=True)
class WithUnit:
    """The `load` of Kinds of one `model` that need nothing but `pilot_unit` and its organisation."""

    model: type

    def __call__(self, ids):
        return self.together({self: ids})[self].values()

    @staticmethod
    def together(wanted):
        """{load: {primary key: matter}} for {load: primary keys}, whatever their models."""
        loads = list(wanted)
        kinds = [_Columns(load.model, f"kind_{nth}") for nth, load in enumerate(loads)]
        unit, organisation = _Columns(PilotUnit, UNIT), _Columns(Organisation, ORGANISATION)
        sql, parameters = _query(kinds, [list(wanted[load]) for load in loads], unit, organisation)
        found = {load: {} for load in loads}
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            for nth, *values in cursor.fetchall():
                *own, of_unit, of_organisation = _cut([*kinds, unit, organisation], values)
                matter = kinds[nth].instance(own[nth])
                matter.pilot_unit = unit.instance(of_unit)
                matter.pilot_unit.organisation = organisation.instance(of_organisation)
                found[loads[nth]][matter.pk] = matter
        return found


class _Columns:
    """The columns of a model under an alias, and the instance that their values make."""

    def __init__(self, model, alias):
        self.model, self.alias = model, alias
        self.fields = model._meta.concrete_fields
        self.names = [field.attname for field in self.fields]
        self.columns = [field.get_col(alias) for field in self.fields]

    def sql(self):
        """The columns as a SELECT lists them."""
        quote = connection.ops.quote_name
        return ", ".join(f"{self.alias}.{quote(field.column)}" for field in self.fields)

    def join(self, condition):
        """The LEFT JOIN of the table."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        return f"LEFT JOIN {table} {self.alias} ON {condition}"

    def instance(self, values):
        """The row as an instance of the model, as a queryset would make it."""
        converted = [*map(converted_by, values, self.columns)]
        return self.model.from_db(connection.alias, self.names, converted)


def _cut(columns, values):
    """The values of each of `columns`, which stand side by side."""
    parts, first = [], 0
    for one in columns:
        parts.append(values[first : first + len(one.names)])
        first += len(one.names)
    return parts


def _query(kinds, ids, unit, organisation):
    """(SQL, parameters): the rows asked for by kind, each joined to its own table, unit and so on."""
    quote = connection.ops.quote_name
    asked = " UNION ALL ".join(
        f"SELECT {nth} AS nth, id, pilot_unit_id FROM {quote(kind.model._meta.db_table)}"
        f" WHERE id IN ({', '.join(['%s'] * len(ids[nth]))})"
        for nth, kind in enumerate(kinds)
    )
    joins = [
        *(k.join(f"asked.nth = {nth} AND {k.alias}.id = asked.id") for nth, k in enumerate(kinds)),
        unit.join(f"{UNIT}.id = asked.pilot_unit_id"),
        organisation.join(f"{ORGANISATION}.id = {UNIT}.organisation_id"),
    ]
    columns = ", ".join(one.sql() for one in [*kinds, unit, organisation])
    sql = f"SELECT asked.nth, {columns} FROM ({asked}) asked {' '.join(joins)}"
    return sql, [pk for of_kind in ids for pk in of_kind]
