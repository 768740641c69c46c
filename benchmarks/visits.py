"""The pages of the five ones with one page of data and with a million visits, and their table."""

import math
import time

from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from benchmarks.measure import client_of, measure
from benchmarks.report import report
from benchmarks.visits_data import VisitBuilder
from mentors.models import Visit
from pilotwork.templatetags.pilotwork import PAGE_SIZES
from reports.demo import load
from units.models import PilotUnit

UNITS, VISITS = 2_000, 1_000_000
PROMISED = ("home", "matrix and week grid", "visit list")


def pages(builder):
    """(name, person, address) of the pages; the mentor and the unit are of those added last."""
    unit, grid = builder.units[-1], reverse("mentors:five_ones")
    county = builder.story.people["secretary"]
    mentor = User.objects.get(mentor_assignments__pilot_unit=unit)
    half_way = builder.story.day(180).isoformat()
    return [
        ("home", county, reverse("home")),
        ("home of a mentor", mentor, reverse("home")),
        ("figures so far", county, reverse("reports:so_far")),
        ("trends", county, reverse("reports:trends")),
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
    return report(results, sizes, PROMISED)
