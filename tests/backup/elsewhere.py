"""A second installation for the tests: an empty database beside the tests' own, and looks at both."""

import copy
from contextlib import contextmanager

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import load_backend
from django.test import override_settings

from pilotwork.appendonly import lifted
from reports.backup.making import applied
from reports.backup.tables import kept
from tests.faults.databases import copied

SUFFIX = "elsewhere"


@contextmanager
def second_database(folder):
    """An empty database of the same kind, under the alias that this gives; call it while the tests'
    own is empty, for it is a copy of that."""
    with (
        copied(SUFFIX, folder) as name,
        _known_as(SUFFIX, connection.settings_dict | {"NAME": name}),
    ):
        number_anew(SUFFIX)
        yield SUFFIX


@contextmanager
def sqlite_database(path):
    """An empty SQLite database with the migrations of the tests' own, under the alias given."""
    config = copy.deepcopy(connections.settings[DEFAULT_DB_ALIAS])
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    config |= {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": pragmas},
    }
    with _known_as("sqlite", config) as alias:
        # The tables at once, as they are now: the history of the migrations would take long.
        labels = {app.label: None for app in apps.get_app_configs()}
        with override_settings(MIGRATION_MODULES=labels):
            call_command("migrate", database=alias, run_syncdb=True, verbosity=0)
        recorder = MigrationRecorder(connections[alias])
        for step in applied(connection):
            recorder.record_applied(*step)
        yield alias


@contextmanager
def _known_as(alias, config):
    # Not in the settings: to connections made while they run Django's tests are open.
    other = load_backend(config["ENGINE"]).DatabaseWrapper(config, alias)
    connections[alias] = other
    try:
        yield alias
    finally:
        other.close()
        del connections[alias]


def number_anew(alias):
    """Give the content types and permissions of a database other keys than they had."""
    Permission.objects.using(alias).all().delete()
    ContentType.objects.using(alias).all().delete()
    ContentType.objects.clear_cache()
    emit_post_migrate_signal(verbosity=0, interactive=False, db=alias)


def emptied(alias):
    """Empty a database, as one that was never used."""
    with lifted(alias):
        call_command("flush", database=alias, verbosity=0, interactive=False)


@contextmanager
def in_place_of_the_own(alias):
    """Let the application work on the database `alias` inside the block."""
    own, other = connections[DEFAULT_DB_ALIAS], connections[alias]
    connections[DEFAULT_DB_ALIAS], other.alias = other, DEFAULT_DB_ALIAS
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS], other.alias = own, alias
        ContentType.objects.clear_cache()


def everything(alias):
    """{model: its rows with every value} of all that a backup keeps; content types by their names."""
    types = {
        kind.pk: (kind.app_label, kind.model) for kind in ContentType.objects.using(alias).all()
    }
    permissions = {
        permission.pk: (types[permission.content_type_id], permission.codename)
        for permission in Permission.objects.using(alias).all()
    }
    named = {ContentType: types, Permission: permissions}
    return {
        table.label: [
            _by_name(row, table, named)
            for row in table.model._base_manager.using(alias).order_by("pk").values()
        ]
        for table in kept()
    }


def _by_name(row, table, named):
    for field in table.fields:
        if field.related_model in named and row[field.attname] is not None:
            row[field.attname] = named[field.related_model][row[field.attname]]
    return row
