"""What a list says that has nothing in it: why, and what to do next."""

import re

import pytest
from django.urls import reverse

from accounts.access import all_views
from accounts.models import Duty
from tests.factories import PilotProgrammeFactory, UserFactory

pytestmark = pytest.mark.long

EMPTY = re.compile(r'<div class="empty">(.*?)</div>', re.S)
# Cards of what is always there, and pages whose list is the people, the days of a calendar, or what
# was done, the reader's own sign-in too.
NEVER_EMPTY = {"accounts:people", "units:calendar", "reports:audit", "reports:trends"}
READERS = {
    "reviewer": [Duty.REVIEWER],
    "cashier": [Duty.CASHIER],
    "administrator": [Duty.ADMINISTRATOR],
    "newcomer": [],
}


def said_where_empty(html):
    """[(title, explanation)] of every empty state of a page."""
    found = []
    for inner in EMPTY.findall(html):
        paragraphs = re.findall(r"<p[^>]*>(.*?)</p>", inner, re.S)
        found.append(tuple(part.strip() for part in [*paragraphs, "", ""][:2]))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("reader", READERS)
def test_every_list_of_an_empty_county_says_why_it_is_empty_and_what_comes_next(client, reader):
    PilotProgrammeFactory()
    client.force_login(UserFactory(username=reader, duties=READERS[reader]))
    lists, silent = 0, []
    for route, name, _ in all_views():
        if not name or "<" in route or name in NEVER_EMPTY:
            continue
        html = client.get(reverse(name)).content.decode()
        if "?format=xlsx" not in html or name == "reports:ledgers":
            continue
        lists += 1
        said = said_where_empty(html)
        if not said or not all(title and words for title, words in said):
            silent.append((name, said))
    assert silent == []
    assert lists > 10
