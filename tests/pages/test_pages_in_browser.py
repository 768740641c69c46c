"""Every page in a real browser, desktop and phone: no console error, no other host, axe, no sideways scroll."""

import functools
import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tests.conftest import is_long_run
from tests.pages.found import EVERYBODY, ROUTES, addresses, site

FEW = 1  # addresses of a page that the fast suite looks at
WIDTHS = {1280: 900, 390: 844}
# Asked first whoever sees most; a page is looked at as the first of them who may open it.
ORDER = ["approver", "reviewer", "cashier", "administrator", "unit member", "nobody"]
AXE = Axe().axe_script
# Without `preload` axe does not fetch the style sheets once more, which only untaken rules read.
VIOLATIONS = """exclude => axe.run({exclude}, {resultTypes: ["violations"], preload: false})
    .then(results => results.violations)"""
# Pixels; a chart takes a moment to follow a page that was made narrow.
TOO_WIDE = """async () => {
    const over = () => document.documentElement.scrollWidth - innerWidth
    for (let tries = 0; over() > 0 && tries < 20; tries++)
        await new Promise(done => setTimeout(done, 100))
    return over()
}"""
# What stands around every page: the fast suite lets axe look at it on these pages alone.
FRAME = [".top", ".rail", ".bottom-bar"]
FRAMED = {"home", "reports:help"}
ELEMENT = re.compile(r'<\w+|class="[^"]*"')
PAGES = [
    pytest.param(name, width, id=f"{name}-{width}", marks=pytest.mark.xdist_group("browser"))
    for name, _ in site()
    for width in WIDTHS
]


class KeptStaticFiles(StaticFilesHandler):
    """Serves style sheets and scripts that a tab may keep, as it may those with hashed names."""

    def serve(self, request):
        response = super().serve(request)
        response["Cache-Control"] = "max-age=3600"
        return response


@pytest.fixture(scope="module")
def server(world):
    """The world, served as to a real browser."""
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = KeptStaticFiles
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def tabs(browser, server, world, django_db_blocker, pytestconfig):
    """Gives, for a kind of person and a width, a browser tab in which that person is signed in.

    The fast suite has one tab for both widths, in which a page is loaded once and then made narrow;
    a phone's own browser, with fingers, loads each page in the long runs.
    """
    opened = {}

    def tab(kind, width):
        own = width if is_long_run(pytestconfig) else max(WIDTHS)
        if (kind, own) not in opened:
            opened[kind, own] = _tab(browser, server, world, kind, own)
        tab = opened[kind, own]
        tab.set_viewport_size({"width": width, "height": WIDTHS[width]})
        return tab

    with django_db_blocker.unblock():
        yield tab
        for page in opened.values():
            page.context.close()


def _tab(browser, server, world, kind, width):
    context = browser.new_context(
        base_url=server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": width, "height": WIDTHS[width]},
        has_touch=width < 768,
        is_mobile=width < 768,
    )
    if EVERYBODY[kind]:
        client = signed_in(world, kind)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    return context.new_page()


@functools.cache
def pages_to_look_at(name, world, *, every_look):
    """(address, kind of person): the looks the page can have, as the first who may open it.

    Those with most elements come first; one whose every two elements in a row, text aside, stand so
    in an earlier one shows nothing new and is left out. Without `every_look` only the first is there,
    of the first few addresses.
    """
    view = dict(site())[name]
    looked = {}
    found = addresses(name, view, ROUTES[name], world)
    for address in found if every_look else found[:FEW]:
        for kind in ORDER:
            response = signed_in(world, kind).get(address)
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                skeleton = tuple(ELEMENT.findall(response.content.decode()))
                looked.setdefault(skeleton, (address, kind))
                break
    chosen, shown = [], set()
    for skeleton in sorted(looked, key=len, reverse=True):
        pairs = set(itertools.pairwise(skeleton))
        if not pairs <= shown:
            chosen.append(looked[skeleton])
            shown |= pairs
    return chosen if every_look else chosen[:1]


@functools.cache
def signed_in(world, kind):
    """A client of that kind of person."""
    client = Client()
    if EVERYBODY[kind]:
        client.force_login(
            world.people[EVERYBODY[kind]], backend="django.contrib.auth.backends.ModelBackend"
        )
    return client


def troubles_of(page, server, address, *, unseen):
    """Open the address, unless the tab shows it, and say what is wrong with it, in words.

    axe leaves the `unseen` out.
    """
    said, asked = [], []

    def hear(message):
        if message.type == "error":
            said.append(message.text)

    listeners = {
        "console": hear,
        "pageerror": lambda error: said.append(str(error)),
        "request": lambda request: asked.append(request.url),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    if page.url != f"{server.url}{address}":
        page.goto(address, wait_until="load")
        page.evaluate(AXE)
    wide = page.evaluate(TOO_WIDE)
    # axe takes its time: what a script asks for after the page has loaded is heard meanwhile.
    found = page.evaluate(VIOLATIONS, unseen)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    troubles = [f"console: {text}" for text in said]
    troubles += [
        f"asks {url}" for url in asked if not url.startswith((server.url, "data:", "blob:"))
    ]
    if wide > 0:
        troubles.append(f"{wide} px too wide")
    troubles += [f"axe {v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"][:2]]
    return troubles


@pytest.mark.browser
@pytest.mark.parametrize(("name", "width"), PAGES)
def test_every_page_is_sound_in_a_browser(world, server, tabs, name, width, pytestconfig):
    every_look = is_long_run(pytestconfig)
    for address, kind in pages_to_look_at(name, world, every_look=every_look):
        page = tabs(kind, width)
        unseen = [] if every_look or name in FRAMED else FRAME
        troubles = troubles_of(page, server, address, unseen=unseen)
        assert not troubles, f"{address} as {kind} at {width} px"
