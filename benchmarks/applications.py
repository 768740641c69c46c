"""Builds the data set, measures every main page at both sizes and prints the table."""

import time

from django.core.management import call_command
from django.urls import reverse

from benchmarks.data import Builder
from benchmarks.measure import client_of, measure
from benchmarks.report import report
from funds.models import Application, State
from reports.demo import load

SIZES = [1_000, 100_000]
MOST_QUERIES = 12


def pages(story):
    """(name, person, address) of the main pages; the applications opened exist at every size."""

    def one(state):
        built = Application.objects.filter(state=state, number__startswith="B-")
        return built.order_by("pk").first().pk

    approver, cashier = story.people["secretary"], story.people["clerk"]
    return [
        ("home", approver, reverse("home")),
        ("home of a cashier", cashier, reverse("home")),
        ("applications", approver, reverse("funds:applications")),
        ("decision page", approver, reverse("funds:application", args=[one(State.REVIEWED)])),
        ("paying page", cashier, reverse("funds:application", args=[one(State.APPROVED)])),
        ("fund's ledger", cashier, reverse("funds:account", args=[story.fund.pk])),
    ]


def main():
    """Run the benchmark; returns 1 when a promise is not kept, else 0."""
    call_command("migrate", verbosity=0)
    story = load()
    builder = Builder(story)
    results = {}
    for size in SIZES:
        start = time.perf_counter()
        builder.grow_to(size)
        print(f"{size:,} applications built in {time.perf_counter() - start:.0f} s", flush=True)
        for name, person, address in pages(story):
            results[name, size] = measure(client_of(person), address)
    return report(results, SIZES, {"applications", "decision page"}, MOST_QUERIES)
