"""The log as one JSON object a line, for machines to read, without personal data.

Only what is named here is written. A general JSON formatter would add every attribute of a record:
Django hangs the request on it, with the address and what was typed.
"""

import datetime as dt
import json
import logging
import traceback
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError

from pilotwork.request_log import current_request_id, route_of

# Their messages hold the raw address, the host that was asked for, or SQL with its values.
QUOTING = ("django.request", "django.security", "django.server", "django.db.backends")
# What these say is about code, tables and files; any other exception may quote what was typed.
ABOUT_CODE = (
    AttributeError,
    ImportError,
    IntegrityError,
    InterfaceError,
    NameError,
    OperationalError,
    OSError,
    ProgrammingError,
    TypeError,
)


class JSONLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, request id, and what the record is about."""

    def format(self, record):
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        request = getattr(record, "request", None)
        line = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(request, "request_id", "") or current_request_id(),
        }
        if fields := getattr(record, "fields", None):
            line |= fields
        elif record.name.startswith(QUOTING):
            status = getattr(record, "status_code", None)
            line |= {"route": route_of(request), "status": status} if request else {}
        else:
            line["message"] = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            line["errors"] = [_told(error) for error in _chain(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False, default=str)


def _chain(error):
    """The exception and those it followed from, the first cause last."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error):
    """An exception without the values it met: its kind, where it came up, and what it says of code."""
    told = {
        "kind": type(error).__qualname__,
        "at": [
            f"{_shortened(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ],
    }
    if isinstance(error, ABOUT_CODE):
        # PostgreSQL's further lines quote the row.
        told["says"] = str(error).partition("\n")[0]
    return told


def _shortened(filename):
    """The path within the project or within a package, without the places of this machine."""
    path = Path(filename)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return str(
        path.relative_to(settings.BASE_DIR) if path.is_relative_to(settings.BASE_DIR) else path
    )
