"""The wide pass: every page as every kind of person at both sizes, to find what stands out."""

import re

from benchmarks.measure import look

MOST_QUERIES = 15
SLOW = 0.1  # seconds
GROWN = 2  # times as long as with one page, and longer than a page of a few rows may take
NOTABLE = 0.04  # seconds
# Everybody opens each page at one address, and these at the others too.
AT_EVERY_ADDRESS = ("approver", "cashier", "unit member", "mentor")
NOTHING = "查无此字"
WORD = "志愿服务"
SELECT = re.compile(r'<select[^>]*\bname="(\w+)"[^>]*>(.*?)</select>', re.S)
OPTION = re.compile(r'<option value="([^"]+)"')
SORT = re.compile(r'href="(\?[^"]*\bsort=[^"]+)"')
PAGE = re.compile(r'href="(\?[^"]*\bpage=\d+[^"]*)"')


def everything(sessions, found):
    """(page, address, kind of person) of the wide pass."""
    asked, seen = [], set()
    for name, address in found:
        kinds = AT_EVERY_ADDRESS if name in seen else sessions
        asked += [(name, address, kind) for kind in kinds]
        seen.add(name)
    return asked


def further(name, address, kind, text):
    """The same for a list's page: its last page, each order, and each filter's first choice.

    As the first kind of person alone, who sees most.
    """
    if 'class="list-foot"' not in text or kind != AT_EVERY_ADDRESS[0]:
        return []
    text = text.replace("&amp;", "&")
    asked = set(SORT.findall(text))
    pages = sorted(PAGE.findall(text), key=lambda one: int(re.search(r"page=(\d+)", one)[1]))
    asked.update(pages[-1:])
    if 'name="q"' in text:
        asked |= {f"?q={NOTHING}", f"?q={WORD}"}
    for field, options in SELECT.findall(text):
        choices = OPTION.findall(options)
        asked.update(f"?{field}={choice}" for choice in choices[:1])
    return [(name, address + query, kind) for query in sorted(asked)]


def look_at(small, large, sessions, asked):
    """{(page, address, kind): (Look, Look)} of what is `asked`, by a process at each size."""
    waiting = {
        one: [at.submit(look, one[1], sessions[one[2]]) for at in (small, large)] for one in asked
    }
    return {one: tuple(done.result() for done in both) for one, both in waiting.items()}
