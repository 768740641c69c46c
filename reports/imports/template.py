"""The table that people fill in: title, headings, a sample row, lists to choose from, notes."""

import datetime as dt
import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pilotwork import clock

HEAD, SAMPLE = 2, 3
MOST_ROWS = 5003
TITLE = Font(name="SimHei", size=16)
BOLD = Font(name="SimHei", size=11)
BODY = Font(name="SimSun", size=11)
GREY = Font(name="SimSun", size=11, italic=True, color="5B6475")
FILLED = PatternFill("solid", fgColor="EEF0F4")
THIN = Border(*[Side(style="thin", color="C9CEDA")] * 4)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
WRAPPED = Alignment(vertical="top", wrap_text=True)
SAMPLE_NOTE = "示例行原样留着即可，上传时自动跳过；从下一行开始填写。"


def template_of(kind):
    """The .xlsx (bytes) in which a list of that kind is filled in."""
    book = Workbook()
    book.properties.creator, book.properties.title = "试点工作台", f"{kind.title}导入模板"
    book.properties.created = book.properties.modified = clock.now().replace(tzinfo=None)
    _table(book.active, kind)
    _notes(book.create_sheet("填写说明"), kind)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _table(sheet, kind):
    sheet.title = "导入"
    columns = kind.columns
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    _write(sheet.cell(1, 1), f"{kind.title}导入模板", TITLE, CENTRED)
    sheet.row_dimensions[1].height = 30
    for index, column in enumerate(columns, start=1):
        mark = "*" if column.is_required else ""
        head = _write(sheet.cell(HEAD, index), column.heading + mark, BOLD, CENTRED)
        head.fill, head.border = FILLED, THIN
        _write(sheet.cell(SAMPLE, index), column.sample, GREY, WRAPPED).border = THIN
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        _prepare(sheet, letter, column)
    sheet.freeze_panes = sheet.cell(SAMPLE, 2)
    _fit_to_width(sheet)


def _prepare(sheet, letter, column):
    """Give the cells below the sample their format, and a list where there is a choice."""
    below = f"{letter}{SAMPLE + 1}:{letter}{MOST_ROWS}"
    if isinstance(column.sample, str):
        # Whole columns, so that no thousand empty cells are stored.
        sheet.column_dimensions[letter].number_format = "@"
    if column.choices:
        offered = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
        offered.error, offered.errorTitle = "请从下拉列表中选择。", column.heading
        sheet.add_data_validation(offered)
        offered.add(below)


def _notes(sheet, kind):
    _write(sheet.cell(1, 1), "填写说明", TITLE, CENTRED)
    sheet.merge_cells("A1:C1")
    for index, words in enumerate(("列", "是否必填", "怎么填"), start=1):
        head = _write(sheet.cell(2, index), words, BOLD, CENTRED)
        head.fill, head.border = FILLED, THIN
    rows = [(c.heading, "必填" if c.is_required else "可空", c.guidance) for c in kind.columns]
    for number, row in enumerate(rows, start=3):
        for index, words in enumerate(row, start=1):
            _write(sheet.cell(number, index), words, BODY, WRAPPED).border = THIN
    for number, words in enumerate((SAMPLE_NOTE, *kind.notes), start=len(rows) + 4):
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=3)
        _write(sheet.cell(number, 1), words, BODY, WRAPPED)
    for letter, width in zip("ABC", (24, 12, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    _fit_to_width(sheet)


def _fit_to_width(sheet):
    """Print on A4 across, as wide as the page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _write(cell, value, font, alignment):
    """Put a value into a cell; text stays text, whatever it begins with."""
    if value != "":
        cell.value = value
    if isinstance(value, str):
        cell.number_format = "@"
        if value:
            cell.data_type = "s"
    if isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"
    cell.font, cell.alignment = font, alignment
    return cell
