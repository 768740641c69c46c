"""What people type or paste, made harmless to show: letters and line breaks, nothing that acts."""

import re
import unicodedata

# Control characters but tab and line ends; the signs that turn round, hide or split what follows;
# fillers and tags, which nobody sees; half characters and what is none, which no file can hold.
ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
# A joiner holds letters or pictures together; where there is nothing to join it is only unseen.
IDLE_JOINER = re.compile("(?:^|(?<=\\s))[\u200c\u200d]+|[\u200c\u200d]+(?=\\s|$)")
GAP = re.compile(r"\n\s*\n\s*\n+")


def legible(text) -> str:
    """Return `text` (str) without characters that nobody can see and that act on what others see.

    Control characters, signs of direction, of zero width and the like; tabs, line ends and joiners
    between letters or pictures stay. What is left is as it was typed, every line ended by \\n alone:
    a browser counts a line's end once while one types and sends it as two.
    """
    return IDLE_JOINER.sub("", ACTING.sub("", one_line_end(text)))


def one_line_end(text) -> str:
    """Return `text` (str) with every line ended by \\n alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain(text) -> str:
    """Return `text` (str) as it is kept: composed (NFC), every line ended by \\n alone, a tab as a
    space, `legible`, at most one empty line in a row.
    """
    text = unicodedata.normalize("NFC", text or "")
    text = one_line_end(text).replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return GAP.sub("\n\n", legible(text)).strip()
