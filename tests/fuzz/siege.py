"""The site under siege: everything planted, everything found, and the requests made of it."""

import os
import time

import lxml.html

from tests.fuzz.asking import Browsers
from tests.fuzz.attack import TYPED, Attack
from tests.fuzz.crawl import Crawler, every_address, starts
from tests.fuzz.planted import Planted
from tests.pages.found import EVERYBODY

# FUZZ_SECONDS=1800 FUZZ_SEED=7 FUZZ_DEPTH=4 looks wider; FUZZ_ONLY=1234 sends one request again.
SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
BROWSER_SECONDS = min(SECONDS / 2, 15)
SEED = os.environ.get("FUZZ_SEED", "1")
DEPTH = int(os.environ.get("FUZZ_DEPTH", "0"))
ONLY = os.environ.get("FUZZ_ONLY", "")
MOST_FAULTS = 40
REARRANGES = {"order"}  # a button that shows the same form in another order
TRAPS = {"website"}  # shown empty again to whoever filled it in: only machines do


class Siege:
    """The planted world, walked through once by everybody."""

    def __init__(self, world):
        self.planted = Planted()
        self.browsers = Browsers(world, self.planted)
        self.crawler = Crawler(self.browsers, DEPTH, SEED)
        everywhere = every_address(world)
        for kind in EVERYBODY:
            self.crawler.walk(kind, [*starts(kind), *everywhere])

    def one_look_a_page(self):
        """(address, kind of person) once for every page that somebody may open."""
        opened = self.crawler.opened.values()
        return [next((address, kinds[0]) for address, kinds in found.items()) for found in opened]

    def fire(self, seconds):
        """The faults that the requests of `seconds` find, as text to send them again; the number sent."""
        attack, faults, number = Attack(self.crawler, SEED), {}, 0
        last = time.monotonic() + seconds
        numbers = iter([int(ONLY)] if ONLY else range(10**9))
        for number in numbers:
            ask = attack.number(number)
            answer, fault = self.browsers.send(ask)
            fault = fault or form_fault(ask, answer)
            if fault:
                faults.setdefault(
                    fault[-160:], f"FUZZ_SEED={SEED} FUZZ_ONLY={number}: {ask}\n{fault}"
                )
            if time.monotonic() > last or len(faults) > MOST_FAULTS:
                break
        return list(faults.values()), number


def form_fault(ask, answer):
    """What is missing on a form that is shown again: what was typed, or why it was not taken."""
    if ask.method != "POST" or answer.status != 200 or not answer.is_html:
        return ""
    names = [name for name, _ in ask.data]
    if REARRANGES & set(names):
        return ""
    typed = {name for name, value in ask.data if value == TYPED and names.count(name) == 1}
    tree = lxml.html.fromstring(answer.content.decode())
    shown = {node.get("name"): node for node in tree.iter("input", "textarea") if node.get("name")}
    lost = [name for name in typed & shown.keys() if TYPED not in text_of(shown[name])]
    if set(lost) - TRAPS and typed - set(lost):
        return f"not kept: {sorted(lost)}"
    is_told = tree.xpath("//*[@role='alert' or contains(@class, 'errornote')]")
    if typed & shown.keys() and not (is_told or b"invalid-" in answer.content):
        return "the form again without a word"
    return ""


def text_of(node):
    """What stands in a control; a password never stands anywhere."""
    is_secret = node.get("type") in {"password", "file", "checkbox", "radio", "hidden"}
    return TYPED if is_secret else node.get("value") or node.text or ""
