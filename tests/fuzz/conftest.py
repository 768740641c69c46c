"""The world that the fuzz attacks: the same as that of the page tests, with hostile text planted."""

import pytest

from tests.fuzz.siege import Siege
from tests.pages.conftest import world

__all__ = ["world"]


@pytest.fixture(scope="module")
def siege(world, django_db_blocker):
    """The site as everybody finds it, every text of every row hostile."""
    with django_db_blocker.unblock():
        return Siege(world)
