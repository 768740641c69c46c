"""What strangers type, made harmless to show: letters and line breaks, nothing that acts on them."""

import re
import unicodedata

# Control characters but the line break, and the signs that turn round, hide or split what follows.
ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
GAP = re.compile(r"\n\s*\n\s*\n+")


def plain(text) -> str:
    """Return `text` (str) as it is kept: composed (NFC), every line ended by \\n alone, a tab as a
    space, without control, bidirectional and invisible characters, at most one empty line in a row.
    """
    text = unicodedata.normalize("NFC", text or "")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return GAP.sub("\n\n", ACTING.sub("", text)).strip()
