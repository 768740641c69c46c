"""Builds the county in this process, first with one page of everything, then large."""

import time

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from benchmarks import databases
from benchmarks.county import County
from tests.pages.found import EVERYBODY, ROUTES, addresses, site

# The world has nearly one page of everything; the rest fills it.
ONE_PAGE = {"units": 40, "visits": 60, "applications": 60, "entries": 200}
LARGE = {"units": 3_000, "visits": 1_000_000, "applications": 100_000, "entries": 200_000}
# Besides the people of the page tests, who are tied to units with everything: two of the many.
# Who is shown what others are shown too is left out.
ALIKE = {"approver who mentors", "superuser", "other unit's member"}
PEOPLE = {kind: name for kind, name in EVERYBODY.items() if kind not in ALIKE}
PEOPLE |= {"mentor": "mentor0", "one of many members": "member0"}
MOST_ADDRESSES = 3
# The benchmark's own pages.
MEASURES = {"floor", "bare"}


def build():
    """Build both databases; this process stays beside the small one.

    Returns ({kind of person: session}, [(page, address)]).
    """
    databases.create(databases.SMALL)
    call_command("migrate", verbosity=0)
    county = County()
    _grow(county, ONE_PAGE)
    sessions = {kind: _session(name) for kind, name in PEOPLE.items()}
    found = [
        (name, address)
        for name, view in site()
        if name not in MEASURES
        for address in addresses(name, view, ROUTES[name], county.world)[:MOST_ADDRESSES]
    ]
    connection.close()
    databases.create(databases.LARGE, template=databases.name_of(databases.SMALL))
    small = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = databases.name_of(databases.LARGE)
    _grow(county, LARGE)
    connection.close()
    connection.settings_dict["NAME"] = small
    return sessions, found


def _grow(county, numbers):
    start = time.perf_counter()
    county.grow(**numbers)
    seconds = time.perf_counter() - start
    words = ", ".join(f"{number:,} {what}" for what, number in numbers.items())
    print(f"{words}: built in {seconds:.0f} s", flush=True)


def _session(username):
    if username is None:
        return ""
    client = Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(User.objects.get(username=username), backend=backend)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
