"""Every list of the site, found by itself, with the workbook it gives."""

import dataclasses
import html
import io
import re

from openpyxl import load_workbook

from tests.pages.found import ROUTES, addresses, site

KINDS = ("approver", "administrator", "unit member")
# Pages that look like a list of records and are no ledger, each with the reason.
NO_LEDGER = {
    "home": "the beginnings of lists that have pages of their own",
    "reports:todo": "what waits today; nothing that is kept",
    "mentors:new_visit": "the units to choose from for one visit",
    "funds:refund_dues": "a form; the list of the year is the ledger",
    "reports:imports": "files that were uploaded; their rows are in the ledgers they went into",
    "reports:import": "the preview of one file, which whoever uploaded it has",
    "reports:audit": "a log, no records of the pilot; tests/reports/test_audit.py looks at its export",
    "reports:setup_people": "a step of setting up; the list of people is elsewhere",
    "reports:setup_units": "a step of setting up; the list of units is elsewhere",
    "reports:setup_accounts": "a step of setting up; the list of people is elsewhere",
    "units:calendar": "the calendar's days, no records of the pilot",
}
CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", re.S)
BODY = re.compile(r"<tbody>(.*?)</tbody>", re.S)


@dataclasses.dataclass(frozen=True)
class Listed:
    """One list as one kind of person meets it, and its workbook with the queries that took."""

    name: str
    kind: str
    address: str
    text: str
    response: object
    queries: int

    def __str__(self):
        return f"{self.name} as {self.kind}"


def looks_like_a_list(name, text):
    """Whether a page shows records: with pages at its foot, or, without an object, a list's table."""
    return 'class="list-foot"' in text or ("<" not in ROUTES[name] and "table-list" in text)


def lists_of(pages):
    """Every list that one of KINDS may open, as each of them, with up to 100 rows on the page."""
    for name, view in site():
        for address in addresses(name, view, ROUTES[name], pages.world)[:1]:
            for kind in KINDS:
                text = page_text(pages, f"{address}?per_page=100", kind)
                if name not in NO_LEDGER and looks_like_a_list(name, text):
                    workbook = pages.get(f"{address}?format=xlsx", kind)
                    yield Listed(name, kind, address, text, *workbook)
                elif text and kind == KINDS[0]:
                    break  # no list, whoever looks


def page_text(pages, address, kind):
    """The HTML of a page, "" where that person gets none."""
    response, _ = pages.get(address, kind)
    is_shown = response.status_code == 200 and not response.streaming
    is_html = response.get("Content-Type", "").startswith("text/html")
    return response.content.decode() if is_shown and is_html else ""


def rows_on_screen(text):
    """The texts of every cell of the list's table, row by row: the one above the list's foot."""
    above, foot, _ = text.partition('class="list-foot"')
    tables = BODY.findall(above)
    rows = re.findall(r"<tr\b.*?</tr>", tables[-1 if foot else 0], re.S) if tables else []
    return [[_plain(cell) for cell in CELL.findall(row)] for row in rows]


def _plain(cell):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())


def rows_of_ledger(response):
    """The rows between the headings and 合计 of the first sheet, as texts."""
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    first = next(place for place, row in enumerate(rows) if row[0] == "序号") + 1
    rows = [row for row in rows[first:] if isinstance(row[0], int)]
    return [[str(value) for value in row[1:] if value is not None] for row in rows]


def speak_of_the_same(shown, exported):
    """Whether a row on screen and one of the ledger have a text in common."""
    words = {word.rstrip("…") for cell in shown for word in cell.split()}
    words = {word for word in words if len(word) > 1}
    return any(word in value or value in word for word in words for value in exported if value)
