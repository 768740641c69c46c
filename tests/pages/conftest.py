"""The world of the page tests: committed once for a module, swept away after it."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from pilotwork.appendonly import lifted
from tests.pages.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A county with one of everything, visible to every connection (and so to a live server)."""
    with django_db_blocker.unblock():
        # pytest-django makes a test database only where a test is marked `django_db`; without one,
        # this would fill, and then empty, whatever database is at hand.
        name = Path(str(connection.settings_dict["NAME"])).name
        assert name.startswith("test"), f"{name} is no test database: run the folder tests/pages"
        yield World()
        with lifted():
            call_command("flush", verbosity=0, interactive=False)
