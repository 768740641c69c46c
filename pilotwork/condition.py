"""Whether the installation is well: database, migrations, the uploads' folder, free space.

`complaints` looks and writes nothing; `/healthz` says the short words of it to everybody who may ask,
`manage.py health` the particulars to the operator.
"""

import functools
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Complaint:
    """What is not well: `words` betray nothing, `detail` says where and how much."""

    words: str
    detail: str


def complaints() -> list[Complaint]:
    """Everything that is not well now; empty when all is."""
    return [*_of_database(), *_of_uploads(), *_of_space()]


def _of_database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = sorted(
            known_migrations() - MigrationRecorder(connection).applied_migrations().keys()
        )
    except DatabaseError as error:
        yield Complaint("database unavailable", str(error).strip())
        return
    if missing:
        names = ", ".join(f"{app}.{name}" for app, name in missing)
        yield Complaint("migrations not applied", f"run manage.py migrate for {names}")


@functools.cache
def known_migrations() -> frozenset:
    """(application, name) of every migration that this version of the program has."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.disk_migrations)


def in_folder():
    """Whether uploads lie in MEDIA_ROOT; a bucket is watched by whoever runs it."""
    return isinstance(storages["default"], FileSystemStorage)


def _of_uploads():
    if not in_folder():
        return
    folder = existing(settings.MEDIA_ROOT)
    # Asks the system, which also knows of a file system mounted read-only; root may do the rest.
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield Complaint("uploads not writable", f"{settings.MEDIA_ROOT} cannot be written to")


def _of_space():
    places = {existing(settings.MEDIA_ROOT)} if in_folder() else set()
    if connection.vendor == "sqlite":
        places.add(existing(Path(connection.settings_dict["NAME"]).parent))
    for place in sorted(places):
        free = shutil.disk_usage(place).free // MEGABYTE
        if free < settings.MIN_FREE_MB:
            yield Complaint(
                "disk space low",
                f"{place} has {free} MB free, MIN_FREE_MB is {settings.MIN_FREE_MB}",
            )


def existing(path):
    """The path, or the nearest above it that is there: the folder is made with the first upload."""
    path = Path(path).absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
