"""走访记录 on A4: of one visit, and of many."""

from django.urls import reverse

from mentors.visit_page import marks_of, opened_by
from pilotwork.paper.prints import Paper


def visit_form(visit):
    """走访记录 of one visit, which comes with its facts and photos."""
    context = {
        "visit": visit,
        "marks": [words for _, words in marks_of(visit)],
        "opened": opened_by(visit),
        "back_url": reverse("mentors:visit", args=[visit.pk]),
    }
    return Paper("mentors/visit_print.html", context)


def visits_sheet(visits, words, *, most=None, back_url=""):
    """走访记录 of a list of visits (oldest first, with their facts) in one table.

    `words` say which they are; `most` how many are printed at most, where there were more.
    """
    for visit in visits:
        visit.marks, visit.opened = [words for _, words in marks_of(visit)], opened_by(visit)
    context = {
        "visits": visits,
        # One visit a unit and day counts (DOMAIN, Weeks).
        "counted": len({(v.pilot_unit_id, v.visited_on) for v in visits if v.counts}),
        "words": words,
        "most": most,
        "back_url": back_url,
    }
    return Paper("mentors/visit_prints.html", context)
