"""A second programme beside the county's."""

import pytest

from pilotwork import clock
from reports.programmes.opening import Continuing, open_programme
from tests.factories import days_ago


@pytest.fixture
def next_one(county):
    """A programme that began today beside the county's, with its unit and its mentor."""
    return open_programme(
        by=county.administrator,
        name="下一次试点",
        year=clock.today().year,
        starts_on=clock.today(),
        ends_on=days_ago(-300),
        like=county.programme,
        continuing=[Continuing(county.unit)],
    )
