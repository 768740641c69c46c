"""Finds every page that a kind of person is led to, every form on it and what addresses ask for."""

import dataclasses
import functools
import re
import urllib.parse
from collections import Counter, defaultdict, deque
from zlib import crc32

import lxml.html
from django.urls import Resolver404, resolve, reverse

from tests.fuzz.asking import Ask
from tests.pages.found import ROUTES, addresses, site

NUMBER = re.compile(r"\d+")
KEPT_OUT = {"accounts:sign_out"}
# Made of hundreds of files: only a wide look has everybody open them.
ARCHIVES = {"reports:unit_archive", "reports:programme_archive"}
ALIKE = {"approver who mentors", "reviewer", "cashier", "leader"}


@dataclasses.dataclass(frozen=True)
class Control:
    """One field of a form as the page offers it."""

    name: str
    kind: str
    value: str
    options: tuple = ()


@dataclasses.dataclass(frozen=True)
class Form:
    """A form that a kind of person was shown on the page at `shown_at`."""

    kind: str
    shown_at: str
    method: str
    action: str
    controls: tuple

    @property
    def signature(self):
        """What makes two forms the same: where they go and what they ask, whatever the numbers."""
        names = sorted({NUMBER.sub("#", control.name) for control in self.controls})
        return self.kind, view_of(self.action), tuple(names)


@functools.cache
def view_of(address):
    """The name of the view behind an address, the address itself where there is none."""
    try:
        return resolve(urllib.parse.urlsplit(address).path).view_name
    except Resolver404:
        return address


def forms_on(tree, kind, address):
    """The forms of a page; a button that leads elsewhere makes another one."""
    for form in tree.iter("form"):
        controls = tuple(controls_of(form, tree))
        action = urllib.parse.urljoin(address, form.get("action") or "")
        method = (form.get("method") or "get").upper()
        targets = [action, *(urllib.parse.urljoin(address, to) for to in elsewhere(form))]
        for target in dict.fromkeys(targets):
            if target.startswith("/"):
                yield Form(kind, address, method, target, controls)


def elsewhere(form):
    """Where the buttons of a form lead that do not follow its action."""
    return [button.get("formaction") for button in form.iter("button") if button.get("formaction")]


def controls_of(form, tree):
    """The named controls of a form, also those that stand outside it; no pieces of templates."""
    inside = list(form.iter("input", "select", "textarea", "button"))
    if form.get("id"):
        inside += tree.xpath("//*[@form=$id]", id=form.get("id"))
    for node in inside:
        if node.get("name") and not any(up.tag == "template" for up in node.iterancestors()):
            yield control_of(node)


def control_of(node):
    """One control: its kind, what stands in it, what may be chosen."""
    if node.tag == "select":
        options = tuple(option.get("value", "") for option in node.iter("option"))
        chosen = [o.get("value", "") for o in node.iter("option") if "selected" in o.attrib]
        return Control(node.get("name"), "select", chosen[0] if chosen else "", options)
    if node.tag == "textarea":
        return Control(node.get("name"), "textarea", node.text or "")
    kind = node.get("inputmode") or node.get("type") or "text"
    is_off = kind in {"radio", "checkbox"} and "checked" not in node.attrib
    options = (node.get("value", "on"),) if kind in {"radio", "checkbox", "submit"} else ()
    return Control(node.get("name"), kind, "" if is_off else node.get("value", ""), options)


class Crawler:
    """Walks from home, and from every address of the world, as every kind of person.

    Of pages that are alike (the same view, narrowed or not) it opens `depth` a person. With a depth
    of 0 it opens one, but only some, as `seed` has it, of the narrowed ones and of those of people
    who see what others of the county see.
    """

    def __init__(self, browsers, depth, seed):
        self.browsers = browsers
        self.depth = depth
        self.seed = seed
        self.forms = {}
        self.query = defaultdict(set)  # view: names that its addresses ask for
        self.opened = defaultdict(dict)  # view: {address: kinds that opened it}
        self.often = Counter()
        self.faults = []

    def walk(self, kind, starts):
        """Open what `kind` is led to, beginning at `starts`."""
        queue, met = deque(starts), set()
        while queue:
            address = queue.popleft()
            if address not in met and self._is_wanted(kind, address):
                queue.extend(self._open(kind, address))
            met.add(address)

    def _is_wanted(self, kind, address):
        """Whether to open one more page like this one; counts it."""
        likeness = kind, view_of(address), "?" in address
        share = 1 if self.depth else (3 if "?" in address else 1) * (4 if kind in ALIKE else 1)
        is_heavy = likeness[1] in ARCHIVES and kind != "unit member" and not self.depth
        if likeness[1] in KEPT_OUT or is_heavy or self.often[likeness] >= max(self.depth, 1):
            return False
        self.often[likeness] += 1
        return crc32(f"{self.seed} {likeness}".encode()) % share == 0

    def _open(self, kind, address):
        """Look at one page; returns where it leads."""
        ask = Ask(kind, "GET", address)
        answer, fault = self.browsers.send(ask)
        if fault:
            self.faults.append((ask, fault))
        if answer is None:
            return []
        if answer.status in {301, 302}:
            return [urllib.parse.urljoin(address, answer.headers["Location"])]
        if answer.status != 200 or not answer.is_html:
            return []
        self.opened[view_of(address)].setdefault(urllib.parse.urlsplit(address).path, []).append(
            kind
        )
        tree = lxml.html.fromstring(answer.content.decode())
        for form in forms_on(tree, kind, address):
            self.forms.setdefault(form.signature, form)
            if form.method == "GET":
                self.query[view_of(form.action)] |= {control.name for control in form.controls}
        return list(self._links(tree, address))

    def _links(self, tree, address):
        for node in tree.iter("a"):
            target = urllib.parse.urljoin(address, node.get("href") or "").partition("#")[0]
            if target.startswith("/") and not target.startswith(("//", "/static/")):
                query = urllib.parse.urlsplit(target).query
                self.query[view_of(target)] |= set(urllib.parse.parse_qs(query))
                yield target


def every_address(world):
    """An address of every page of the site, as far as the world has objects for it."""
    return [
        address for name, view in site() for address in addresses(name, view, ROUTES[name], world)
    ]


def starts(kind):
    """Where a kind of person begins."""
    home = [reverse("home"), reverse("accounts:sign_in"), "/robots.txt", "/healthz"]
    return [*home, "/admin/"] if kind in {"administrator", "superuser"} else home
