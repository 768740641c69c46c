"""An open award cycle."""

import pytest

from tests.awards.rounds import (
    open_cycle,
)


@pytest.fixture
def cycle(county):
    return open_cycle(county)
