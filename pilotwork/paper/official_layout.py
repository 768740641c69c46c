"""The measures, fonts and styles of an official document, GB/T 9704-2012.

Lengths are in points unless the name says another unit; Word's own unit (twip) is a twentieth.
"""

from dataclasses import dataclass
from math import floor

MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
PAGE_MM = (210, 297)
# The page number's dash lies 7 mm below the text area, in a line of 18 points.
FOOTER_MM, FOOTER_LINE = 25, 18
LINES, CHARACTERS = 22, 28
LINE = 28.95
TITLE_SIZE, BODY_SIZE, NUMBER_SIZE = 22, 16, 14  # 2号, 3号, 4号

XIAOBIAOSONG = "方正小标宋简体"
FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONGTI = "宋体"
# Figures and letters, as offices set them beside 仿宋; the page number is 宋体 throughout.
LATIN = "Times New Roman"

# What stands in where a computer lacks the font: Word takes the first of these it has.
STAND_INS = {
    XIAOBIAOSONG: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体,SimSun",
    FANGSONG: "仿宋,FangSong,华文仿宋,STFangsong,方正仿宋_GBK",
    KAITI: "楷体,KaiTi,华文楷体,STKaiti,方正楷体_GBK",
    HEITI: "SimHei,华文黑体,STHeiti,方正黑体_GBK",
    SONGTI: "SimSun,华文宋体,STSong,方正书宋_GBK",
}


def twips(points) -> int:
    """Return points in Word's unit, a twentieth of a point."""
    return round(points * 20)


def text_width() -> float:
    """Return the width of the text area in points, as Word has it: in whole twips."""
    page, left, right = (
        floor(mm * 1440 / 25.4) for mm in (PAGE_MM[0], MARGINS_MM["left"], MARGINS_MM["right"])
    )
    return (page - left - right) / 20


# One square of the grid. Word holds the difference to the font's size in 1/4096 of a point and fits
# as many squares into a line as there are whole ones: rounded up, it would be one too few.
CHARACTER_SPACE = floor((text_width() / CHARACTERS - BODY_SIZE) * 4096)
# The grid is declared for the office's eye (页面设置), and the text keeps to it by its own measures:
# LibreOffice gives a character that is wider than its square two of them. So paragraphs do not snap,
# their lines are exactly as high as the grid's, and characters stand closer by this (twips; one
# more than needed, because LibreOffice cuts the line to whole squares, rounded down).
TIGHTER = floor((text_width() / CHARACTERS - BODY_SIZE) * 20) - 1
CHARACTER = BODY_SIZE + TIGHTER / 20


@dataclass(frozen=True)
class Style:
    """One of Word's own styles (so that Word and WPS name it in Chinese) as it is used here.

    `indent` is that of the first line, in characters; `outline` the level among the headings,
    0 for none.
    """

    name: str
    font: str = FANGSONG
    latin: str = LATIN
    size: int = BODY_SIZE
    align: str = "both"
    indent: int = 0
    line: float = LINE
    outline: int = 0
    keeps_next: bool = False

    @property
    def id(self):
        return self.name.title().replace(" ", "")

    @property
    def tighter(self):
        """By how many twips its characters stand closer."""
        return TIGHTER if self.size == BODY_SIZE else 0


NORMAL = Style("Normal")
TITLE = Style("Title", XIAOBIAOSONG, size=TITLE_SIZE, align="center", keeps_next=True)
ADDRESSEE = Style("Salutation", align="left", keeps_next=True)
PARAGRAPH = Style("Normal Indent", indent=2)
SIGNATURE = Style("Signature", align="right", keeps_next=True)
DATE = Style("Date", align="right")
# A digest in a note is one long word: stretched, it would tear the line before it apart.
NOTE = Style("Body Text", align="left", indent=2)
FOOTER = Style("footer", SONGTI, latin=SONGTI, size=NUMBER_SIZE, align="left", line=FOOTER_LINE)
HEADINGS = [
    Style(f"heading {level}", font, indent=2, outline=level, keeps_next=True)
    for level, font in enumerate((HEITI, KAITI, FANGSONG, FANGSONG), start=1)
]
STYLES = [NORMAL, TITLE, ADDRESSEE, PARAGRAPH, SIGNATURE, DATE, NOTE, FOOTER, *HEADINGS]
