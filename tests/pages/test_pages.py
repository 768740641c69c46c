"""Every page, found by itself, as every kind of person: status, queries, HTML, security policy."""

import dataclasses
import re

import html5lib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, AuditKind
from pilotwork.paper.workbook import CONTENT_TYPE
from tests.conftest import is_long_run
from tests.pages.found import EVERYBODY, ROUTES, addresses, site
from tests.pages.lists import (
    KINDS,
    NO_LEDGER,
    lists_of,
    rows_of_ledger,
    rows_on_screen,
    speak_of_the_same,
)
from tests.pages.plans import rows_looked_at, without_statistics

pytestmark = pytest.mark.xdist_group("pages")

PAGES = [pytest.param(name, view, id=name) for name, view in site()]
# Those without an object of their own gather what there is of all of them.
GATHERED = [page for page in PAGES if "<" not in ROUTES[page.id]]
INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son\w+=|\sstyle=", re.I
)
ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.I)
# What Python calls a thing, shown for want of words: a dataclass, an object, a date, an amount.
UNSAID = re.compile(r"\b[A-Z]\w+\(\w+=|\bobject at 0x|\bdatetime\.\w+\(|\bDecimal\(")
# In the fast suite everybody opens a page at one address, and these at the next few: between them
# they are shown whatever there is to show.
FEW = 2
AT_EVERY_ADDRESS = {"approver", "unit member"}
# Whose pages are put together of what others meet too.
IN_LONG_RUNS = {"approver who mentors", "leader", "partner", "superuser"}
MOST_QUERIES, CEILING = 12, 15
# Of one query without statistics: a million at most are looked at; looking for everything at each
# row was seven million and more.
MOST_ROWS = 2_000_000
# No list and no decision page is here: a form with rows, files and accounts to choose from; pages
# that gather what several rooms and kinds of records have to say.
ROOMIER = {
    "funds:edit_application": 14,
    "home": 15,
    "mentors:record_visit": 13,
    "mentors:unit_file": 15,
    "reports:unit": 15,
    # The figures and lists of all rooms at one day, beside what is frozen; and the same of two days.
    "reports:briefing_page": 14,
    "reports:compare_briefing": 14,
    # What goes out is noted in the audit first.
    "funds:approval_form": 14,
    "funds:closure_form": 14,
    "funds:voucher": 13,
    "mentors:weekly_sheet": 15,
    "reports:briefing_word": 13,
    "reports:todo": 15,
    "reports:next_waiting": 15,
    # How far people, units, accounts and money are set up, and on whom nobody could decide.
    "reports:setup": 14,
    "reports:setup_accounts": 14,
    "reports:setup_people": 13,
    "reports:setup_programme": 13,
    "reports:setup_units": 15,
}
# A workbook asks what its list asks, and the audit keeps it in three statements.
AUDITED = 3
# Two sheets, each with facts of its own; lists that gather what several rooms know, or are narrowed
# by keys before their rows are read.
ROOMIER_LEDGERS = {
    "funds:account": 13,
    "funds:applications": 13,
    "mentors:five_ones": 17,
    "reports:units": 13,
}
# What every answer says besides its security policy.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
FILE_POLICY = "default-src 'none'; sandbox"  # of what people uploaded
# Lists of several kinds of things: where thirty of one kind fill the page, another is not looked up.
MIXED = {"home", "reports:todo", "reports:next_waiting"}
# The first look makes a key for the phone, which the session keeps.
ONCE_ONLY = {"accounts:second_factor"}
# Where Enter is to send a form: whoever signs in knows no other way, and a visit decides nothing.
SECRETS = {"password"}
TYPED = {"text", "number", "date", "email", "tel"}
TEMPLATE = re.compile(r"(<template\b[^>]*>)(.*?)(</template>)", re.S)
# What a page is made of, whatever it says: its tags without the values and numbers in them.
TAG = re.compile(rb"<[^>]*>")
# What differs each time in a page that is else the same: the CSRF token and a form's own key.
TOKEN = re.compile(rb'value="[0-9a-zA-Z]{64}"|value="[0-9a-f-]{36}"|"X-CSRFToken": "[^"]+"')
SAID = re.compile(rb'(?<= value=")[^"]*|(?<=X-CSRFToken": ")[^"]*|[0-9]+')


def is_page(response):
    """Whether the answer is a whole HTML page: not a file, not a redirect, not a bare 405."""
    is_html = response.get("Content-Type", "").startswith("text/html")
    return is_html and not response.streaming and response.status_code in {200, 403, 404}


def faults_of(response):
    """What is wrong with an HTML page, in words; an empty list when nothing is."""
    html, faults = response.content.decode(), []
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    # html5lib knows no <template>, whose content is a piece of a page by itself.
    for _, piece, _ in TEMPLATE.findall(html):
        container = "tbody" if piece.lstrip().startswith("<tr") else "div"
        parser.parseFragment(piece, container=container)
        faults += [f"template: {error[1]} at {error[0]}" for error in parser.errors[:3]]
    tree = parser.parse(TEMPLATE.sub(r"\1\3", html))
    faults += [f"HTML: {error[1]} at {error[0]}" for error in parser.errors[:3]]
    ids = [node.attrib["id"] for node in tree.iter() if "id" in node.attrib]
    faults += [f"id twice: {i}" for i in {i for i in ids if ids.count(i) > 1}]
    for tag in ("title", "main", "h1"):
        found = list(tree.iter(tag))
        if len(found) != 1 or not "".join(found[0].itertext()).strip():
            faults.append(f"{len(found)} <{tag}>")
    faults += [f"Enter sends {form.attrib.get('action', '')}" for form in sent_by_enter(tree)]
    faults += [f"inline: {match.group()}" for match in INLINE.finditer(html)]
    faults += [f"not in words: {match.group()}" for match in UNSAID.finditer(html)]
    faults += [f"another host: {match.group()}" for match in ELSEWHERE.finditer(html)]
    return faults


def unsafe_headers_of(response):
    """What is wrong with the headers of an answer of any kind, in words."""
    policy = response.get("Content-Security-Policy", "")
    is_strict = "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    if not is_page(response):
        is_strict = is_strict or policy == FILE_POLICY
    faults = [] if is_strict and "unsafe" not in policy else [f"security policy: {policy!r}"]
    return faults + [
        f"{header}: {response.get(header)}"
        for header, wanted in HEADERS.items()
        if wanted not in response.get(header, "")
    ]


def sent_by_enter(tree):
    """The posted forms that Enter in one of their fields would send without a button being pressed.

    The browser presses a form's first button: a disabled one that stands there takes it up.
    """
    for form in tree.iter("form"):
        inputs = {node.attrib.get("type", "text") for node in form.iter("input")}
        is_posted = form.attrib.get("method") == "post" and "data-visit" not in form.attrib
        buttons = [node for node in form.iter("button") if node.attrib.get("type") == "submit"]
        asks_code = any(
            node.attrib.get("autocomplete") == "one-time-code" for node in form.iter("input")
        )
        takes_it_up = buttons and "disabled" in buttons[0].attrib
        is_secret = inputs & SECRETS or asks_code
        if is_posted and inputs & TYPED and not is_secret and not takes_it_up:
            yield form


@dataclasses.dataclass(frozen=True)
class Look:
    """What one kind of person met at one address."""

    name: str
    address: str
    kind: str
    status: int
    location: str
    queries: int
    faults: tuple

    def __str__(self):
        return f"{self.address} as {self.kind}"


class Site:
    """Every page of the world as everybody meets it, each looked at once while it is small."""

    def __init__(self, world, *, everywhere):
        self.world = world
        self.everywhere = everywhere
        self.cookies = {kind: self._sign_in(username) for kind, username in EVERYBODY.items()}
        self.looks = {}
        self.judged = {}
        # What a process looks up only once is no page's own query.
        ContentType.objects.get_for_models(*apps.get_models())

    def _sign_in(self, username):
        client = Client()
        if username:
            backend = "django.contrib.auth.backends.ModelBackend"
            client.force_login(self.world.people[username], backend=backend)
            return client.cookies[settings.SESSION_COOKIE_NAME].value
        return ""

    def get(self, address, kind):
        """(answer, number of queries) of a fresh browser with that person's session."""
        response, queries = self.get_with_queries(address, kind)
        return response, len(queries)

    def get_with_queries(self, address, kind):
        """(answer, what it asked the database)."""
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[kind]
        # The connection keeps no more than 9,000 queries; a full log would count nothing any more.
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        return response, queries.captured_queries

    def seen(self, name):
        """The looks at the page `name`, taken when first asked for."""
        if name not in self.looks:
            view = dict(site())[name]
            self.looks[name] = [
                self._look(name, address, kind)
                for number, address in enumerate(self._addresses(name, view))
                for kind in EVERYBODY
                if self._looks(kind, number)
            ]
        return self.looks[name]

    def _looks(self, kind, number):
        """Whether that kind of person opens the address of that number."""
        first = number == 0 and kind not in IN_LONG_RUNS
        return self.everywhere or first or kind in AT_EVERY_ADDRESS

    def _addresses(self, name, view):
        found = addresses(name, view, ROUTES[name], self.world)
        return found if self.everywhere else found[:FEW]

    def _look(self, name, address, kind):
        response, queries = self.get(address, kind)
        faults = self._judge(response) if is_page(response) else ()
        faults = (*faults, *unsafe_headers_of(response))
        location = response.get("Location", "")
        return Look(name, address, kind, response.status_code, location, queries, faults)

    def _judge(self, response):
        """The faults of a page, the same one judged once; in the fast suite, of its tags alone."""
        if self.everywhere:
            body = TOKEN.sub(b"", response.content)
        else:
            body = SAID.sub(b"", b"".join(TAG.findall(response.content)))
        if body not in self.judged:
            self.judged[body] = tuple(faults_of(response))
        return self.judged[body]


@pytest.fixture(scope="module")
def small(world, django_db_blocker, pytestconfig):
    """The site while there is one row of everything."""
    with django_db_blocker.unblock():
        return Site(world, everywhere=is_long_run(pytestconfig))


@pytest.fixture(scope="module")
def grown(small, django_db_blocker):
    """The same site thirty times as busy; the looks at the small one are kept."""
    with django_db_blocker.unblock():
        for name, _ in site():
            small.seen(name)
        small.world.fill(29)
    return small


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "view"), PAGES)
def test_every_page_answers_everybody_with_a_sound_page_or_a_clear_no(small, name, view):
    for look in small.seen(name):
        assert look.status in {200, 302, 403, 404, 405}, look
        assert not look.faults, look
        assert look.queries <= min(ROOMIER.get(name, MOST_QUERIES), CEILING), look
        if look.kind == "nobody" and view.access != "public":
            assert look.status == 302, look
            assert look.location.startswith("/accounts/sign-in/"), look


@pytest.fixture(scope="module")
def lists(small, django_db_blocker):
    """Every list of the site with its workbook, while it is small."""
    with django_db_blocker.unblock():
        return list(lists_of(small))


@pytest.mark.long
@pytest.mark.django_db
def test_every_list_offers_its_ledger_and_gives_it(lists):
    assert len({one.name for one in lists}) > 20
    for one in lists:
        assert f'href="{one.address}?format=xlsx"' in one.text, one
        assert one.response.status_code == 200, one
        assert one.response["Content-Type"] == CONTENT_TYPE, one
        assert one.queries <= ROOMIER_LEDGERS.get(one.name, MOST_QUERIES) + AUDITED, one


@pytest.mark.long
@pytest.mark.django_db
def test_every_ledger_that_was_given_is_in_the_audit(small, lists):
    kept = AuditEvent.objects.filter(kind=AuditKind.EXPORT).values_list("path", "by__username")
    given = {(f"{one.address}?format=xlsx", EVERYBODY[one.kind]) for one in lists}
    assert len(given) > 40
    assert given <= set(kept)


@pytest.mark.long
@pytest.mark.django_db
def test_a_ledger_has_the_rows_of_the_screen_in_their_order(lists):
    with_tables = [one for one in lists if one.name != "funds:accounts"]  # cards
    for one in with_tables:
        shown, exported = rows_on_screen(one.text), rows_of_ledger(one.response)
        assert len(shown) == len(exported), one
        for row, other in zip(shown, exported, strict=True):
            assert speak_of_the_same(row, other), (one, row, other)


@pytest.mark.long
@pytest.mark.django_db
def test_the_page_of_all_ledgers_leads_to_every_list_that_a_person_may_open(small, lists):
    assert NO_LEDGER.keys() <= dict(site()).keys()
    for kind in KINDS:
        text = small.get(reverse("reports:ledgers"), kind)[0].content.decode()
        offered = set(re.findall(r'href="([^"?]+)\?format=xlsx"', text))
        own = [one for one in lists if one.kind == kind]
        # Of what comes every year, only the newest have a line there; the records behind a figure
        # and the course of things are no ledgers that an office keeps: their own pages give them.
        elsewhere = {"awards:cycle", "awards:campaign", "reports:figure", "reports:trends"}
        assert {one.address for one in own if one.name not in elsewhere} <= offered, kind
        for address in offered:
            assert small.get(f"{address}?format=xlsx", kind)[0].status_code == 200, address


@pytest.mark.long
@pytest.mark.django_db
def test_every_ledger_takes_the_same_queries_with_one_row_and_with_thirty(lists, grown):
    for one in lists:
        assert grown.get(f"{one.address}?format=xlsx", one.kind)[1] == one.queries, one


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize(("name", "view"), PAGES)
def test_every_page_takes_the_same_queries_with_one_row_and_with_thirty(grown, name, view):
    for look in busiest(grown, grown.seen(name)):
        queries = grown.get(look.address, look.kind)[1]
        if name in MIXED | ONCE_ONLY:
            assert queries <= look.queries, look
        else:
            assert queries == look.queries, look


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(("name", "view"), GATHERED)
def test_a_page_is_soon_found_where_the_database_knows_nothing_of_its_tables(grown, name, view):
    for look in busiest(grown, grown.seen(name)):
        with without_statistics():
            _, queries = grown.get_with_queries(look.address, look.kind)
            rows, sql = rows_looked_at(queries)
        assert rows < MOST_ROWS, (look, sql)


def busiest(grown, looks):
    """Of each page's form, one look a person: at the application that has grown, if it has one.

    An application that has not grown is in no other state than before; only the frame around it is.
    """
    chosen = {}
    for look in looks:
        if look.status != 200:
            continue
        form = re.sub(r"/\d+/", "/", look.address, count=1), look.kind
        if form not in chosen or f"/applications/{grown.world.busy.pk}/" in look.address:
            chosen[form] = look
    return chosen.values()
