"""The narrow pass: requests per second of the main pages, beside what they are measured against."""

import dataclasses

from benchmarks import measure
from benchmarks.wide import AT_EVERY_ADDRESS

ROUNDS = 5
SECONDS = 0.1
# Pages of one thing, each as who works with it most; every home and every list comes besides.
DETAILS = {
    "funds:application": ("approver", "cashier", "unit member"),
    "funds:edit_application": ("unit member",),
    "funds:change": ("approver",),
    "funds:dues_record": ("cashier",),
    "funds:plaque": ("approver",),
    "awards:reward": ("approver",),
    "awards:nomination": ("approver",),
    "pairings:pairing": ("partner",),
    "pairings:agreement": ("partner",),
    "mentors:unit_file": ("approver", "mentor"),
    "mentors:visit": ("approver",),
    "mentors:new_visit": ("mentor",),
    "mentors:record_visit": ("cashier",),
    "reports:unit": ("approver", "unit member"),
    "reports:trends": ("leader",),
    "reports:so_far": ("leader",),
    "public_page": ("nobody",),
}
HOME = "home"


@dataclasses.dataclass(frozen=True)
class Row:
    """Requests per second of a page at both sizes, and at the large one of its floor and bare list.

    `bare` is None for what is no list. The best of all rounds and not the middle, because what other
    work on the machine takes away is not the page's.
    """

    queries: int
    small: float
    large: float
    floor: float
    bare: float | None


def main_pages(looks):
    """(page, address, kind of person) of the narrow pass, chosen from the Looks of the wide one."""
    chosen = {}
    for (name, address, kind), (at_small, at_large) in looks.items():
        both_answer = at_small.status == at_large.status == 200 and "?" not in address
        is_list = 'class="list-foot"' in at_large.text and kind == AT_EVERY_ADDRESS[0]
        if both_answer and (name == HOME or is_list or kind in DETAILS.get(name, ())):
            chosen.setdefault((name, kind), (name, address, kind))
    return sorted(chosen.values())


def compare(small, large, page, sessions):
    """The Row of a page: all that is compared takes turns, several rounds long."""
    _, address, kind = page
    session = sessions[kind]
    floor, bare = large.submit(measure.prepare, address, session).result()
    small.submit(measure.look, address, session).result()
    turns = [(small, address), (large, address), (large, floor)] + ([(large, bare)] if bare else [])
    speeds = [
        [at.submit(measure.per_second, one, session, SECONDS).result() for at, one in turns]
        for _ in range(ROUNDS)
    ]
    best = [max(of_one) for of_one in zip(*speeds, strict=True)]
    queries = large.submit(measure.look, address, session).result().queries
    return Row(queries, *best[:3], best[3] if bare else None)
