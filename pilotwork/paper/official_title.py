"""How the title of an official document is broken into lines, and how wide text is."""

import re
import unicodedata
from math import ceil

from pilotwork.paper.official_layout import TITLE_SIZE, text_width
from pilotwork.paper.plain import plain_lines

LINE_CHARACTERS = int(text_width() // TITLE_SIZE)
MAX_SHIFT = 4
# A break here tears no word apart; a break there tears a number or a name, or leaves a mark alone.
GOOD_BREAK = re.compile("(?<=[的和与及、，：）》])")
BAD_BREAK = re.compile(
    r"(?<=[0-9A-Za-z.])(?=[0-9A-Za-z.年月日])|(?=[、，。：；！？）》”])|(?<=[（《“])"
)


def width(text: str) -> float:
    """Return how many Chinese characters wide a text is; a figure or Latin letter is half a one."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def title_lines(title: str) -> list[str]:
    """Return a title in lines: as typed when it has several, else about equally long ones.

    A break is moved by up to four characters to where it tears no word apart.
    """
    lines = [line for line in map(str.strip, plain_lines(title)) if line]
    if len(lines) != 1:
        return lines
    rest, broken = lines[0], []
    for count in range(ceil(width(rest) / LINE_CHARACTERS), 1, -1):
        cut = _place_to_break(rest, width(rest) / count)
        broken.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*broken, rest]


def _place_to_break(text, wanted):
    """Return the index near the wanted width at which a line may best end."""
    bad = {match.start() for match in BAD_BREAK.finditer(text)}
    good = {match.start() for match in GOOD_BREAK.finditer(text)} - bad
    off = {cut: abs(width(text[:cut]) - wanted) for cut in range(1, len(text))}
    fits = [cut for cut in off if width(text[:cut]) <= LINE_CHARACTERS]
    near = [cut for cut in fits if cut in good and off[cut] <= MAX_SHIFT]
    return min(near or [cut for cut in fits if cut not in bad] or fits, key=off.get)
