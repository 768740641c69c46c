"""The county of the tests with a pair of nine days' standing."""

import pytest

from pairings.actions import pair
from tests.factories import days_ago
from tests.pairings.together import STARTED
from tests.people import County


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def pairing(county):
    """The unit and the office, paired nine days ago; each side has a member."""
    return pair(county.unit, county.office, by=county.administrator, starts_on=days_ago(STARTED))


@pytest.fixture
def lonely(county, pairing):
    """The same pair after the office's only member has left."""
    membership = county.partner.memberships.get()
    membership.ends_on = days_ago(1)
    membership.save(update_fields=["ends_on"])
    return pairing
