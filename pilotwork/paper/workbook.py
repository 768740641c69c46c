"""台账: ledgers as .xlsx in the form an office prints and files.

Each ledger is a sheet: title, who made it and its cutoff date, headings that stay in sight and come
again on every printed page, 序号, the rows, 合计; A4 landscape, as wide as the paper. Rows are
written as they come, so that a long ledger needs no more memory than a short one.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import chain
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from pilotwork import clock

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST_TEXT = 32767  # UTF-16 units in a cell, Excel's limit
CUT_MARK = "……（过长，后文从略）"
# What XML cannot hold, and half characters, which no file can.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x0041_ in a text as the letter A; what people typed so must stay so.
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
SHEET_NAME_LENGTH = 31
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\n\t]')
# Excel counts days from 1900 and believes that year to have been a leap year.
FIRST_DAY = dt.date(1900, 3, 1)

PAPER_WIDTH = 128  # characters of A4 landscape between its margins
SERIAL_WIDTH = 6
THIN = Side(style="thin", color="FF808080")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
SHADE = PatternFill("solid", start_color="FFEDEFF2")
TITLE_FONT = Font(name="方正小标宋简体", size=20)
HEADING_FONT = Font(name="黑体", size=11)
BODY_FONT = Font(name="宋体", size=11)
# Points. Excel shows no row higher than the last; LibreOffice fits none by itself.
TITLE_HEIGHT, NOTE_HEIGHT, HEADING_HEIGHT, ROW_HEIGHT, LINE_HEIGHT = 40, 20, 28, 22, 15
HIGHEST_ROW = 405


class Kind(Enum):
    """What a column holds: (how Excel shows it, where it stands in its cell, usual width)."""

    TEXT = ("General", "left", 18)
    LABEL = ("General", "center", 12)  # a short text: a state, a kind, a number of a paper
    DATE = ('yyyy"年"m"月"d"日"', "center", 15)
    MOMENT = ('yyyy"年"m"月"d"日" hh:mm', "center", 21)
    MONEY = ("#,##0.00", "right", 14)
    WHOLE = ("#,##0", "center", 8)
    PLAIN = ("0", "center", 8)  # a number that counts nothing: a year

    @property
    def is_text(self):
        """Whether its cells are words."""
        return self in (Kind.TEXT, Kind.LABEL)


@dataclass(frozen=True)
class Heading:
    """A column: its words, what it holds, its width in characters, whether 合计 adds it up."""

    words: str
    kind: Kind = Kind.TEXT
    width: float = 0
    is_summed: bool = False

    @property
    def room(self):
        """Its width in characters."""
        return self.width or self.kind.value[2]


@dataclass(frozen=True)
class Ledger:
    """One sheet. `rows` yields a sequence of values a row, as many as `headings`.

    Values are None, str, date, aware datetime, Decimal (yuan) or int as the heading's kind says;
    anything else in a text column is written as its words. `totals` (as many values as headings)
    replaces the sums of the summed columns where adding up the rows would be wrong.
    """

    title: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence]
    made_by: str = ""  # 制表单位
    cutoff: dt.date | None = None  # 统计截止日期
    conditions: str = ""  # 筛选条件
    totals: Sequence | None = None
    note: str = ""  # 注, below the rows: what its signs mean
    sheet_name: str = ""  # the title, where none is given


def to_xlsx(*ledgers: Ledger, author: str, created_at: dt.datetime) -> bytes:
    """Return a workbook of the ledgers, in their order, as the bytes of an .xlsx file.

    `author` and `created_at` (aware) are what its properties say.
    """
    content = io.BytesIO()
    write_xlsx(content, *ledgers, author=author, created_at=created_at)
    return content.getvalue()


def write_xlsx(target, *ledgers: Ledger, author: str, created_at: dt.datetime) -> None:
    """Write a workbook of the ledgers into `target` (a path or a binary file); see `to_xlsx`."""
    workbook = Workbook(write_only=True)
    properties = workbook.properties
    properties.creator = properties.lastModifiedBy = clean_text(author)
    properties.title = clean_text(ledgers[0].title)
    properties.created = properties.modified = created_at.astimezone(dt.UTC).replace(tzinfo=None)
    for ledger in ledgers:
        _Sheet(workbook, ledger).write()
    # Workbook.save() would put the machine's own time in the place of ours.
    with ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(workbook, archive).write_data()


def clean_text(value) -> str:
    """Return `value`'s words as a cell can hold them: no control characters, at most 32,767 units.

    Tabs and line breaks stay. What is cut ends with a mark that says so.
    """
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    text = LOOKS_ESCAPED.sub("_x005F_", UNWRITABLE.sub("", text))
    if len(text) <= LONGEST_TEXT // 2 or _units(text) <= LONGEST_TEXT:
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST_TEXT - len(CUT_MARK))]
    return kept.decode("utf-16-le", errors="ignore") + CUT_MARK


def clean_sheet_name(name: str, taken: Iterable[str] = ()) -> str:
    """Return `name` as Excel allows for a sheet, and unlike every one of `taken`.

    At most 31 units, none of []:*?/\\, no apostrophe at its ends.
    """
    name = NOT_IN_SHEET_NAMES.sub("", UNWRITABLE.sub("", name)).strip("' \t\n") or "台账"
    taken = {other.casefold() for other in taken}
    number, found = 1, _shortened(name, "")
    while found.casefold() in taken or found.casefold() == "history":
        number += 1
        found = _shortened(name, f"（{number}）")
    return found


def clean_file_name(name: str) -> str:
    """Return `name` without what a file's name cannot hold on every system."""
    return NOT_IN_FILE_NAMES.sub("", UNWRITABLE.sub("", name)).strip()


def _shortened(name, ending):
    kept = name.encode("utf-16-le")[: 2 * (SHEET_NAME_LENGTH - len(ending))]
    return kept.decode("utf-16-le", errors="ignore").rstrip("' ") + ending


def _units(text):
    """The length as Excel counts it: what lies beyond U+FFFF counts twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def _lines_of(text, width):
    """How many lines a text takes in a column of `width` characters."""
    if not text:
        return 1
    room = max(width - 1, 1)
    return sum(
        max(-(-sum(2.1 if char > "\xff" else 1.1 for char in part) // room), 1)
        for part in text.split("\n")
    )


def _cell_value(value, kind):
    """`value` as openpyxl takes it for a column of `kind`, and whether it is text."""
    if value is None or value == "":
        return None, False
    if isinstance(value, dt.datetime) and kind is not Kind.DATE:
        value = clock.local(value).replace(tzinfo=None)
    elif isinstance(value, dt.datetime):
        value = clock.local(value).date()
    is_day = isinstance(value, dt.date)
    day = value.date() if isinstance(value, dt.datetime) else value
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if kind.is_text or not (is_number or (is_day and day >= FIRST_DAY)):
        return clean_text(value), True
    return value, False


class _Sheet:
    """One ledger being written, row by row."""

    def __init__(self, workbook, ledger):
        name = clean_sheet_name(ledger.sheet_name or ledger.title, workbook.sheetnames)
        self.ledger = ledger
        self.sheet = workbook.create_sheet(name)
        self.columns = (Heading("序号", Kind.WHOLE, SERIAL_WIDTH), *ledger.headings)
        self.sums = [Decimal(0) if heading.is_summed else None for heading in ledger.headings]
        self.widths = self._widths()
        self.line = 0
        # One cell a column serves all rows: each is written before the next is filled in.
        self.cells = [self._cell(heading.kind) for heading in self.columns]

    def write(self):
        """Write the whole sheet and close it."""
        self._set_up(top=self._top_lines())
        try:
            self._write_top()
            self._write_rows()
            if self.ledger.note:
                self._write_line(f"注：{self.ledger.note}")
        finally:
            self.sheet.close()

    def _write_rows(self):
        number = 0
        for number, values in enumerate(self.ledger.rows, start=1):
            self._append(number, values)
        if not number:
            self._banner("没有符合条件的记录", centred=True, border=GRID)
        elif self.ledger.totals is not None or any(total is not None for total in self.sums):
            self._write_totals()

    def _top_lines(self):
        """How many lines stand above the first row: title, notes if any, headings."""
        ledger = self.ledger
        return 2 + bool(ledger.made_by or ledger.cutoff) + bool(ledger.conditions)

    def _widths(self):
        """Each column's width; texts are widened until the sheet fills its paper."""
        rooms = [heading.room for heading in self.columns]
        texts = sum(heading.room for heading in self.columns if heading.kind is Kind.TEXT)
        spare = max(PAPER_WIDTH - sum(rooms), 0)
        return [
            round(heading.room * (1 + spare / texts), 1)
            if heading.kind is Kind.TEXT
            else heading.room
            for heading in self.columns
        ]

    def _set_up(self, top):
        """Everything that has to be said before the first row is written."""
        sheet = self.sheet
        for position, width in enumerate(self.widths, start=1):
            sheet.column_dimensions[get_column_letter(position)].width = width
        sheet.freeze_panes = f"A{top + 1}"
        sheet.print_title_rows = f"{top}:{top}"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.5  # inches, as Excel has it
        margins.top, margins.bottom, margins.footer = 0.7, 0.7, 0.35
        sheet.oddFooter.center.text = "第 &P 页  共 &N 页"

    def _write_top(self):
        ledger = self.ledger
        self._banner(ledger.title, font=TITLE_FONT, height=TITLE_HEIGHT, centred=True)
        cutoff = f"统计截止日期：{_full_date(ledger.cutoff)}" if ledger.cutoff else ""
        if ledger.made_by or cutoff:
            self._two_notes(f"制表单位：{ledger.made_by}" if ledger.made_by else "", cutoff)
        if ledger.conditions:
            self._write_line(f"筛选条件：{ledger.conditions}")
        style = {"font": HEADING_FONT, "fill": SHADE, "horizontal": "center", "border": GRID}
        cells = [self._text(heading.words, **style) for heading in self.columns]
        self._append_cells(cells, height=max(HEADING_HEIGHT, self._height(cells)))

    def _write_line(self, words):
        """Words across all columns, on as many lines as they take."""
        lines = _lines_of(clean_text(words), sum(self.widths))
        self._banner(words, height=NOTE_HEIGHT + LINE_HEIGHT * (lines - 1))

    def _two_notes(self, left, right):
        """One line, with a note at its left and one at its right end."""
        count = len(self.columns)
        middle = max(count // 2, 1)
        cells = [None] * count
        cells[0] = self._text(left)
        if count > middle:
            cells[middle] = self._text(right, horizontal="right")
        self._append_cells(cells, height=NOTE_HEIGHT)
        self._merge(1, middle)
        self._merge(middle + 1, count)

    def _write_totals(self):
        given = self.ledger.totals
        values = list(self.sums if given is None else given)
        self._append("合计", values, font=HEADING_FONT, fill=SHADE)

    def _append(self, number, values, **style):
        """One row; the sums grow with it."""
        values = list(values)
        if len(values) != len(self.ledger.headings):
            raise ValueError(f"{len(values)} values for {len(self.ledger.headings)} headings.")
        cells = self.cells
        if style:
            cells = [self._cell(heading.kind, **style) for heading in self.columns]
        for cell, heading, value in zip(cells, self.columns, chain([number], values), strict=True):
            cell.value, is_text = _cell_value(value, heading.kind)
            if is_text:
                cell.data_type = "s"
        if not style:
            for position, total in enumerate(self.sums):
                if total is not None and values[position] is not None:
                    self.sums[position] = total + values[position]
        self._append_cells(cells, height=self._height(cells))

    def _height(self, cells):
        """The height of a row that shows all its texts."""
        texts = [
            _lines_of(cell.value, width)
            for cell, width in zip(cells, self.widths, strict=True)
            if cell.data_type == "s"
        ]
        lines = max(texts, default=1)
        return max(ROW_HEIGHT, LINE_HEIGHT * lines + 5)

    def _banner(self, words, *, font=BODY_FONT, height=NOTE_HEIGHT, centred=False, border=None):
        """One line of text across all columns."""
        horizontal = "center" if centred else "left"
        first = self._text(words, font=font, horizontal=horizontal, border=border)
        rest = [self._text("", border=border) for _ in self.columns[1:]] if border else []
        self._append_cells([first, *rest], height=height)
        self._merge(1, len(self.columns))

    def _append_cells(self, cells, height):
        self.line += 1
        self.sheet.row_dimensions[self.line].height = min(height, HIGHEST_ROW)
        self.sheet.append(cells)
        # It is written by now, and ten thousand of them would be kept for nothing.
        del self.sheet.row_dimensions[self.line]

    def _merge(self, first, last):
        """Make one cell of those from `first` to `last` in the line just written."""
        if last > first:
            letters = get_column_letter(first), get_column_letter(last)
            self.sheet.merged_cells.add(f"{letters[0]}{self.line}:{letters[1]}{self.line}")

    def _cell(self, kind, *, font=BODY_FONT, fill=None):
        """An empty cell in the grid, as a column of `kind` shows its values."""
        number_format, horizontal, _ = kind.value
        cell = WriteOnlyCell(self.sheet)
        cell.font, cell.border, cell.number_format = font, GRID, number_format
        cell.alignment = Alignment(
            horizontal=horizontal, vertical="center", wrap_text=kind.is_text or None
        )
        # Excel's own mark for "this is text": it stays text when somebody edits it.
        cell.quotePrefix = kind.is_text
        if fill:
            cell.fill = fill
        return cell

    def _text(self, words, *, font=BODY_FONT, fill=None, horizontal="left", border=None):
        """A cell of the frame around the rows."""
        cell = WriteOnlyCell(self.sheet, clean_text(words))
        cell.data_type = "s"
        cell.font, cell.quotePrefix = font, True
        cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
        if fill:
            cell.fill = fill
        if border:
            cell.border = border
        return cell


def _full_date(day):
    return f"{day.year}年{day.month}月{day.day}日"
