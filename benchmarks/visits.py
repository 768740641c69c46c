"""Many visits: one unit's in Python, every other unit's copied from it in SQL, with their log."""

import datetime as dt
import json
import uuid

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import TransitionLog
from benchmarks.copying import insert, numbered
from mentors.models import MentorAssignment, Visit
from pilotwork import clock
from pilotwork.appendonly import canonical
from pilotwork.workdays import week_of

# Visits reach so many days back; beyond one a day they are the second of theirs.
REACH = 350
MOMENT = """to_char(v.state_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'"""


def pattern_visits(story, unit, number):
    """Insert `number` visits of `unit` by its mentor, from yesterday back; returns the first's pk."""
    assignment = MentorAssignment.objects.get(pilot_unit=unit, ends_on=None)
    moment = clock.now() - dt.timedelta(days=1)
    visits = numbered(
        Visit(
            pilot_unit=unit,
            assignment=assignment,
            visitor_id=assignment.mentor_id,
            visited_on=visited_on,
            week=week_of(visited_on),
            progress="看了活动场地，和团员座谈，方案正在修改。",
            next_step="下周再看进度。",
            key=uuid.uuid4(),
            recorded_by_id=assignment.mentor_id,
            recorded_at=moment,
            state_since=moment,
            began_on=visited_on,
        )
        for visited_on in (story.day(1 + n % REACH) for n in range(number))
    )
    insert(visits)
    return visits[0].pk


def copy_visits(first, pattern, units):
    """Every visit of the unit `pattern` from the key `first` on, for each of `units` (keys)."""
    own = {
        "key": "gen_random_uuid()",
        "pilot_unit_id": "a.pilot_unit_id",
        "assignment_id": "a.id",
        "visitor_id": "a.mentor_id",
        "recorded_by_id": "a.mentor_id",
    }
    columns = [f.column for f in Visit._meta.concrete_fields if not f.primary_key]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(own.get(column, f'v."{column}"') for column in columns)
    with connection.cursor() as cursor:
        # Day by day over all units, as visits come in.
        cursor.execute(
            f"INSERT INTO {Visit._meta.db_table} ({names}) SELECT {values}"
            f" FROM {Visit._meta.db_table} v CROSS JOIN {MentorAssignment._meta.db_table} a"
            " WHERE v.pilot_unit_id = %s AND v.id >= %s AND a.pilot_unit_id = ANY(%s)"
            " AND a.ends_on IS NULL ORDER BY v.visited_on, a.id",
            [pattern.pk, first, list(units)],
        )


def log_visits():
    """A row of the log, with its digest, for each visit that has none."""
    kind = ContentType.objects.get_for_model(Visit)
    same = {
        "number": 1,
        "verb": "record",
        "label": "记录走访",
        "act": "",
        "source": "",
        "target": "recorded",
        "by_name": "林（指导员）",
        "opinion": "",
        "minutes_number": "",
        "details": {},
    }
    marks = {"object_id": 8_888_888_801, "by": 8_888_888_802, "at": "MOMENT"}
    log = TransitionLog(content_type=kind, object_id=marks["object_id"], by_id=marks["by"], **same)
    text = _canonical_text(log, marks["at"])
    fields = {**same, "details": "{}", "content_type_id": kind.pk}
    names = ", ".join([*fields, "object_id", "by_id", "at", "digest"])
    digest = f"""replace(replace(replace(%s, '{marks["object_id"]}', v.id::text),
        '{marks["by"]}', v.recorded_by_id::text), 'MOMENT', {MOMENT})"""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TransitionLog._meta.db_table} ({names})"
            f" SELECT {', '.join(['%s'] * len(fields))}, v.id, v.recorded_by_id, v.state_since,"
            f" encode(sha256(convert_to({digest}, 'UTF8')), 'hex')"
            f" FROM {Visit._meta.db_table} v WHERE NOT EXISTS (SELECT 1"
            f" FROM {TransitionLog._meta.db_table} l"
            " WHERE l.content_type_id = %s AND l.object_id = v.id)",
            [*fields.values(), text, kind.pk],
        )


def _canonical_text(log, moment):
    """What the digest of `log` covers, as text; `moment` stands where its time goes."""
    fields = {
        "matter": [log.content_type.app_label, log.content_type.model, log.object_id],
        "at": moment,
        "by": log.by_id,
    }
    names = "number verb label act source target by_name opinion minutes_number details"
    fields |= {name: getattr(log, name) for name in names.split()}
    return json.dumps(
        {"fields": canonical(fields), "previous": ""},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
