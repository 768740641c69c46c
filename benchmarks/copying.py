"""Puts many rows into the database at once: COPY of model instances, and whole matters like one."""

import copy
import datetime as dt
import io
import json

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from accounts.models import TransitionLog

BATCH = 20_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def next_pk(model):
    """The primary key after the last one of `model`."""
    return (model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def numbered(rows):
    """The list of new `rows` of one model with the primary keys they will have."""
    rows = list(rows)
    if rows:
        first = next_pk(type(rows[0]))
        for pk, row in enumerate(rows, start=first):
            row.pk = pk
    return rows


def insert(rows):
    """COPY new `rows` of one model in, with the primary keys they carry; returns them."""
    for first in range(0, len(rows), BATCH):
        _copy(rows[first : first + BATCH])
    if rows:
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [type(rows[0])]):
                cursor.execute(sql)
    return rows


def _copy(rows):
    meta = type(rows[0])._meta
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    lines = io.StringIO()
    for row in rows:
        values = (_as_text(field, getattr(row, field.attname)) for field in meta.concrete_fields)
        lines.write("\t".join(values) + "\n")
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{meta.db_table}" ({columns}) FROM STDIN', lines)


def _as_text(field, value):
    """The value of a field as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(field, models.JSONField):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    elif not isinstance(value, str | int | dt.date):
        value = field.get_prep_value(value)
    return str(value).translate(ESCAPES)


def chained(matter, content_type, steps):
    """The TransitionLog rows of one matter; each of `steps` is a dict of a row's own fields."""
    previous = ""
    for number, step in enumerate(steps, start=1):
        row = TransitionLog(content_type=content_type, object_id=matter.pk, number=number, **step)
        previous = row.digest = row.computed_digest(previous)
        yield row


def steps_of(matter):
    """The steps, for `chained`, of a matter that has come about through its verbs."""
    own = {"id", "content_type_id", "object_id", "number", "digest"}
    names = [f.attname for f in TransitionLog._meta.concrete_fields if f.attname not in own]
    return [
        {name: getattr(row, name) for name in names} for row in TransitionLog.objects.of(matter)
    ]


def like(patterns, owners, changes):
    """Copy matters with their logs and children: one for each of `owners`, like each pattern in turn.

    `changes(owner)` are the fields in which the copy differs; the children are the rows whose model
    names the pattern by a foreign key of its own app and points to nothing that is unique.
    """
    if not (patterns and owners):
        return []
    kinds = [_Pattern(pattern) for pattern in patterns]
    chosen = [(kinds[n % len(kinds)], owner) for n, owner in enumerate(owners)]
    copies = numbered(_changed(kind.row, changes(owner)) for kind, owner in chosen)
    for nth, made in enumerate(copies):
        # Not all at one moment, or what waits longest would be any of them.
        made.state_since -= dt.timedelta(seconds=nth)
    insert(copies)
    content_type = ContentType.objects.get_for_model(copies[0])
    pairs = [(kind, made) for (kind, _), made in zip(chosen, copies, strict=True)]
    insert(numbered(row for kind, made in pairs for row in chained(made, content_type, kind.steps)))
    for relation in kinds[0].children:
        name = relation.field.name
        rows = (
            _changed(child, {name: made})
            for kind, made in pairs
            for child in kind.children[relation]
        )
        insert(numbered(rows))
    return copies


class _Pattern:
    """One matter to copy: its row, the steps of its log, its children by relation."""

    def __init__(self, row):
        self.row = row
        self.steps = steps_of(row)
        self.children = {
            relation: list(
                relation.related_model._base_manager.filter(**{relation.field.name: row})
            )
            for relation in row._meta.related_objects
            if relation.one_to_many and relation.name in CHILDREN
        }


# The relations by which a matter's own rows are found.
CHILDREN = {"topics", "files", "photos", "versions"}


def _changed(row, fields):
    made = copy.copy(row)
    made._state = models.base.ModelState()
    for name, value in fields.items():
        setattr(made, name, value)
    return made
