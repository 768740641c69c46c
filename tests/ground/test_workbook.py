"""Ledgers as .xlsx files: what Excel, WPS and a printer find in them."""

import datetime as dt
import io
import re
import subprocess
import sys
from decimal import Decimal
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pilotwork.paper.workbook import (
    CUT_MARK,
    LONGEST_TEXT,
    Heading,
    Kind,
    Ledger,
    clean_sheet_name,
    to_xlsx,
)

MOMENT = dt.datetime(2026, 5, 4, 1, 30, tzinfo=dt.UTC)
HEADINGS = (
    Heading("事项", Kind.TEXT),
    Heading("日期", Kind.DATE),
    Heading("登记时间", Kind.MOMENT),
    Heading("金额（元）", Kind.MONEY, is_summed=True),
    Heading("人数", Kind.WHOLE),
)
ROW = ("送电下乡", dt.date(2026, 3, 5), MOMENT, Decimal("1409.50"), 12)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x","y")', "#N/A"]


def written(*rows, headings=HEADINGS, **about):
    """The bytes of a ledger with these rows."""
    ledger = Ledger("资金台账", headings, rows, **about)
    return to_xlsx(ledger, author="试点工作台", created_at=MOMENT)


def opened(*rows, **about):
    """The same, read back as a sheet."""
    return load_workbook(io.BytesIO(written(*rows, **about))).worksheets[0]


def words_in(text):
    """What one text comes back as, from a ledger with one column."""
    return opened((text,), headings=(Heading("事项"),)).cell(3, 2).value


def tree_of(content):
    """The sheet of a file as XML."""
    with ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_ledger_is_title_notes_headings_numbered_rows_and_totals():
    sheet = opened(
        ROW,
        ("座谈会", None, None, Decimal("0.07"), None),
        made_by="团县委",
        cutoff=dt.date(2026, 5, 4),
        conditions="类别 拨付",
        note="演示",
    )
    assert values(sheet) == [
        ["资金台账", None, None, None, None, None],
        ["制表单位：团县委", None, None, "统计截止日期：2026年5月4日", None, None],
        ["筛选条件：类别 拨付", None, None, None, None, None],
        ["序号", "事项", "日期", "登记时间", "金额（元）", "人数"],
        [1, "送电下乡", dt.datetime(2026, 3, 5), dt.datetime(2026, 5, 4, 9, 30), 1409.5, 12],
        [2, "座谈会", None, None, 0.07, None],
        ["合计", None, None, None, 1409.57, None],
        ["注：演示", None, None, None, None, None],
    ]
    merged = {str(found) for found in sheet.merged_cells.ranges}
    assert merged == {"A1:F1", "A2:C2", "D2:F2", "A3:F3", "A8:F8"}
    assert (sheet["A1"].font.name, sheet["A1"].alignment.horizontal) == ("方正小标宋简体", "center")
    assert all(cell.border.top.style == "thin" for row in sheet["A4:F7"] for cell in row)


def test_a_ledger_without_rows_says_so_and_adds_up_nothing():
    assert [row[0] for row in values(opened())] == ["资金台账", "序号", "没有符合条件的记录"]


def test_given_totals_take_the_place_of_the_sums():
    given = ("", None, None, Decimal("5.00"), None)
    assert values(opened(ROW, totals=given))[-1] == ["合计", None, None, None, 5, None]


def test_the_headings_stay_in_sight_and_come_again_on_every_printed_page():
    sheet = opened(ROW, made_by="团县委")
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"


def test_it_prints_on_a4_across_as_wide_as_the_paper_with_page_numbers():
    sheet = opened(ROW)
    page = sheet.page_setup
    assert (page.paperSize, page.orientation) == (9, "landscape")
    assert (page.fitToWidth, page.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.center.text == "第 &P 页  共 &N 页"


def test_its_properties_name_the_author_and_the_moment_of_our_clock():
    properties = load_workbook(io.BytesIO(written(ROW))).properties
    assert (properties.creator, properties.lastModifiedBy) == ("试点工作台", "试点工作台")
    assert properties.created == properties.modified == dt.datetime(2026, 5, 4, 1, 30)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_a_formula_nor_a_link(text):
    content = written((text, None, None, None, None), made_by=text, conditions=text)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    cell = sheet["B5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    tags = {node.tag.partition("}")[2] for node in tree_of(content).iter()}
    assert "is" in tags
    assert tags & {"f", "hyperlink", "hyperlinks"} == set()


@pytest.mark.parametrize("heading", HEADINGS[1:], ids=lambda heading: heading.kind.name)
def test_words_in_a_column_of_days_or_numbers_are_no_formula_either(heading):
    cell = opened(("=1+1",), headings=(Heading(heading.words, heading.kind),))["B3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_control_characters_and_half_characters_do_not_break_the_file():
    assert words_in("甲\x00\x0b\x1f\ud83d\ufffe乙\r\n丙\t丁") == "甲乙\n丙\t丁"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_any_other_text_comes_back_as_it_was(text):
    tree = tree_of(written((text,), headings=(Heading("事项"),)))
    found = [node.text for node in tree.iter() if node.tag.endswith("}t")][-1]
    # What Excel makes of an escape in the file.
    shown = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), found)
    assert shown == re.sub("[\ufffe\uffff]", "", text)


def test_what_only_looks_like_an_escape_is_not_read_as_one():
    assert words_in("_x0041_ 和 a_b") == "_x005F_x0041_ 和 a_b"


def test_a_text_longer_than_a_cell_holds_is_cut_with_a_mark():
    for text in ("长" * 40_000, "😀" * 20_000):
        kept = words_in(text)
        assert kept.endswith(CUT_MARK)
        assert text.startswith(kept.removesuffix(CUT_MARK))
        assert LONGEST_TEXT - 1 <= len(kept.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert words_in("长" * LONGEST_TEXT) == "长" * LONGEST_TEXT


def test_money_is_a_number_to_the_last_fen_and_shown_with_commas():
    amounts = [Decimal("999999999999.99"), *[Decimal("0.10")] * 3]
    rows = [("", None, None, amount, None) for amount in amounts]
    sheet = opened(*rows[:1])
    assert (sheet["E3"].number_format, sheet["E3"].data_type) == ("#,##0.00", "n")
    assert Decimal(str(sheet["E3"].value)) == amounts[0]
    assert Decimal(str(opened(*rows)["E7"].value)) == Decimal("1000000000000.29")
    assert Decimal(str(opened(*rows[1:])["E6"].value)) == Decimal("0.3")


def test_days_are_days_in_shanghai_and_those_before_excels_calendar_are_words():
    late = dt.datetime(2026, 5, 3, 16, 5, tzinfo=dt.UTC)
    sheet = opened(("", late, late, None, None), ("", dt.date(1899, 5, 4), None, None, None))
    assert sheet["C3"].value == dt.datetime(2026, 5, 4)
    assert sheet["D3"].value == dt.datetime(2026, 5, 4, 0, 5)
    assert sheet["C3"].number_format == 'yyyy"年"m"月"d"日"'
    assert sheet["C4"].value == "1899-05-04"


def test_texts_wrap_and_fill_the_width_of_the_paper():
    sheet = opened(ROW)
    assert sheet["B3"].alignment.wrap_text
    assert 120 <= sum(sheet.column_dimensions[letter].width for letter in "ABCDEF") <= 130


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("收支[2026]:A*B?/C\\D", "收支2026ABCD"),
        ("'引号'", "引号"),
        ("", "台账"),
        ("History", "History（2）"),
        ("长" * 40, "长" * 31),
    ],
)
def test_a_sheets_name_is_one_that_excel_allows(name, clean):
    assert clean_sheet_name(name) == clean


def test_sheets_of_one_workbook_have_names_of_their_own():
    ledgers = [Ledger("长" * 40, HEADINGS, [ROW]) for _ in range(3)]
    book = load_workbook(io.BytesIO(to_xlsx(*ledgers, author="团县委", created_at=MOMENT)))
    assert book.sheetnames == ["长" * 31, "长" * 28 + "（2）", "长" * 28 + "（3）"]


def test_a_row_with_too_few_values_is_refused():
    with pytest.raises(ValueError, match="4 values for 5 headings"):
        written(ROW[:4])


MEASURE = """
import datetime as dt, io
from decimal import Decimal
from pilotwork.paper.workbook import Heading, Kind, Ledger, to_xlsx

HEADINGS = [Heading(f"列{n}") for n in range(9)] + [
    Heading("日期", Kind.DATE), Heading("金额", Kind.MONEY, is_summed=True), Heading("次", Kind.WHOLE)
]

def export(count):
    rows = (
        [f"第 {n} 行的文字，{'写得长一些' * 4}" for _ in range(9)]
        + [dt.date(2026, 5, 4), Decimal(n), n]
        for n in range(count)
    )
    ledger = Ledger("台账", HEADINGS, rows)
    return to_xlsx(ledger, author="a", created_at=dt.datetime.now(dt.UTC))

def memory(name):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

export(10)  # what the first export of a worker loads is there ever after
open("/proc/self/clear_refs", "w").write("5")  # the peak begins anew
idle = memory("VmRSS")
size = len(export(10_000))
print(memory("VmHWM") - idle, size)
"""


@pytest.mark.long
def test_ten_thousand_rows_need_at_most_60_mb_above_the_idle_worker():
    """The whole process's peak, as the system counts it, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True, timeout=120
    )
    more_kb, size = map(int, done.stdout.split())
    assert size > 500_000
    assert 0 < more_kb < 60 * 1024
