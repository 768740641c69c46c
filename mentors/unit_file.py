"""One unit's five ones at the desk: everything its page shows, and what this person may do there."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from mentors.five_ones import rows_of
from mentors.grid import WEEK_TONES, cells_shown, visits_url
from mentors.missing import Reader, missing_of
from mentors.models import VisitState, units_visible_to
from mentors.record_lists import DIFFICULTY_TONES, DOCUMENT_TONES, EXCUSE_TONES, STAGE_TONES
from pilotwork import clock
from units.models import Organisation, members_of

WEEKS_IN_SHORT = 8
VISITS_IN_SHORT = 5


def named(units, query):
    """The units whose organisation matches the query; all of them without one."""
    return units.filter(organisation__in=Organisation.objects.matching(query)) if query else units


def units_for(user):
    """The units that `user` may look at, each with `is_own`: whether he is a member of it."""
    own = Exists(members_of(OuterRef("organisation"), user))
    return units_visible_to(user).annotate(is_own=own)


def unit_file(unit, user, *, is_long=False):
    """The context of one unit's page; `unit` is one of `units_for`, with its five ones' facts.

    `is_long` shows every week of the pilot, else the latest eight.
    """
    (row,) = rows_of([unit])
    assignments = list(unit.mentor_assignments.select_related("mentor"))
    guiding = {a.mentor_id for a in assignments if _is_current(a)}
    reader = Reader(is_mentor=user.pk in guiding, is_member=unit.is_own)
    records = {
        "documents": _toned(unit.documents.all(), "state", DOCUMENT_TONES),
        "activities": _toned(unit.signature_activities.all(), "stage", STAGE_TONES),
        "coordinations": list(unit.coordinations.all()),
        "difficulties": _toned(unit.difficulties.all(), "state", DIFFICULTY_TONES),
    }
    shown = row.weeks if is_long else row.weeks[-WEEKS_IN_SHORT:]
    return {
        "unit": unit,
        "cells": cells_shown(row),
        "missing": missing_of(row, reader, **records),
        "weeks": [_week(week, assignments) for week in reversed(shown)],
        "has_more_weeks": len(shown) < len(row.weeks),
        "tally": row.tally,
        "mentors": assignments,
        "research": list(unit.research.select_related("by")),
        "excuses": _toned(unit.excused_weeks.all(), "state", EXCUSE_TONES),
        "visits": list(
            unit.visits.exclude(state=VisitState.WITHDRAWN).select_related("visitor")[
                :VISITS_IN_SHORT
            ]
        ),
        "visits_url": visits_url(unit),
        "reader": reader,
        "actions": actions_of(unit, reader),
        **records,
    }


def _is_current(assignment):
    today = clock.today()
    return assignment.starts_on <= today and (
        assignment.ends_on is None or assignment.ends_on >= today
    )


def _toned(rows, field, tones):
    """The rows as a list, each with the `tone` of its tag."""
    rows = list(rows)
    for row in rows:
        row.tone = tones[getattr(row, field)]
    return rows


def _week(week, assignments):
    """One week as the page lists it: its days, state, tone and who is charged with it."""
    charged = [a.mentor for a in assignments if a.mentor_id == week.mentor_id]
    return {
        "monday": week.monday,
        "sunday": week.sunday,
        "state": week.state.label,
        "tone": WEEK_TONES[week.state],
        "visits": week.visits,
        "charged": charged[0] if charged else None,
    }


def actions_of(unit, reader):
    """The links beside the unit's name that the reader may follow: [{label, url, icon, kind}]."""
    sheet = f"{reverse('mentors:weekly_sheet')}?unit={unit.pk}"
    actions = [{"label": "周报", "url": sheet, "icon": "printer"}]
    if reader.is_mentor:
        actions += [
            _action("申请免访", "ask_excuse", unit, "clock"),
            _action("记录走访", "record_visit", unit, "pencil") | {"kind": "primary"},
        ]
    return actions


def _action(label, name, unit, icon):
    return {"label": label, "url": reverse(f"mentors:{name}", args=[unit.pk]), "icon": icon}
