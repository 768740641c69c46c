"""A backup of the large county and its restore on SQLite: rows a second and the memory they take."""

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from benchmarks.databases import LARGE, url_of
from benchmarks.growth import clear_away, kept_or_built
from reports.backup.box import MANIFEST

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


def rows_in(file):
    """How many rows of all tables a backup holds."""
    with zipfile.ZipFile(file) as box:
        return sum(table["rows"] for table in json.loads(box.read(MANIFEST))["tables"])


def told(name, rows, seconds, megabytes):
    """Print the figures of a command over so many rows; returns whether they are as promised."""
    print(
        f"{name:22} {seconds:6.0f} s   {rows / seconds:7,.0f} rows/s   {megabytes:4.0f} MB",
        flush=True,
    )
    return rows / seconds >= ROWS_A_SECOND and megabytes <= MEGABYTES


def main(options):
    """Run the benchmark; returns 1 when a promise is not kept, else 0."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    kept_or_built()
    taken = run("backup", FOLDER, DATABASE_URL=url_of(LARGE))
    (file,) = FOLDER.glob("*.zip")
    rows = rows_in(file)
    print(f"{rows:,} rows, {file.stat().st_size / 1024**2:,.0f} MB in the file", flush=True)
    elsewhere = {"DATABASE_URL": f"sqlite:///{RESTORED}", "MEDIA_ROOT": f"{FOLDER}/media"}
    run("migrate", **elsewhere)
    kept = [
        told("backup, checked", rows, *taken),
        told("restore into SQLite", rows, *run("restore", file, **elsewhere)),
    ]
    if not options.keep:
        clear_away()
    if all(kept):
        return 0
    print(f"Broken: at least {ROWS_A_SECOND:,} rows a second in at most {MEGABYTES} MB")
    return 1
