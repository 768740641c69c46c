"""A backup of a large county and its restore on SQLite: rows a second and the memory they take."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from django.core.management import call_command

from benchmarks.visits import UNITS, VISITS, grow
from benchmarks.visits_data import VisitBuilder
from reports.demo import load

FOLDER = Path("var") / "bench-backups"
RESTORED = FOLDER / "restored.sqlite3"
# Rows a second at least, megabytes of memory at most.
ROWS_A_SECOND, MEGABYTES = 5_000, 400


# The system would count what the process that starts this one had taken.
COMMAND = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


def run(*arguments, **environment):
    """Run a management command; returns (seconds, megabytes of memory at its peak)."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return time.perf_counter() - start, int(done.stdout.split()[-1]) / 1024


def timed(name, rows, *arguments, **environment):
    """Run a command over so many rows and print its figures; returns whether they are as promised."""
    seconds, megabytes = run(*arguments, **environment)
    print(
        f"{name:22} {seconds:6.0f} s   {rows / seconds:7,.0f} rows/s   {megabytes:4.0f} MB",
        flush=True,
    )
    return rows / seconds >= ROWS_A_SECOND and megabytes <= MEGABYTES


def main():
    """Run the benchmark; returns 1 when a promise is not kept, else 0."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    call_command("migrate", verbosity=0)
    grow(VisitBuilder(load()), UNITS, VISITS)
    rows = 2 * VISITS
    elsewhere = {"DATABASE_URL": f"sqlite:///{RESTORED}", "MEDIA_ROOT": f"{FOLDER}/media"}
    kept = [timed("backup, checked", rows, "backup", FOLDER)]
    (file,) = FOLDER.glob("*.zip")
    print(f"{file.stat().st_size / 1024**2:,.0f} MB in the file", flush=True)
    run("migrate", **elsewhere)
    kept.append(timed("restore into SQLite", rows, "restore", file, **elsewhere))
    if all(kept):
        return 0
    print(f"Broken: at least {ROWS_A_SECOND:,} rows a second in at most {MEGABYTES} MB")
    return 1
