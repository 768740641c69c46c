"""A report to be written as Word, and what one finds in the file again."""

import datetime as dt
import io

import docx
from docx.oxml.ns import qn

from pilotwork.paper.official import Block, OfficialDocument, Run, to_docx

MADE_AT = dt.datetime(2026, 5, 4, 1, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
SENTENCE = "团县委从经费、人员、方法、政策、机制五个方面落实措施，推进“五个一”工作法。"
FANGSONG, KAITI = "仿宋_GB2312", "楷体_GB2312"


def block(kind, *texts):
    return Block(kind, [Run(text) for text in texts])


def document(**changes):
    """A report with every part; `changes` replace some of them."""
    parts = {
        "title": "关于基层团建试点工作情况的汇报",
        "addressee": "团市委",
        "blocks": [
            block("paragraph", SENTENCE),
            block("heading1", "一、加大经费支持"),
            block("heading2", "（一）设立基金"),
            block("heading3", "1. 规范申请"),
            block("heading4", "（1）逐级审核"),
            Block("paragraph", [Run("设立总额"), Run("10000", "fund_received"), Run("元的基金。")]),
        ],
        "signature": "共青团静海县委员会",
        "dated_on": dt.date(2026, 5, 4),
    }
    return OfficialDocument(**(parts | changes))


def written(**changes):
    """The bytes of such a report as a Word file."""
    return to_docx(document(**changes), author="团县委", created_at=MADE_AT)


def reopened(**changes):
    return docx.Document(io.BytesIO(written(**changes)))


def paragraph_of(word, text):
    [found] = [paragraph for paragraph in word.paragraphs if paragraph.text == text]
    return found


def fonts_of(run):
    """(East Asian font, Latin font, size in points) that a run names itself."""
    fonts = run._r.rPr.rFonts
    return fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii")), run.font.size.pt


def own(paragraph, tag):
    """The values a paragraph has of an element, its own before those of its style."""
    values = {}
    for properties in (paragraph.style.element.pPr, paragraph._p.pPr):
        for element in properties.findall(qn(f"w:{tag}")):
            values |= {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return values
