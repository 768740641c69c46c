"""From the paragraphs of a draft and the material of a day to the blocks of an official document."""

import hashlib
import json

from pilotwork import clock
from pilotwork.paper.official import Block, OfficialDocument, Run
from reports.briefing.placeholders import pieces_of
from reports.models import ParagraphKind

DIGITS = "零一二三四五六七八九"
# The levels of an official document, the highest first, with how each is numbered.
LEVELS = {
    ParagraphKind.HEADING1: lambda n: f"{chinese(n)}、",
    ParagraphKind.HEADING2: lambda n: f"（{chinese(n)}）",
    ParagraphKind.HEADING3: lambda n: f"{n}.",
    ParagraphKind.HEADING4: lambda n: f"（{n}）",
}


def chinese(number):
    """A number from 1 to 99 as headings have it: 一, 十, 十二, 二十三."""
    tens, ones = divmod(number, 10)
    words = "" if tens == 0 else ("十" if tens == 1 else f"{DIGITS[tens]}十")
    return words + (DIGITS[ones] if ones else "")


class Numbering:
    """Counts the headings that are shown; a higher one starts the lower ones again."""

    def __init__(self):
        self.counts = dict.fromkeys(LEVELS, 0)

    def next(self, level):
        """The number in front of the next heading of `level`."""
        order = list(LEVELS)
        self.counts[level] += 1
        for lower in order[order.index(level) + 1 :]:
            self.counts[lower] = 0
        return LEVELS[level](self.counts[level])


def compose(paragraphs, material):
    """The Blocks of the shown `paragraphs`; every line of a paragraph is one of its own.

    A paragraph of which nothing is left once its lists are filled in makes no block.
    """
    numbering, blocks = Numbering(), []
    for paragraph in paragraphs:
        kind = ParagraphKind(paragraph["kind"])
        if paragraph["is_hidden"]:
            continue
        for line in paragraph["text"].splitlines():
            runs = runs_of(line.strip(), material)
            if not "".join(run.text for run in runs).strip():
                continue
            if kind in LEVELS:
                runs = [Run(numbering.next(kind)), *runs]
            blocks.append(Block(kind.value, runs))
    return blocks


def runs_of(line, material):
    """The Runs of one line: words, figures and what lists hold."""
    runs = []
    for words, placeholder in pieces_of(line):
        runs += [Run(words)] if placeholder is None else material.runs_of(placeholder)
    return runs


def document_of(draft, material):
    """The OfficialDocument that `draft` makes with `material`; undated it bears today's date."""
    return OfficialDocument(
        title=draft.title,
        addressee=draft.addressee,
        blocks=compose(draft.paragraphs, material),
        signature=draft.signature,
        dated_on=draft.dated_on or clock.today(),
    )


def plain_blocks(blocks):
    """Blocks as plain data, the way a frozen report keeps them."""
    return [
        {"kind": block.kind, "runs": [[run.text, run.figure_key] for run in block.runs]}
        for block in blocks
    ]


def blocks_from(plain):
    """The Blocks that `plain_blocks` made."""
    return [
        Block(block["kind"], [Run(text, key) for text, key in block["runs"]]) for block in plain
    ]


def fingerprint(document):
    """A short mark (hex) of all that a document says: another one means that it has changed."""
    said = [document.title, document.addressee, document.signature, document.dated_on.isoformat()]
    text = json.dumps([*said, plain_blocks(document.blocks)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
