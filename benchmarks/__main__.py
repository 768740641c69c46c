"""`make bench-growth`: every page of every duty, with one page of everything and in a large county.

`python -m benchmarks growth` builds both in two databases of its own on PostgreSQL, beside the one that
BENCH_DATABASE_URL names, and drops them afterwards. Prints what stands out among all pages,
requests per second of the main ones with what they are measured against, and what gunicorn takes;
the exit code is 1 when a promise is broken.
"""

import argparse
import importlib
import os
import sys

from benchmarks.databases import SMALL
from benchmarks.process import start


def options():
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", choices=["growth"], help="3,000 units and a million visits")
    parser.add_argument("--explain", action="store_true", help="the slowest SQL, and how it runs")
    parser.add_argument("--wide", action="store_true", help="only look for what stands out")
    parser.add_argument("--keep", action="store_true", help="do not drop the databases")
    return parser.parse_args()


# The processes beside the databases import this module too, under another name.
if __name__ == "__main__":
    asked = options()
    if not os.environ.get("BENCH_DATABASE_URL", "").startswith("postgres"):
        sys.exit(
            "BENCH_DATABASE_URL must name a PostgreSQL database, like postgres://user@host/bench"
        )
    start(SMALL)
    # Models can be imported only now.
    sys.exit(importlib.import_module("benchmarks.growth").main(asked))
