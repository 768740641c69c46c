"""Reads a table that people filled in with Excel or WPS: which file is let in, where it begins.

The file is distrusted: its type is found in the content, what it unpacks to is limited, XML entities
are refused. Values of cells are cleaned here and read as words, numbers and days by `cells`.
"""

import io
import zipfile
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from openpyxl import load_workbook
from openpyxl.utils.datetime import MAC_EPOCH

from pilotwork.files import clean_name
from pilotwork.paper.cells import heading_key, plain, value_of

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 1000
MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_SCANNED = 100_000
# Titles and remarks stand above the headings, never more than this.
HEAD_ROWS = 30
OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "请在 Excel 或 WPS 里另存为 .xlsx 后再上传。"
NO_RESULT = "公式没有计算结果，请在 Excel 里打开并保存一次，或粘贴为数值。"
# What an office writes under a table, and before each row.
SUMS = {"合计", "总计", "小计"}
COUNTER = "序号"


@dataclass(frozen=True)
class Line:
    """One row: its number in Excel, {heading: value} and {heading: what is wrong with the cell}.

    A value is a str, int or float that JSON keeps; a day is its ISO text. Empty cells are left out.
    """

    number: int
    cells: dict
    faults: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """The rows under the headings, and the headings that mean nothing here."""

    lines: list
    unknown: list


def read_sheet(uploaded, *, headings, required, most_rows=MAX_ROWS):
    """The Sheet of an uploaded .xlsx (a Django UploadedFile) that has the `required` headings.

    `headings` are all that are understood, in any order; titles above and empty rows are passed
    over, and so are rows of sums. Raises ValidationError in Chinese, naming the file, for anything
    that is no such table, is too large, or holds more than `most_rows` rows.
    """
    name = clean_name(uploaded.name or "")
    try:
        content = _content_of(uploaded)
        _check_package(content, name)
        return _read(content, list(headings), list(required), most_rows)
    except ValidationError as error:
        raise ValidationError(f"“{name}”：{error.message}", code=error.code) from error


# --- The file ---------------------------------------------------------------------------------


def _content_of(uploaded):
    if not uploaded.size:
        raise ValidationError("文件是空的。", code="empty")
    if uploaded.size > MAX_BYTES:
        raise ValidationError("文件超过 10 MB，请分成几份。", code="too_large")
    uploaded.seek(0)
    return uploaded.read(MAX_BYTES + 1)


def _check_package(content, name):
    """Refuse what is no .xlsx, what hides macros, and what unpacks to more than we read."""
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise ValidationError("文件设了密码，请去掉密码后再上传。", code="encrypted")
        raise ValidationError(f"这是旧版的 .xls 或 .et 文件，{SAVE_AS}", code="type")
    if not content.startswith(b"PK"):
        raise ValidationError(
            f"这不是 .xlsx 表格（可能是 CSV 或改了扩展名），{SAVE_AS}", code="type"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise ValidationError(f"文件已损坏，打不开。{SAVE_AS}", code="broken") from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise ValidationError(f"这不是 .xlsx 表格，{SAVE_AS}", code="type")
    if any("vbaproject" in part.lower() for part in names):
        raise ValidationError(f"文件含有宏，{SAVE_AS}", code="macros")
    # What a part claims is what zipfile unpacks at most: it stops there and finds the checksum wrong.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ValidationError("文件解压后过大，请删去图片和多余的工作表。", code="bomb")
    if not name.lower().endswith(".xlsx"):
        raise ValidationError("扩展名不是 .xlsx，请改回来再上传。", code="extension")


def _read(content, headings, required, most_rows):
    book = None
    try:
        book = _open(content)
        if book.epoch == MAC_EPOCH:
            raise ValidationError(
                "文件使用 1904 日期系统，日期会差四年；请在选项里取消后另存。", code="epoch"
            )
        found = _find_table(book, headings, required)
        formulas = _formulas(content, found[0].title)
        return _rows_of(*found, formulas, headings, most_rows)
    except ValidationError:
        raise
    except Exception:
        # Whatever a damaged or malicious file breaks inside the parsers, the person is told the
        # same; nothing has been written yet.
        raise ValidationError(f"文件已损坏，读不出表格。{SAVE_AS}", code="broken") from None
    finally:
        if book is not None:
            book.close()


def _open(content, *, data_only=True):
    return load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)


# --- The table --------------------------------------------------------------------------------


def _cells_of(worksheet):
    """Yield (row's number, its cells), whatever size the file says the sheet has."""
    worksheet.reset_dimensions()
    rows = worksheet.iter_rows(min_row=1, min_col=1, max_col=MAX_COLUMNS)
    yield from enumerate(rows, start=1)


def _find_table(book, headings, required):
    """(worksheet, number of the row of headings, {column's index: heading}, unknown headings)."""
    known = {heading_key(heading): heading for heading in headings}
    best = []
    for worksheet in book.worksheets:
        if worksheet.sheet_state != "visible":
            continue
        for number, cells in _cells_of(worksheet):
            if number > HEAD_ROWS:
                break
            columns, unknown = _headings_in(cells, known)
            if set(required) <= set(columns.values()):
                return worksheet, number, columns, unknown
            best = max(best, list(columns.values()), key=len)
    missing = "”“".join(heading for heading in required if heading not in best)
    raise ValidationError(
        f"没有找到表头，缺少“{missing}”。请使用模板，不要改动表头的文字。", code="headings"
    )


def _headings_in(cells, known):
    columns, unknown = {}, []
    for index, cell in enumerate(cells):
        text = cell.value if isinstance(cell.value, str) else ""
        heading = known.get(heading_key(text))
        if heading is None:
            unknown += [plain(text)] if plain(text) and plain(text) != COUNTER else []
        elif heading in columns.values():
            raise ValidationError(f"表头“{heading}”出现了两次，请删去一列。", code="headings")
        else:
            columns[index] = heading
    return columns, unknown


def _formulas(content, title):
    """{(row, column's index)} of the sheet's formulas; only read where there are any."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [part for part in package.namelist() if part.startswith("xl/worksheets/")]
        texts = (package.read(part) for part in sheets)
        if not any(b"<f>" in text or b"<f " in text for text in texts):
            return set()
    book = _open(content, data_only=False)
    try:
        return {
            (number, index)
            for number, cells in _cells_of(book[title])
            for index, cell in enumerate(cells)
            if cell.data_type == "f"
        }
    finally:
        book.close()


def _rows_of(worksheet, head, columns, unknown, formulas, headings, most_rows):
    lines = []
    for number, cells in _cells_of(worksheet):
        if number > MAX_SCANNED:
            raise ValidationError("表格后面有太多空行，请删去后再上传。", code="too_long")
        if number <= head:
            continue
        line = _line(number, cells, columns, formulas)
        first = next(iter(line.cells.values()), "")
        if not (line.cells or line.faults) or first in SUMS:
            continue
        lines.append(line)
        if len(lines) > most_rows:
            raise ValidationError(f"一次最多导入 {most_rows} 行，请分成几份。", code="too_long")
    if not lines:
        raise ValidationError("表头下面没有内容。", code="no_rows")
    return Sheet(lines, unknown)


def _line(number, cells, columns, formulas):
    values, faults = {}, {}
    for index, heading in columns.items():
        cell = cells[index]
        if cell.data_type == "e":
            faults[heading] = f"单元格的公式出错（{cell.value}）。"
        elif cell.value is not None:
            value = value_of(cell.value)
            if value != "":
                values[heading] = value
        elif (number, index) in formulas and cell.data_type == "n":
            faults[heading] = NO_RESULT
    return Line(number, values, faults)
