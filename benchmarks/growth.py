"""Runs the growth benchmark and says whether its promises hold."""

import json
from pathlib import Path

from benchmarks import databases, measure, tables
from benchmarks.build import build
from benchmarks.databases import LARGE, SMALL
from benchmarks.narrow import compare, main_pages
from benchmarks.process import beside
from benchmarks.server import serve
from benchmarks.wide import everything, further, look_at

EXPLAINED = 10
# Whom the databases know and which addresses they have, while they are kept.
KEPT = Path("var") / "benchmark.json"


def main(options):
    """Run the benchmark; returns 1 when a promise is not kept, else 0."""
    sessions, found = kept_or_built()
    with beside(SMALL) as small, beside(LARGE) as large:
        looks = look_everywhere(small, large, sessions, found)
        kept = tables.wide(looks)
        if options.explain:
            explain(large, looks)
        if not options.wide:
            pages = main_pages(looks)
            rows = {page: compare(small, large, page, sessions) for page in pages}
            kept &= tables.narrow(rows)
    if not options.wide:
        # Each page once: who asks makes little difference to what a worker weighs.
        asked = {one[1]: one[2] for one, (_, seen) in looks.items() if seen.status == 200}
        kept &= tables.server(serve(sessions, asked.items()))
    if not options.keep:
        clear_away()
    return 0 if kept else 1


def clear_away():
    """Drop both databases."""
    for size in (SMALL, LARGE):
        databases.drop(size)
    KEPT.unlink()


def kept_or_built():
    """What `build` returns; with --keep, that of the databases which an earlier run has left."""
    if KEPT.exists() and databases.are_kept():
        return json.loads(KEPT.read_text())
    KEPT.unlink(missing_ok=True)
    built = build()
    KEPT.write_text(json.dumps(built))
    return built


def look_everywhere(small, large, sessions, found):
    """{(page, address, kind): (Look at the small county, Look at the large one)}."""
    asked = everything(sessions, found)
    looks = look_at(small, large, sessions, asked)
    more = [row for one, (_, at_large) in looks.items() for row in further(*one, at_large.text)]
    return looks | look_at(small, large, sessions, more)


def explain(large, looks):
    """Print the slowest queries of the large county, each page's slowest, and how they run."""
    slowest = {}
    for (name, *_), (_, seen) in looks.items():
        if seen.slowest_seconds > slowest.get(name, (0,))[0]:
            slowest[name] = seen.slowest_seconds, seen.slowest
    for name, (seconds, sql) in sorted(slowest.items(), key=lambda one: -one[1][0])[:EXPLAINED]:
        print(f"\n{name}: {seconds:.3f} s\n{sql}")
        print("\n".join(large.submit(measure.explain, sql).result()))
