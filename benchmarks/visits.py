"""The pages of the five ones with one page of data and with a million visits, and their table.

And the figures of the report: how long all of them take, and the page behind the one of the visits.
"""

import math
import time

from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from benchmarks.measure import client_of, measure
from benchmarks.report import report
from benchmarks.visits_data import VisitBuilder
from mentors.models import Visit
from pilotwork import clock
from pilotwork.templatetags.pilotwork import PAGE_SIZES
from reports import figures
from reports.demo import load
from units.models import PilotUnit

UNITS, VISITS = 2_000, 1_000_000
PROMISED = ("home", "matrix and week grid", "visit list")
# Seconds that the figures of a report may take at most.
REPORT_WITHIN = 3


def pages(builder):
    """(name, person, address) of the pages; the mentor and the unit are of those added last."""
    unit, grid = builder.units[-1], reverse("mentors:five_ones")
    county = builder.story.people["secretary"]
    mentor = User.objects.get(mentor_assignments__pilot_unit=unit)
    half_way = builder.story.day(180).isoformat()
    return [
        ("home", county, reverse("home")),
        ("home of a mentor", mentor, reverse("home")),
        ("matrix and week grid", county, grid),
        ("earlier weeks", county, f"{grid}?until={half_way}"),
        ("unit's five ones", county, reverse("mentors:unit_file", args=[unit.pk])),
        ("visit list", county, reverse("mentors:visits")),
        ("visits of one unit", county, f"{reverse('mentors:visits')}?unit={unit.pk}"),
        ("visits of a mentor", mentor, reverse("mentors:visits")),
    ]


def grow(builder, units, visits):
    """Build until there are so many units in all and at least so many visits."""
    start = time.perf_counter()
    missing = units - PilotUnit.objects.count()
    builder.add_units(missing, math.ceil((visits - Visit.objects.count()) / missing))
    seconds = time.perf_counter() - start
    print(
        f"{units:,} units, {Visit.objects.count():,} visits: built in {seconds:.0f} s", flush=True
    )


def time_the_report(builder):
    """Print how long the figures take today and at a cutoff half-way; returns whether in time."""
    county = client_of(builder.story.people["secretary"])
    programme, today = builder.story.programme, clock.today()
    in_time = True
    for on in (today, builder.story.day(180)):
        start = time.perf_counter()
        number = figures.measure(programme, on)["visits"]
        measured = time.perf_counter() - start
        start = time.perf_counter()
        assert county.get(figures.figure_url("visits", programme, on)).status_code == 200
        page = time.perf_counter() - start
        print(
            f"report as of {on}: {len(figures.FIGURES)} figures in {measured:.2f} s"
            f" ({number:,} visits); the page behind the visits in {page:.2f} s"
        )
        in_time &= measured <= REPORT_WITHIN and page <= REPORT_WITHIN
    if not in_time:
        print(f"Broken: the report within {REPORT_WITHIN} s")
    return in_time


def main():
    """Run the benchmark; returns 1 when a promise is not kept, else 0."""
    call_command("migrate", verbosity=0)
    builder = VisitBuilder(load())
    one_page = PAGE_SIZES[0]
    results, sizes = {}, (one_page, UNITS)
    for size, visits in ((one_page, one_page), (UNITS, VISITS)):
        grow(builder, size, visits)
        for name, person, address in pages(builder):
            results[name, size] = measure(client_of(person), address)
    in_time = time_the_report(builder)
    return report(results, sizes, PROMISED) or (0 if in_time else 1)
