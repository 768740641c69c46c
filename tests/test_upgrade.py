"""Upgrading an installation with data in it: nothing is lost, guards and ledger are as before.

The whole demo is brought to an earlier state by the migrations' own way back, then `manage.py migrate`
takes it forward. Where each upgrade begins is computed, so that the next migration is covered as soon
as it is there; one without a way back fails here.
"""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings

from accounts.models import Duty, User
from funds.verify import differences
from pilotwork.appendonly import missing_triggers
from reports.demo import load
from tests.faults.databases import own_database
from tests.test_house import ROOMS

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("upgrade")]
# The last migrations of the version that offices were given in November 2026.
NOVEMBER_2026 = {
    "accounts": "0003_email",
    "awards": "0002_rewards",
    "funds": "0004_dues",
    "mentors": "0007_imported_visits",
    "pairings": "0002_seminars_and_agreements",
    "reports": "0003_digests",
    "units": "0007_public_suggestions",
}
# table: columns that a migration rewrites on purpose, and nothing else may differ.
REWRITTEN = {}


def where_upgrades_begin():
    """{room: the migration that the upgrade tested begins at}: that of November 2026, in a room that
    came later the one before the newest."""
    graph = MigrationLoader(None).graph
    begin = {}
    for room in ROOMS:
        leaf = graph.leaf_nodes(room)[0]
        own = [name for app, name in graph.forwards_plan(leaf) if app == room]
        # A room that was added since begins with nothing.
        begin[room] = NOVEMBER_2026.get(room) or (own[-2] if len(own) > 1 else None)
    return begin


@pytest.fixture
def filled(transactional_db, tmp_path):
    """A database with the demo in it, and the migrations that the program has as applied."""
    with override_settings(MIGRATION_MODULES={}), own_database(tmp_path):
        if not MigrationRecorder(connection).applied_migrations():
            # The suite goes without migrations: its tables are those that they end in.
            call_command("migrate", fake=True, verbosity=0)
        load()
        yield


def back_to(state):
    """Take every room back to its migration in `state`, {room: name, or None for nothing at all}."""
    MigrationExecutor(connection).migrate(sorted(state.items()))


def contents():
    """{table: (columns, rows)} of everything that the rooms keep."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.partition("_")[0] in ROOMS:
                description = connection.introspection.get_table_description(cursor, table)
                found[table] = rows_of(cursor, table, sorted(column.name for column in description))
    return found


def rows_of(cursor, table, columns):
    """(columns, every row in them) of a table, sorted."""
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
    return columns, sorted(tuple(map(str, row)) for row in cursor.fetchall())


def check_nothing_is_lost(before):
    """Every row of `before` is there, and says in the columns that still are what it said."""
    kept = {}
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table, (columns, _) in before.items():
            assert table in there, f"{table} is gone"
            kept[table] = rows_of(cursor, table, columns)
    for table, (columns, rows) in before.items():
        fixed = [i for i, name in enumerate(columns) if name not in REWRITTEN.get(table, ())]
        said, says = ([[row[i] for i in fixed] for row in kind] for kind in (rows, kept[table][1]))
        assert says == said, table


def test_an_upgrade_loses_nothing_and_leaves_guards_and_ledger_as_they_were(filled):
    begin = where_upgrades_begin()
    back_to(begin)
    applied = MigrationRecorder(connection).applied_migrations().keys()
    # What stood on a room's newest migration has gone back with it.
    newest = {
        room: max([name for app, name in applied if app == room], default="") for room in begin
    }
    assert all(newest[room] <= (begin[room] or "") for room in begin)
    before = contents()
    assert len(before["funds_entry"][1]) > 10
    call_command("migrate", verbosity=0)
    check_nothing_is_lost(before)
    assert missing_triggers(connection) == []
    assert list(differences()) == []
    call_command("check", databases=["default"], stdout=io.StringIO())
    check_pages()


def check_pages():
    """The programme's new code gets on with the old rows."""
    client = Client()
    approver = User.objects.with_duty(Duty.APPROVER).first()
    client.force_login(approver, backend="django.contrib.auth.backends.ModelBackend")
    for path in (
        "/",
        "/funds/applications/",
        "/funds/dues/",
        "/mentors/visits/",
        "/mentors/five-ones/",
    ):
        assert client.get(path).status_code == 200, path


def test_every_migration_has_a_way_back():
    with override_settings(MIGRATION_MODULES={}):
        loader = MigrationLoader(None)
        oneway = [
            f"{app}.{name}"
            for (app, name), migration in loader.disk_migrations.items()
            if app in ROOMS and not all(step.reversible for step in migration.operations)
        ]
    assert oneway == []
