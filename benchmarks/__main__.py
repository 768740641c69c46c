"""`make bench` and the like: the main pages with little data and with much, and backups of much.

`python -m benchmarks applications` compares 1,000 with 100,000 applications, `python -m benchmarks
visits` one page of units with 1,000,000 visits over 2,000 units, where the figures of the report
are timed too. Prints each page's queries,
requests per second and ratio to the floor (a page of the same size that loads the signed-in user
and asks nothing else), and the throughput at the large size as a share of that at the small one.
`python -m benchmarks backups` times a backup of those visits and its restore. In each case
the exit code is 1 when a promise is broken. Uses an empty database of its own: SQLite under var/,
or the one that BENCH_DATABASE_URL names.
"""

import os
import sys
from pathlib import Path

import django

FILE = Path("var") / "bench.sqlite3"

FILE.parent.mkdir(exist_ok=True)
for leftover in FILE.parent.glob(f"{FILE.name}*"):
    leftover.unlink()
os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{FILE}"
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
django.setup()

# Models can be imported only now.
from benchmarks import applications, backups, visits  # noqa: E402

KINDS = {"applications": applications, "backups": backups, "visits": visits}
sys.exit(KINDS[sys.argv[1]].main())
