"""One line in the log for each request, and the id by which an incident is found in it.

The line says the route's name, never the address, which may hold a token or what was searched for;
of people the number at most (docs/operations.md, Logs).
"""

import logging
import re
import secrets
import time
from contextvars import ContextVar

from django.conf import settings
from django.db import connection
from django.urls import Resolver404, resolve

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
log = logging.getLogger(__name__)
_current = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request that this thread answers, "" outside one."""
    return _current.get()


def route_of(request) -> str:
    """The name of the request's route, as in urls.py; "" for an unknown address or a static file."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        # Answered before it came to a view, as when the database is away.
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return ""
    return match.view_name


def _id_for(request):
    """The id that our own proxy gave, if it looks like one, else a new one."""
    given = request.headers.get(HEADER, "") if settings.PROXY_COUNT else ""
    return given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


class _Counter:
    """Counts the queries that pass."""

    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


class RequestLogMiddleware:
    """First of all: gives the request its id, answers it in a header, writes the line."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = _id_for(request)
        token = _current.set(request.request_id)
        try:
            return self._answer(request)
        finally:
            _current.reset(token)

    def _answer(self, request):
        began, queries = time.monotonic(), _Counter()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        response[HEADER] = request.request_id
        # Who it is only where the page has asked for it: the log costs no query of its own.
        person = getattr(request, "_cached_user", None)
        fields = {
            "method": request.method,
            "route": route_of(request),
            "status": response.status_code,
            "ms": round((time.monotonic() - began) * 1000),
            "queries": queries.count,
            "user": person.pk if person else None,
        }
        log.info("request", extra={"fields": fields})
        return response
