"""Requests per second of a page beside those of its floor, in turn, through the whole stack."""

import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks import floor

ROUNDS = 12
SECONDS = 0.25


def client_of(user):
    """A client signed in as `user`."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def per_second(client, address):
    """Requests per second over one short stretch."""
    done, until = 0, time.perf_counter() + SECONDS
    start = time.perf_counter()
    while time.perf_counter() < until:
        assert client.get(address).status_code == 200, address
        done += 1
    return done / (time.perf_counter() - start)


def measure(client, address):
    """Return (queries, requests per second, ratio to the floor): the best of several rounds.

    The best and not the middle, because what other work on the machine takes away is not the page's.
    """
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    floor.PAGES["page"] = response.content
    beside = reverse("floor", args=["page"])
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    # Counted at once: the log behind it is emptied when the next request begins.
    asked = len(queries)
    pairs = [(per_second(client, address), per_second(client, beside)) for _ in range(ROUNDS)]
    speed, base = (max(speeds) for speeds in zip(*pairs, strict=True))
    return asked, speed, speed / base
