"""Typed text made fit for files of XML: .docx and .xlsx alike."""

import re

# What XML 1.0 has no way to write, and the marks that reverse the direction of reading, with which
# a figure could be made to look like another one.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def plain_lines(text: str) -> list[str]:
    """Return the lines of a text without what XML cannot hold and without direction marks.

    Tabs become spaces. A text without a line end is one line, which may be empty.
    """
    return [
        TURNING.sub("", UNWRITABLE.sub("", line)).replace("\t", " ")
        for line in LINE_ENDS.split(text)
    ]


def plain_line(text: str) -> str:
    """Return the text in one line, as `plain_lines` cleans it, without blanks at its ends."""
    return " ".join(line.strip() for line in plain_lines(text)).strip()
