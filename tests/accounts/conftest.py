"""People of the county as the tests of accounts need them."""

import pytest
from django.test import Client

from accounts.models import Duty
from tests.factories import UserFactory


@pytest.fixture
def administrator(db):
    return UserFactory(username="administrator", name="管", duties=[Duty.ADMINISTRATOR])


@pytest.fixture
def person(db):
    return UserFactory(username="zhangsan", name="张三", post="科员")


@pytest.fixture
def required(settings):
    """An installation that asks for the second factor."""
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def cashier(db):
    return UserFactory(username="cashier", name="钱", duties=[Duty.CASHIER])


def browser(user=None):
    """A browser, signed in as `user` if one is given."""
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
