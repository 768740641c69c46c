"""A report written and frozen, as a browser posts it and as the verbs do it."""

import uuid

from pilotwork import clock
from reports.briefing.compose import document_of, fingerprint
from reports.briefing.drafts import draft_of
from reports.briefing.freeze import freeze
from reports.briefing.material import gather
from reports.briefing.standard import standard_paragraphs
from reports.models import BriefingKind

REPORT = BriefingKind.REPORT


def paragraph(text, key="own-1", kind="paragraph", *, is_hidden=False):
    """A paragraph as a draft keeps it."""
    return {"key": key, "kind": kind, "text": text, "is_hidden": is_hidden}


def typed(paragraphs=None, seen=0, **changed):
    """The form of the text as a browser posts it; the standard text without `paragraphs`."""
    rows = standard_paragraphs(REPORT) if paragraphs is None else paragraphs
    form = {"p-TOTAL_FORMS": len(rows), "p-INITIAL_FORMS": len(rows), "seen": seen}
    form |= {"title": "试点情况汇报", "addressee": "团市委", "signature": "团县委", "dated_on": ""}
    for place, row in enumerate(rows):
        form |= {f"p-{place}-{name}": row[name] for name in ("key", "kind", "text")}
        if row["is_hidden"]:
            form[f"p-{place}-is_hidden"] = "on"
    return form | changed


def shown(programme, kind=REPORT, on=None):
    """What the page of freezing carries: the fingerprint of what it shows, the day, a key."""
    on = on or clock.today()
    document = document_of(draft_of(programme, kind), gather(programme, on))
    return {"seen": fingerprint(document), "on": on, "request_key": uuid.uuid4()}


def freeze_report(programme, by, kind=REPORT, on=None, **changed):
    """The programme's report frozen by `by` at the end of `on`, today without."""
    return freeze(programme, kind, by=by, **shown(programme, kind, on) | changed)
