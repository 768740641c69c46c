"""Rows of the timeline as people read them."""

import dataclasses
import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from accounts.models import AuditKind
from reports.audit.objects import Named, names_of, page_of
from reports.audit.timeline import CHANGE, EVENT, STEP, WORDS

TONES = {AuditKind.FAILED: "a", AuditKind.LOCKED: "r"}
NOBODY, SYSTEM = "—", "系统"


@dataclasses.dataclass(frozen=True)
class Line:
    """One line: when, who, what was done, with what, and the way there."""

    at: dt.datetime
    who: str
    what: str
    about: str  # the object's kind, number and title
    unit: str
    title: str  # of a file or form; what a step said
    client: str
    request: str  # by which the server's own log finds it
    url: str
    tone: str


def lines_of(rows, user):
    """The Lines of some Rows; one query, whatever they are about."""
    names = names_of({(row.kind, row.about) for row in rows if row.kind}, user)
    return [_line(row, names.get((row.kind, row.about), Named())) for row in rows]


def _line(row, named):
    is_event, is_change = row.source == EVENT, row.source.startswith(CHANGE)
    kind = ContentType.objects.get_for_id(row.kind) if row.kind else None
    return Line(
        at=row.at,
        # Of a change without a person, or a person without a post, the sign between them is left.
        who=row.who.strip(" ·") or (SYSTEM if is_change else NOBODY),
        what=_what(row),
        about=f"{kind.name}-{row.about} {named.title}".strip() if kind else "",
        unit=named.unit,
        # Why something was changed is said of what the reader may see.
        title="" if is_change and named.is_hidden else row.title or (row.path if is_event else ""),
        client=row.client,
        request=row.request,
        url="" if named.is_hidden else _url(row, kind),
        tone="bl" if row.source == STEP else TONES.get(row.what, "n"),
    )


def _what(row):
    if row.source == EVENT:
        return AuditKind(row.what).label
    return WORDS[row.what] if row.source.startswith(CHANGE) else row.what


def _url(row, kind):
    """Of a change the page that shows it, of a step the matter's page; of an event none."""
    if row.source.startswith(CHANGE):
        label = row.source.partition(":")[2].replace(".", "-")
        return reverse("reports:audit_change", args=[f"{label}-{row.key}"])
    model = kind.model_class() if kind and row.source == STEP else None
    return page_of(model, row.about) if model else ""
