"""Uploaded files that no row names.

A file is written before its row is committed, so a killed server, or a verb that refused after the
upload, may leave one behind. Nobody can reach it; it only takes up room.
"""

import datetime as dt

from django.apps import apps

from pilotwork import clock
from pilotwork.files import Attachment

# Younger ones may belong to a transaction that is still running, or to a backup being restored.
LEFT_ALONE = dt.timedelta(days=1)


def strays(older_than=LEFT_ALONE):
    """Yield (storage, name) of each uploaded file without a row, last written so long ago."""
    kinds = [model for model in apps.get_models() if issubclass(model, Attachment)]
    storages = {model._meta.get_field("file").storage for model in kinds}
    for storage in storages:
        for name in _files(storage, "uploads"):
            if clock.now() - storage.get_modified_time(name) < older_than:
                continue
            if not any(model._base_manager.filter(file=name).exists() for model in kinds):
                yield storage, name


def _files(storage, folder):
    """The names of all files in `folder` and below; a bucket knows no folders, so none is asked for."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}/{name}"
    for inner in folders:
        yield from _files(storage, f"{folder}/{inner}")
