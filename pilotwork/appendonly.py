"""Rows that are never changed: refused in Python, and by triggers in the database itself.

DOMAIN, Money: the database refuses UPDATE and DELETE of an entry. SQLite's triggers vanish when a
later migration rebuilds the table, so they are put back after every migrate, and a system check
(`manage.py check --database default`) fails while one is missing.
"""

import hashlib
import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

from django.apps import apps
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils import timezone

FUNCTION = "pilotwork_append_only"


class AppendOnlyError(Exception):
    """Somebody tried to change or delete a row that is kept for ever: a fault in the code."""


class AppendOnlyQuerySet(models.QuerySet):
    """A QuerySet that inserts and reads; every other queryset of such a model derives from it."""

    def update(self, **kwargs):
        raise AppendOnlyError(f"{self.model._meta.label} rows are never updated.")

    def delete(self):
        raise AppendOnlyError(f"{self.model._meta.label} rows are never deleted.")

    # As on Django's own: templates may not call them, and managers do not offer delete().
    update.alters_data = True
    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        """Insert rows; raises AppendOnlyError when asked to overwrite those in conflict."""
        if update_conflicts:
            raise AppendOnlyError(f"{self.model._meta.label} rows are never updated.")
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnly(models.Model):
    """A row that is inserted once; a mistake is put right by another row.

    save() inserts or raises AppendOnlyError; delete(), and update() and delete() of its querysets
    (which derive from AppendOnlyQuerySet), raise it always.
    """

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.label} rows are never updated.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{self._meta.label} rows are never deleted.")

    @classmethod
    def insert_guard_sql(cls, vendor):
        """Return [(trigger name, SQL that creates it)] for rules about inserting.

        `vendor` is "sqlite" or "postgresql". The SQL may look at the model's own table only:
        SQLite cannot rebuild a table that another table's trigger mentions.
        """
        return []

    @classmethod
    def check(cls, **kwargs):
        errors = super().check(**kwargs)
        if not issubclass(cls._default_manager._queryset_class, AppendOnlyQuerySet):
            errors.append(
                checks.Error(
                    f"{cls._meta.label}'s queryset offers update() and delete().",
                    hint="Derive it from pilotwork.appendonly.AppendOnlyQuerySet.",
                    obj=cls,
                    id="pilotwork.E101",
                )
            )
        return errors


def append_only_models():
    """Return the concrete models whose rows are never changed, proxies left out."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, AppendOnly) and not model._meta.proxy and model._meta.managed
    ]


# --- Triggers -------------------------------------------------------------------------------


def _replace_condition(model, quote):
    """Return SQL true when a row with NEW's key is there already.

    SQLite's INSERT OR REPLACE deletes that row without asking the DELETE trigger.
    """
    meta = model._meta
    keys = [[field.column] for field in meta.concrete_fields if field.unique]
    for names in (
        *meta.unique_together,
        *(constraint.fields for constraint in meta.total_unique_constraints),
    ):
        keys.append([meta.get_field(name).column for name in names])
    rows = []
    for key in keys:
        same = " AND ".join(f"{quote(column)} = NEW.{quote(column)}" for column in key)
        rows.append(f"EXISTS (SELECT 1 FROM {quote(meta.db_table)} WHERE {same})")
    return " OR ".join(rows)


def _sqlite_triggers(model, quote):
    table = model._meta.db_table
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_no_{event.lower()}"
        yield name, f"CREATE TRIGGER {quote(name)} BEFORE {event} ON {quote(table)} {refuse}"
    name = f"{table}_no_replace"
    yield (
        name,
        f"CREATE TRIGGER {quote(name)} BEFORE INSERT ON {quote(table)} "
        f"WHEN {_replace_condition(model, quote)} {refuse}",
    )


def _postgresql_triggers(model, quote):
    table = model._meta.db_table
    for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"{table}_no_{event.lower()}"
        yield (
            name,
            f"CREATE TRIGGER {quote(name)} BEFORE {event} ON {quote(table)} "
            f"FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()",
        )


POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def _wanted(connection, models_=None):
    """Return {(table, trigger name): SQL} for the tables that exist on this connection."""
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
    makers = {"sqlite": _sqlite_triggers, "postgresql": _postgresql_triggers}
    wanted = {}
    for model in append_only_models() if models_ is None else models_:
        table = model._meta.db_table
        if table not in existing:
            continue
        triggers = makers[connection.vendor](model, connection.ops.quote_name)
        for name, sql in (*triggers, *model.insert_guard_sql(connection.vendor)):
            wanted[table, name] = sql
    return wanted


def _present(connection):
    """Return {(table, trigger name)} of the triggers in force; a disabled one is not."""
    if connection.vendor == "sqlite":
        sql = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    else:
        sql = (
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') "
            "AND pg_table_is_visible(c.oid)"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return set(cursor.fetchall())


def _drop(cursor, connection, table, name):
    quote = connection.ops.quote_name
    on_table = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER IF EXISTS {quote(name)}{on_table}")


def install_triggers(connection, models_=None):
    """Put every append-only table's triggers in place, replacing older versions of them.

    `connection` is a Django database connection, `models_` limits it to some models.
    """
    wanted = _wanted(connection, models_)
    if not wanted:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for (table, name), sql in wanted.items():
            _drop(cursor, connection, table, name)
            cursor.execute(sql)


def drop_triggers(connection):
    """Take the triggers away; for `lifted`, and for a restore within its transaction, only."""
    wanted = _wanted(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table, name in wanted:
            _drop(cursor, connection, table, name)


def missing_triggers(connection) -> list[str]:
    """Return the names of triggers that should be in force on this connection and are not."""
    return sorted(name for _, name in _wanted(connection).keys() - _present(connection))


@contextmanager
def lifted(using=DEFAULT_DB_ALIAS):
    """Let the tests' flush empty append-only tables: no triggers inside the block."""
    connection = connections[using]
    drop_triggers(connection)
    try:
        yield
    finally:
        install_triggers(connection)


def reinstall_after_migrate(app_config, using, **kwargs):
    """Receiver of post_migrate: put back the triggers of one application's tables."""
    own = [model for model in append_only_models() if model._meta.app_config is app_config]
    if own:
        install_triggers(connections[using], own)


def check_triggers(app_configs, databases, **kwargs):
    """System check: every append-only table has its triggers in each of `databases`."""
    return [
        checks.Error(
            f"The database {alias!r} lacks the trigger {name}: its rows could be rewritten.",
            hint="Run manage.py migrate, which puts it back, then manage.py check_ledger.",
            id="pilotwork.E102",
        )
        for alias in databases or []
        for name in missing_triggers(connections[alias])
    ]


# --- Chained digests ------------------------------------------------------------------------


def canonical(value):
    """Return `value` as plain JSON data that reads the same whichever database it came from.

    Decimals become strings with at least two decimals, moments UTC with microseconds, days ISO.
    Raises TypeError for floats, naive datetimes and anything else that has no one spelling.
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}" if value == value.quantize(Decimal("0.01")) else f"{value:f}"
    if isinstance(value, datetime):
        if timezone.is_naive(value):
            raise TypeError("A naive datetime has no place in a digest.")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical spelling for a digest.")


def digest_of(fields: dict, previous: str) -> str:
    """Return the SHA-256 (hex) over `fields` and the digest before it ("" for the first one).

    Covers canonical JSON, so that anybody can recompute it from an export.
    """
    text = json.dumps(
        {"fields": canonical(fields), "previous": previous},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()
