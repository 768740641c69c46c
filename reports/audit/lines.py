"""Rows of the timeline as people read them; whatever is behind them is read in a few queries."""

import dataclasses
import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Value
from django.urls import reverse

from accounts.models import AuditEvent, AuditKind, TransitionLog, User
from reports.audit.objects import names_of, page_of
from reports.audit.timeline import CHANGE, EVENT, STEP, histories

WORDS = {"+": "新建", "~": "修改", "-": "删除"}
TONES = {AuditKind.FAILED: "a", AuditKind.LOCKED: "r"}


@dataclasses.dataclass(frozen=True)
class Line:
    """One line: when, who, what was done, with what, and the ways there."""

    at: dt.datetime
    who: str
    what: str
    about: str  # the object's kind and title
    unit: str
    title: str  # of a file or form; what a step said
    client: str = ""
    url: str = ""
    change_url: str = ""
    tone: str = "n"


def lines_of(rows, user):
    """The Lines of some Rows; at most six queries, however many rows and kinds there are."""
    events = AuditEvent.objects.in_bulk([row.key for row in rows if row.source == EVENT])
    steps = TransitionLog.objects.in_bulk([row.key for row in rows if row.source == STEP])
    changed = [row for row in rows if row.source.startswith(CHANGE)]
    people = User.objects.in_bulk({row.person for row in changed if row.person})
    kinds = _kinds_of_change(changed)
    objects = {(row.kind, row.about) for row in rows if row.kind}
    names = names_of(objects, user)
    lines = []
    for row in rows:
        unit, title = names.get((row.kind, row.about), ("", ""))
        about = _about(row, title)
        if row.source == EVENT:
            lines.append(_of_event(events[row.key], about, unit))
        elif row.source == STEP:
            lines.append(_of_step(steps[row.key], about, unit, row))
        else:
            who = str(people.get(row.person, "系统"))
            lines.append(_of_change(row, who, kinds[row.source, row.key], about, unit))
    return lines


def _kinds_of_change(rows):
    """{(source, key): "+", "~" or "-"} of history rows, in one query."""
    by_source = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row.key)
    parts = [
        histories()[source]
        .objects.filter(pk__in=keys)
        .order_by()
        .annotate(audit_source=Value(source, CharField()))
        .values_list("audit_source", "pk", "history_type")
        for source, keys in sorted(by_source.items())
    ]
    if not parts:
        return {}
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {(source, key): kind for source, key, kind in found}


def _about(row, title):
    if not row.kind:
        return ""
    return f"{ContentType.objects.get_for_id(row.kind).name}-{row.about} {title}".strip()


def _of_event(event, about, unit):
    return Line(
        at=event.at,
        who=event.by_name or "—",
        what=event.get_kind_display(),
        about=about,
        unit=unit,
        title=event.title or event.path,
        client=event.client,
        tone=TONES.get(event.kind, "n"),
    )


def _of_step(step, about, unit, row):
    model = ContentType.objects.get_for_id(row.kind).model_class()
    return Line(
        at=step.at,
        who=step.by_name,
        what=step.label,
        about=about,
        unit=unit,
        title=step.opinion,
        url=page_of(model, row.about) if model else "",
        tone="bl",
    )


def _of_change(row, who, kind, about, unit):
    label = row.source.partition(":")[2]
    return Line(
        at=row.at,
        who=who,
        what=WORDS[kind],
        about=about,
        unit=unit,
        title="",
        change_url=reverse("reports:audit_change", args=[f"{label.replace('.', '-')}-{row.key}"]),
    )
