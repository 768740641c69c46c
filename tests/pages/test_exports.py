"""Every list, found by itself, gives what is on screen as a workbook, whole and in its order."""

import io
import re
from urllib.parse import urlencode

import html5lib
import pytest
from openpyxl import load_workbook

from pilotwork.paper.workbook import CONTENT_TYPE
from tests.pages.found import ROUTES, addresses, site
from tests.pages.test_pages import Site, is_page

pytestmark = pytest.mark.xdist_group("pages")

PAGES = [pytest.param(name, view, id=name) for name, view in site()]
KINDS = ("approver", "administrator", "unit member")
# A table with class table-list or pages at its foot, and why it is no ledger.
NO_LEDGER = {
    "home": "the beginning of lists that have pages of their own",
    "reports:todo": "what waits today, nothing that is kept",
    "mentors:new_visit": "the units to choose from for one visit",
    "funds:refund_dues": "a form; the list of the year is the ledger",
    "reports:unit": "the beginning of lists that have pages of their own",
}
ROW = re.compile(r"<tr\b")


@pytest.fixture(scope="module")
def pages(world, django_db_blocker):
    """The site with more rows than a page of a list shows."""
    with django_db_blocker.unblock():
        found = Site(world, everywhere=False)
        found.world.fill(3)
    return found


def has_a_list(html):
    """Whether a page shows a list of records: with pages at its foot, or a table of that look."""
    return 'class="list-foot"' in html or "table-list" in html


def looks(pages, name, view):
    """(kind of person, address, HTML) of the page at its first address."""
    for address in addresses(name, view, ROUTES[name], pages.world)[:1]:
        for kind in KINDS:
            response, _ = pages.get(address, kind)
            if is_page(response) and response.status_code == 200:
                yield kind, address, response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "view"), PAGES)
def test_every_list_has_its_ledger(pages, name, view):
    for kind, address, html in looks(pages, name, view):
        if not has_a_list(html) or name in NO_LEDGER:
            continue
        print("LIST", name, kind)
        assert "format=xlsx" in html, f"{name} as {kind}"
        response, n = pages.get(f"{address}?format=xlsx", kind)
        assert response.status_code == 200
        assert response["Content-Type"] == CONTENT_TYPE
        book = load_workbook(io.BytesIO(response.content))
        for ws in book:
            print("   ", ws.title, ws.max_row, n)
