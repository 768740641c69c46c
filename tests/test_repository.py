"""What may lie in the repository: our own sources, and no trace of a machine or a registry."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Put together here so that this file does not hold what it forbids.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("npmmirror", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w.}/-])/(?:work|root|home/\w+|Users/\w+)/")
UNFINISHED = re.compile("|".join(rf"\b{a}{b}\b" for a, b in (("TO", "DO"), ("FIX", "ME"))))
GENERATED = ("node_modules/", ".venv/", "var/", "__pycache__/")
NOT_SOURCES = (".sqlite3", ".pyc", ".min.js", ".min.css", ".woff", ".woff2", ".zip", ".whl")


def tracked_files():
    """The paths that git tracks, relative to the root; skips outside a git checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: an export has no list of tracked files")
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for path in listed.split("\0") if path and (ROOT / path).is_file()]


def texts():
    """(path, text) of every tracked file that is text."""
    for path in tracked_files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8")


def lines_with(pattern):
    """["path:line: text"] of all tracked lines in which the compiled `pattern` is found."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_there_are_files_to_look_at():
    assert "manage.py" in tracked_files()


def test_no_file_holds_the_address_of_a_package_registry():
    assert lines_with(re.compile("|".join(map(re.escape, REGISTRIES)))) == []


def test_no_file_holds_a_path_of_one_machine():
    assert lines_with(MACHINE_PATH) == []


def test_nothing_is_left_for_later():
    assert lines_with(UNFINISHED) == []


def test_nothing_generated_or_fetched_is_tracked():
    strays = [
        path
        for path in tracked_files()
        if path.endswith(NOT_SOURCES) or any(f"/{folder}" in f"/{path}" for folder in GENERATED)
    ]
    assert strays == []


def test_style_sheets_and_scripts_are_written_for_people():
    long_lines = [
        path
        for path, text in texts()
        if path.endswith((".css", ".js")) and max(map(len, text.splitlines()), default=0) > 200
    ]
    assert long_lines == []
