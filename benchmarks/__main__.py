"""`make bench-growth` and `make bench-backups`: every page, and the backup, of a large county.

`python -m benchmarks growth` builds one page of everything and a large county in two databases of its
own on PostgreSQL, beside the one that BENCH_DATABASE_URL names, and drops them afterwards. Prints
what stands out among all pages, requests per second of the main ones with what they are measured
against, and what gunicorn takes. `python -m benchmarks backups` times a backup of the large county
and its restore. The exit code is 1 when a promise is broken.
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
    parser.add_argument("what", choices=["growth", "backups"], help="what is measured")
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
    sys.exit(importlib.import_module(f"benchmarks.{asked.what}").main(asked))
