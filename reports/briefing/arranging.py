"""Moving, adding and taking out paragraphs in a form that is not saved yet, without a script.

Each button of the form posts all that was typed; what comes back is the same form, rearranged.
"""

import re

from reports.briefing.forms import Paragraphs, new_own_key
from reports.models import ParagraphKind

FIELDS = ("key", "kind", "text")
# Name of the button's value: how many places the paragraph moves.
MOVES = {"up": -1, "down": 1}
PLACE = re.compile(r"\d{1,4}", re.ASCII)


def typed_paragraphs(data):
    """The paragraphs of a posted form as they were typed, right or wrong, in order."""
    formset = Paragraphs(data, prefix="p")
    found = []
    for form in formset.forms:
        paragraph = {name: str(form[name].value() or "") for name in FIELDS}
        found.append(paragraph | {"is_hidden": bool(form["is_hidden"].value())})
    return found


def arrange(paragraphs, order):
    """The paragraphs after the button `order` ("up-3", "add-0" or "remove-5").

    Numbers are places from 0; what makes no sense changes nothing.
    """
    act, _, place = order.partition("-")
    if not PLACE.fullmatch(place) or int(place) >= len(paragraphs):
        return paragraphs
    place, rows = int(place), list(paragraphs)
    if act in MOVES and 0 <= place + MOVES[act] < len(rows):
        rows.insert(place + MOVES[act], rows.pop(place))
    elif act == "add":
        rows.insert(place + 1, own_paragraph())
    elif act == "remove" and rows[place]["key"].startswith("own"):
        del rows[place]
    return rows


def own_paragraph():
    """A new, empty paragraph."""
    return {
        "key": new_own_key(),
        "kind": ParagraphKind.PARAGRAPH.value,
        "text": "",
        "is_hidden": False,
    }
