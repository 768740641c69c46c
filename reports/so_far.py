"""截至今日: the four figures of the report that the home page names."""

from pilotwork import clock
from pilotwork.templatetags.pilotwork import yuan0
from reports.figures import FIGURES, figure_url, measure

# Key of the figure, the words before its number on the home page.
NAMED = {
    "visits": "走访",
    "activities_designed": "设计活动",
    "difficulties_solved": "解决困难",
    "coordinated_amount": "协调经费",
}


def so_far(programme):
    """[{words, number, unit, url}] of the figures as of today (one query); [] without a programme."""
    if programme is None:
        return []
    today = clock.today()
    return [
        {
            "words": NAMED[key],
            "number": yuan0(value),
            "unit": FIGURES[key].unit,
            "url": figure_url(key, programme, today),
        }
        for key, value in measure(programme, today, NAMED).items()
    ]
