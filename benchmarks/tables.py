"""What the benchmark prints, and whether the promises hold."""

from benchmarks.narrow import HOME
from benchmarks.wide import GROWN, MOST_QUERIES, NOTABLE, SLOW

HELD, OF_BARE, OF_FLOOR = 0.8, 0.6, 0.15
MOST_MEGABYTES, SOONEST = 200, 3
SHOWN = 50


def wide(looks):
    """Print what stands out among the Looks; returns whether every page stays within its queries."""
    pages = [one for one, (_, large) in looks.items() if large.status == 200]
    print(f"\n{len(looks):,} looks at both sizes, {len(pages):,} of them at a page")
    broken = [one for one in looks if looks[one][1].queries > MOST_QUERIES]
    slowest = {}
    for one in sorted(filter(lambda one: _stands_out(*looks[one]), looks), key=_slowness(looks)):
        # Of a page that several people see alike, the slowest look; of each narrowing its own.
        slowest.setdefault((one[0], one[1].partition("?")[2]), one)
    notable = list(slowest.values())
    print(f"{'queries':>9} {'ms':>15} {'slowest query, ms':>18}  page as whom")
    for one in notable[:SHOWN]:
        small, large = looks[one]
        print(
            f"{small.queries:4}/{large.queries:<4} {small.seconds * 1000:7.0f}/"
            f"{large.seconds * 1000:<7.0f} {large.slowest_seconds * 1000:18.0f}  "
            f"{one[1]} ({one[0]}) as {one[2]}"
        )
    print(f"{len(notable)} stand out: over {MOST_QUERIES} queries, {SLOW * 1000:.0f} ms, or grown")
    for one in broken:
        print(f"Broken: {looks[one][1].queries} queries at {one[1]} as {one[2]}")
    return not broken


def _stands_out(small, large):
    has_grown = large.seconds > max(GROWN * small.seconds, NOTABLE)
    return large.queries > MOST_QUERIES or large.seconds > SLOW or has_grown


def _slowness(looks):
    return lambda one: -looks[one][1].seconds


def narrow(rows):
    """Print the Rows {(page, address, kind): Row}; returns whether every promise holds."""
    print(
        f"\n{'queries':>7} {'req/s':>11} {'large/small':>11} {'of floor':>8} {'of bare':>8}  page"
    )
    broken = []
    for (name, address, kind), row in rows.items():
        held, of_floor = row.large / row.small, row.large / row.floor
        of_bare = row.large / row.bare if row.bare else None
        is_list = row.bare is not None
        faults = [
            words
            for words, is_broken in (
                (f"large/small {held:.2f} < {HELD}", held < HELD),
                (f"of bare {of_bare or 0:.2f} < {OF_BARE}", is_list and of_bare < OF_BARE),
                (f"of floor {of_floor:.2f} < {OF_FLOOR}", not is_list and of_floor < OF_FLOOR),
            )
            if is_broken
        ]
        broken += [f"{name} as {kind}: {words}" for words in faults]
        bare = f"{of_bare:8.2f}" if is_list else " " * 8
        print(
            f"{row.queries:7} {row.small:5.0f}/{row.large:<5.0f} {held:11.2f} {of_floor:8.2f} {bare}"
            f"  {address if name != HOME else 'home'} as {kind}{' *' if faults else ''}"
        )
    for words in broken:
        print(f"Broken: {words}")
    return not broken


def server(figures):
    """Print what gunicorn was seen to take; returns whether its promises hold."""
    print()
    for words, value in figures.items():
        print(f"{words:42} {value:8.2f}")
    *starts, _, megabytes = figures.values()
    return max(starts) < SOONEST and megabytes < MOST_MEGABYTES
