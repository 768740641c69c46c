"""The benchmark's own two databases: one for each size, beside the one that the address names."""

import os
from urllib.parse import urlsplit

import psycopg2

MARK = "benchmark of the workbench, may be dropped"
SMALL, LARGE = "small", "large"


def url_of(size):
    """The address of the database of a size, after BENCH_DATABASE_URL."""
    return f"{os.environ['BENCH_DATABASE_URL']}_{size}"


def name_of(size):
    """The name of the database of a size."""
    return urlsplit(url_of(size)).path.removeprefix("/")


def create(size, template="template1"):
    """Create the database of a size like `template`; one that an earlier run left is dropped."""
    with _server() as cursor:
        if _is_there(cursor, size):
            cursor.execute(f'DROP DATABASE "{_own(cursor, size)}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name_of(size)}" TEMPLATE "{template}"')
        cursor.execute(f"COMMENT ON DATABASE \"{name_of(size)}\" IS '{MARK}'")


def drop(size):
    """Drop the database of a size that `create` made."""
    with _server() as cursor:
        if _is_there(cursor, size):
            cursor.execute(f'DROP DATABASE "{_own(cursor, size)}" WITH (FORCE)')


def are_kept():
    """Whether an earlier run has left both databases whole."""
    with _server() as cursor:
        return all(_is_there(cursor, size) for size in (SMALL, LARGE))


class _server:
    """A cursor outside of any transaction, on the database that every server has."""

    def __enter__(self):
        address = urlsplit(os.environ["BENCH_DATABASE_URL"])
        self.connection = psycopg2.connect(address._replace(path="/postgres").geturl())
        self.connection.autocommit = True
        return self.connection.cursor()

    def __exit__(self, *_):
        self.connection.close()


def _is_there(cursor, size):
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name_of(size)])
    return cursor.fetchone() is not None


def _own(cursor, size):
    """The name of the database, which must bear the mark: nobody's data is dropped."""
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
        [name_of(size)],
    )
    if cursor.fetchone() != (MARK,):
        raise SystemExit(f"{name_of(size)} was not made by the benchmark: name another database.")
    return name_of(size)
