"""A database of a test's own, which servers in other processes share with it."""

import contextlib
import os
from urllib.parse import urlsplit

from django.db import connection, connections


@contextlib.contextmanager
def own_database(folder):
    """Let this process work on a copy of the suite's empty database; gives the copy's address as
    DATABASE_URL has it.

    On SQLite a file in `folder`/data, else a database beside the suite's own.
    """
    known = connection.settings_dict
    before = known["NAME"]
    with copied("own", folder) as name:
        connections.close_all()
        known["NAME"] = name
        try:
            yield _address(name)
        finally:
            connections.close_all()
            known["NAME"] = before


def _address(name):
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def leave_alone(connection):
    """Let nobody be connected to the suite's database: it is copied only then. What the browser's
    server may have left open goes too."""
    connections.close_all()
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()",
                [connection.settings_dict["NAME"]],
            )


@contextlib.contextmanager
def copied(what, folder):
    """A copy of the suite's database, gone afterwards; gives its NAME in the settings.

    SQLite itself makes its copy. Were the file read like any other, closing it would take this
    process's locks from it: the next program to leave the database would think itself the last,
    and delete the log under the browser's server.
    """
    if connection.vendor == "sqlite":
        path = folder / "data" / f"{what}.sqlite3"
        path.parent.mkdir()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        yield str(path)
        return
    suite, name = connection.settings_dict["NAME"], f"pilotwork_{what}_{os.getpid()}"
    leave_alone(connection)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{suite}"')
    try:
        yield name
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
