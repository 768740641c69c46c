"""Whatever anybody sends, every answer is a page of our own, for whoever may read it."""

import random
import time

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from pytest_django.live_server_helper import LiveServer

from tests.fuzz.siege import BROWSER_SECONDS, SECONDS, SEED

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("fuzz")]
HEARS_IT_RUN = "window.ran = () => console.error('planted text has run')"


def told(faults):
    """The faults as one text, to be read where the test fails."""
    return "\n\n#### ".join(["", *faults])


@pytest.mark.django_db
def test_what_is_planted_acts_nowhere_and_reaches_nobody_who_may_not_see_it(siege):
    faults = [f"{ask}\n{fault}" for ask, fault in siege.crawler.faults]
    assert len(siege.planted.marks) > 500
    assert not faults, told(faults)


@pytest.mark.django_db
def test_whatever_is_sent_is_answered_with_a_page_of_our_own(siege):
    faults, sent = siege.fire(SECONDS)
    assert sent > SECONDS
    assert not faults, told(faults)


@pytest.fixture(scope="module")
def tabs(browser, siege, django_db_blocker):
    """A function that opens a tab in which that kind of person is signed in; what tabs complain of."""
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = StaticFilesHandler
    server.start()
    opened, heard = {}, []

    def tab(kind):
        if kind not in opened:
            context = browser.new_context(base_url=server.url, locale="zh-CN")
            context.add_init_script(HEARS_IT_RUN)
            cookie = {"name": settings.SESSION_COOKIE_NAME, "url": server.url}
            if siege.browsers.cookies[kind]:
                context.add_cookies([{**cookie, "value": siege.browsers.cookies[kind]}])
            opened[kind] = listened_to(context.new_page(), heard)
        return opened[kind]

    with django_db_blocker.unblock():
        yield tab, heard
        for page in opened.values():
            # A thread that still answers would keep its connection to the database.
            page.wait_for_load_state("networkidle")
            page.context.close()
        server.stop()


def listened_to(page, heard):
    """The page, whose complaints are written into `heard`."""
    page.on("console", lambda said: said.type == "error" and heard.append((page.url, said.text)))
    page.on("pageerror", lambda error: heard.append((page.url, str(error))))
    page.on("dialog", lambda dialog: heard.append((page.url, dialog.message)))
    return page


@pytest.mark.browser
def test_a_browser_runs_nothing_of_what_is_planted(siege, tabs):
    tab, heard = tabs
    looks = siege.one_look_a_page()
    random.Random(SEED).shuffle(looks)
    last = time.monotonic() + BROWSER_SECONDS
    for address, kind in looks:
        page = tab(kind)
        page.goto(address, wait_until="load")
        assert page.locator("plant, [onplant]").count() == 0, address
        if time.monotonic() > last:
            break
    # The security policy would stop a script, and says so: that too would be unescaped text.
    assert not heard
