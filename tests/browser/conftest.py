"""People of the county, each at a browser of his own."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from tests.factories import PASSWORD

PATIENCE = 15_000  # milliseconds; a busy machine is no failure
expect.set_options(timeout=PATIENCE)
SIGNED_IN_BY = "django.contrib.auth.backends.ModelBackend"


class Desks:
    """Opens browsers for people and hears what goes wrong in any of them."""

    def __init__(self, county, new_context, address):
        self.county = county
        self.new_context = new_context
        self.address = address
        self.troubles = []

    def stranger(self):
        """A page of a browser in which nobody is signed in."""
        page = self.new_context().new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", self._hear)
        return page

    def _hear(self, message):
        if "Content Security Policy" in message.text:
            self.troubles.append(message.text)

    def of(self, username):
        """A page of the person's own browser, signed in already."""
        page = self.stranger()
        client = Client()
        client.force_login(self.county.people[username], backend=SIGNED_IN_BY)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        return page

    def sign_in(self, username, password=PASSWORD):
        """A page of the person's own browser, signed in through the form."""
        page = self.stranger()
        page.goto("/")
        page.get_by_label("登录名").fill(username)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        return page


@pytest.fixture
def desks(county, new_context, live_server):
    """The Desks of the county; afterwards no script of any page may have failed."""
    desks = Desks(county, new_context, live_server.url)
    yield desks
    assert desks.troubles == []
