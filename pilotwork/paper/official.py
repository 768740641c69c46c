"""Official documents as Word files in the layout of GB/T 9704-2012 (DOMAIN, The report)."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

from docx.shared import Pt

from pilotwork.paper import official_layout as layout
from pilotwork.paper.dates import full_date
from pilotwork.paper.official_package import add_run, blank_document, indent, set_properties
from pilotwork.paper.official_title import title_lines, width
from pilotwork.paper.plain import plain_line, plain_lines

BLOCK_STYLES = {
    "heading1": layout.HEADINGS[0],
    "heading2": layout.HEADINGS[1],
    "heading3": layout.HEADINGS[2],
    "heading4": layout.HEADINGS[3],
    "paragraph": layout.PARAGRAPH,
}
DATE_INDENT = 4  # characters from the right edge
COLONS = "：:"


@dataclass(frozen=True)
class Run:
    """A piece of text; one that is a figure of the report bears its key."""

    text: str
    figure_key: str = ""


@dataclass(frozen=True)
class Block:
    """A heading of level 1 to 4 or a paragraph; raises ValueError for another kind.

    Headings bring their own numbers (一、 （一） 1. （1）).
    """

    kind: str
    runs: Sequence[Run]

    def __post_init__(self):
        if self.kind not in BLOCK_STYLES:
            raise ValueError(f"Unknown kind of block: {self.kind!r}.")


@dataclass(frozen=True)
class OfficialDocument:
    """What an official document says; what is empty is left out of the file.

    `addressee` is the 主送机关 (a colon is added where none is), `signature` the 署名, `dated_on` the
    成文日期, `note` the 附注 in brackets below it. Title and signature may have several lines.
    """

    title: str
    addressee: str
    blocks: Sequence[Block]
    signature: str
    dated_on: dt.date | None
    note: str = ""


def to_docx(document: OfficialDocument, *, author: str, created_at: dt.datetime) -> bytes:
    """Return the document as the bytes of a .docx file.

    `author` and `created_at` (aware) go into the file's properties. Text is taken as typed: what a
    Word file cannot hold is left out, a line end inside a block begins a new paragraph.
    """
    word = blank_document()
    title = title_lines(document.title)
    if title:
        _add(word, layout.TITLE, "\n".join(title))
    body = [*_add_addressee(word, document.addressee), *_add_blocks(word, document.blocks)]
    if title and body:
        _leave_a_line_above(body[0])
    ending = [*_add_signature(word, document), *_add_note(word, document.note)]
    if ending:
        _leave_a_line_above(ending[0])
    # The end of the text stays with the signature, which would else stand alone on a page.
    for paragraph in [*body[-1:], *ending][:-1]:
        paragraph.paragraph_format.keep_with_next = True
    set_properties(word, title="".join(title), author=plain_line(author), created_at=created_at)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _add(word, style, *texts):
    """Add a paragraph of these texts and return it."""
    paragraph = word.add_paragraph(style=style.name)
    for text in texts:
        add_run(paragraph, text, style)
    return paragraph


def _leave_a_line_above(paragraph):
    paragraph.paragraph_format.space_before = Pt(layout.LINE)


def _add_addressee(word, addressee):
    addressee = plain_line(addressee).rstrip(COLONS)
    return [_add(word, layout.ADDRESSEE, f"{addressee}：")] if addressee else []


def _add_blocks(word, blocks):
    return [
        _add(word, BLOCK_STYLES[block.kind], *texts)
        for block in blocks
        for texts in _paragraphs_of(block.runs)
    ]


def _paragraphs_of(runs):
    """Yield the texts of each paragraph that the runs of a block make up, none that is blank.

    Blanks at both ends go: the indent is the style's, typed ones would double it.
    """
    paragraphs = [[]]
    for run in runs:
        first, *more = plain_lines(run.text)
        paragraphs[-1].append(first)
        paragraphs += [[line] for line in more]
    for texts in paragraphs:
        while texts and not texts[0].strip():
            del texts[0]
        while texts and not texts[-1].strip():
            del texts[-1]
        if texts:
            texts[0] = texts[0].lstrip()
            texts[-1] = texts[-1].rstrip()
            yield texts


def _add_signature(word, document):
    """Add 成文日期 four characters in, and above it 署名 with the same middle."""
    date = full_date(document.dated_on) if document.dated_on else ""
    middle = DATE_INDENT + width(date) / 2
    lines = [line for line in map(str.strip, plain_lines(document.signature)) if line]
    added = []
    for line in lines:
        added.append(_add(word, layout.SIGNATURE, line))
        indent(added[-1], "right", max(middle - width(line) / 2, 0))
    if date:
        added.append(_add(word, layout.DATE, date))
        indent(added[-1], "right", DATE_INDENT)
    return added


def _add_note(word, note):
    note = plain_line(note)
    is_bracketed = note.startswith("（") and note.endswith("）")
    return [_add(word, layout.NOTE, note if is_bracketed else f"（{note}）")] if note else []
