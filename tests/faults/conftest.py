"""What the tests of faults stand on: a database and a folder that real servers work with."""

import pytest

from tests.faults.databases import own_database
from tests.faults.servers import serving


@pytest.fixture
def database(transactional_db, tmp_path):
    """The address of a database of the test's own, which this process works on too."""
    with own_database(tmp_path) as address:
        yield address


@pytest.fixture
def server(database, tmp_path):
    """A gunicorn on that database, not started yet."""
    with serving(tmp_path, database) as server:
        yield server
