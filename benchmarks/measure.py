"""Looks at pages in this process, and asks for one as often as it can, through the whole stack."""

import dataclasses
import time

from django.conf import settings
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    setup_test_environment,
    teardown_test_environment,
)
from django.urls import reverse

from benchmarks import floor

# Seconds: what takes longer is not asked for a second time.
SLOW = 0.5
EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS) "


@dataclasses.dataclass(frozen=True)
class Look:
    """What a request met: status, queries, seconds, a list's page, and its slowest query."""

    status: int
    queries: int
    seconds: float
    text: str
    slowest: str
    slowest_seconds: float


def client_of(session):
    """A client that carries the session of that key; without one, nobody's."""
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def look(address, session):
    """The Look at an address: the queries of the first request, the time of the better of two."""
    client = client_of(session)
    reset_queries()
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    seconds = time.perf_counter() - begun
    # Copied at once: the log behind it is emptied when the next request begins.
    asked = list(queries.captured_queries)
    slowest = max(asked, key=lambda q: float(q["time"]), default=None)
    if seconds < SLOW:
        begun = time.perf_counter()
        client.get(address)
        seconds = min(seconds, time.perf_counter() - begun)
    is_list = not response.streaming and b'class="list-foot"' in response.content
    return Look(
        response.status_code,
        len(asked),
        seconds,
        response.content.decode() if is_list else "",
        slowest["sql"] if slowest else "",
        float(slowest["time"]) if slowest else 0.0,
    )


def explain(sql):
    """How PostgreSQL runs a query, line by line."""
    with connection.cursor() as cursor:
        cursor.execute(EXPLAIN + sql)
        return [line for (line,) in cursor.fetchall()]


def prepare(address, session):
    """Keep the page at `address` as its floor; returns the addresses of floor and bare list.

    The second is "" for what is no list of rows.
    """
    setup_test_environment()
    try:
        response = client_of(session).get(address)
    finally:
        teardown_test_environment()
    assert response.status_code == 200, f"{address}: {response.status_code}"
    floor.PAGES["page"] = response.content
    context = response.context
    is_list = b'class="list-foot"' in response.content and floor.keep_list("page", _flat(context))
    bare = reverse("bare", args=["page"]) if is_list else ""
    return reverse("floor", args=["page"]), bare


def _flat(context):
    return {name: context.get(name) for name in ("table", "page")}


def per_second(address, session, seconds):
    """Requests per second of an address over one short stretch."""
    client = client_of(session)
    done, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        done += 1
    return done / passed
