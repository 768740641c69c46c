"""How the launcher speaks to the person in front of it: short, Chinese first, then English."""

import sys


class Trouble(Exception):
    """The launcher cannot go on; carries what is wrong and what to do, in both languages."""

    def __init__(self, chinese, english):
        super().__init__(english)
        self.chinese = chinese
        self.english = english


def say(chinese, english):
    """Print one step or result, at once, so that a slow step is not taken for a hang."""
    write(sys.stdout, f"{chinese} / {english}")


def complain(trouble):
    """Print why the launcher stopped, to stderr."""
    write(sys.stderr, f"\n✗ {trouble.chinese}\n  {trouble.english}")


def write(stream, text):
    """Write `text` as a line; signs that the terminal's encoding lacks become question marks."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()
