"""Write a backup: rows as of one moment, then the uploads that those rows name.

An upload lies in the storage before its row is committed and is never taken away again, so whatever
the rows of the moment name can be copied afterwards.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from pilotwork import clock
from pilotwork.files import Attachment
from reports.backup.box import HEADS, MEDIA, chunks_of, place_for, table_member
from reports.backup.heads import heads_as_json
from reports.backup.snapshot import last_number, snapshot
from reports.backup.tables import tables


@dataclass(frozen=True)
class Made:
    """What was written: the file, how many rows and uploads, and the uploads that are not right."""

    path: Path
    rows: int
    files: int
    missing: list
    changed: list


def make_backup(folder, connection) -> Made:
    """Write a new backup of the database `connection` and of all uploads into `folder`.

    Uploads that are gone from the storage, or no longer what was uploaded, are named in the result
    and in the manifest; everything else is backed up all the same. Raises Refused as `place_for`.
    """
    made_at = clock.now().isoformat()
    with place_for(Path(folder)) as (writer, path):
        with snapshot(connection):
            noted = _write_tables(writer, connection)
            uploads = dict(_uploads(connection.alias))
            writer.write_lines(HEADS, heads_as_json(connection.alias, made_at))
            migrations = applied(connection)
        missing, changed = _write_uploads(writer, uploads)
        writer.finish(
            {
                "made_at": made_at,
                "commit": commit(),
                "database": connection.vendor,
                "migrations": migrations,
                "tables": noted,
                "missing": missing,
                "changed": changed,
            }
        )
    rows = sum(table["rows"] for table in noted)
    return Made(path, rows, len(uploads) - len(missing), missing, changed)


def _write_tables(writer, connection):
    """Write every table; returns what the manifest says of each."""
    noted = []
    for table in tables():
        lines = table.lines(connection.alias)
        rows = writer.write_lines(table_member(table.label), lines)
        with connection.cursor() as cursor:
            number = last_number(cursor, connection, table.model)
        about = {"model": table.label, "fields": table.names, "rows": rows, "last_number": number}
        noted.append(about)
    return noted


def _uploads(alias):
    """Yield (name in the storage, SHA-256 as uploaded or "") of every upload that a row names."""
    for table in tables():
        for field in table.fields:
            if not isinstance(field, models.FileField):
                continue
            is_attachment = issubclass(table.model, Attachment)
            rows = table.model._base_manager.using(alias).order_by("pk")
            names = [field.attname, "sha256"] if is_attachment else [field.attname]
            for name, *digest in rows.values_list(*names).iterator():
                if name:
                    yield name, digest[0] if digest else ""


def _write_uploads(writer, uploads):
    """Copy the uploads; returns the names of those that are gone and of those that have changed."""
    missing, changed = [], []
    storage = storages["default"]
    for name, sha256 in uploads.items():
        try:
            file = storage.open(name, "rb")
        except FileNotFoundError:
            missing.append(name)
            continue
        with file:
            found = writer.write(MEDIA + name, chunks_of(file))
        if sha256 not in {"", found}:
            changed.append(name)
    return missing, changed


def applied(connection):
    """The migrations of this program that the database has, as sorted [application, name].

    A database that has lived long may know of others, which the program has dropped since.
    """
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    recorded = MigrationRecorder(connection).applied_migrations()
    return sorted([app, name] for app, name in recorded.keys() & known.keys())


def commit():
    """The commit the program was checked out from, "" where there is no checkout."""
    try:
        return subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
