"""What a backup holds: every table of every application but those named here, as rows of plain JSON.

The rows know no database: moments are ISO in UTC, amounts yuan, keys the numbers they have, for
digests cover them. Content types and permissions are made anew by every installation, with other
keys: they are kept by name, and what points at them is mapped.
"""

import base64
import datetime as dt
import json
from decimal import Decimal
from itertools import islice
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models

# Left out, and why. An installation begins without them.
THROW_AWAY = {
    "sessions.session": "people sign in again",
    "axes.accessattempt": "wrong passwords of the last half-hour",
    "axes.accessattemptexpiration": "when those are forgotten",
    "units.publicposting": "hashed addresses of visitors, which nobody may keep for a day",
    "reports.importupload": "tables being imported, kept for a day",
}
# Found again by name; these before what points at them.
NAMED = (ContentType, Permission)
CHUNK = 2000  # rows fetched at a time


class Table:
    """One model's table: its columns in order, and its rows to and from JSON."""

    def __init__(self, model):
        self.model = model
        self.label = model._meta.label_lower
        self.fields = model._meta.concrete_fields
        self.names = [field.attname for field in self.fields]

    def lines(self, alias):
        """Yield every row in the order of its key as one line of JSON, as of now on `alias`."""
        rows = self.model._base_manager.using(alias).order_by("pk").values_list(*self.names)
        for row in rows.iterator(chunk_size=CHUNK):
            yield encode(row) + "\n"

    def parameters(self, row, connection, keys):
        """Return the values of a decoded line as the database takes them.

        `keys` is {named model: {key in the backup: key here}}.
        """
        pairs = zip(self.fields, row, strict=True)
        return [self._parameter(field, value, connection, keys) for field, value in pairs]

    def _parameter(self, field, value, connection, keys):
        if value is None:
            # JSON's null in a column that may not be empty is a value.
            is_json = isinstance(field, models.JSONField) and not field.null
            return field.get_db_prep_value(None, connection) if is_json else None
        if field.related_model in keys:
            return keys[field.related_model][value]
        return field.get_db_prep_save(field.to_python(value), connection)


def tables():
    """Return the Table of every model that is kept, content types and permissions first."""
    return [Table(model) for model in NAMED] + kept()


def kept():
    """Return the Table of every model whose rows are put back as they were."""
    return [
        Table(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model not in NAMED
        and model._meta.label_lower not in THROW_AWAY
    ]


def encode(values) -> str:
    """Return a row as JSON. Raises TypeError for a value that has no plain spelling."""
    return json.dumps(
        values, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
    )


def _plain(value):
    # Not Django's encoder: that one cuts microseconds, which digests cover.
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID, dt.timedelta)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no spelling in a backup.")


def in_parts(rows, size):
    """Yield lists of at most `size` of the iterable's items."""
    rows = iter(rows)
    while part := list(islice(rows, size)):
        yield part
