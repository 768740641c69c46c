"""Reading uploaded tables: which file is let in, where the table begins, which rows it has."""

import datetime as dt
import shutil
import subprocess

import pytest
from django.core.exceptions import ValidationError
from openpyxl.utils.datetime import MAC_EPOCH

from pilotwork.paper import sheet
from pilotwork.paper.sheet import read_sheet
from tests.ground.sheets import content_of, repacked, uploaded, workbook

HEADINGS, REQUIRED = ["单位", "年度", "应上缴（元）", "日期"], ["单位", "年度"]
FIRST_SHEET = "xl/worksheets/sheet1.xml"
PLAIN = [["单位", "年度"], ["王口镇团委", 2026]]


def read(content, name="名单.xlsx", **further):
    return read_sheet(uploaded(content, name), headings=HEADINGS, required=REQUIRED, **further)


def lines(content):
    """[(number, cells)] of a table in which no cell is faulty."""
    found = read(content).lines
    assert not any(line.faults for line in found)
    return [(line.number, line.cells) for line in found]


def refusal(content, name="名单.xlsx"):
    """The code with which a file is refused; its sentence names the file and is in Chinese."""
    with pytest.raises(ValidationError) as refused:
        read(content, name)
    assert refused.value.message.startswith(f"“{name}”：")
    assert refused.value.message.endswith("。")
    return refused.value.code


# --- Where the table is ---------------------------------------------------------------------------


def test_rows_keep_the_numbers_that_excel_shows():
    assert lines([["单位", "年度"], ["甲", 2026], [], ["乙", 2025]]) == [
        (2, {"单位": "甲", "年度": 2026}),
        (4, {"单位": "乙", "年度": 2025}),
    ]


def test_the_headings_are_found_below_merged_titles_in_any_order_and_spelling():
    book = workbook(
        [
            ["填表单位：县团委", None, "2026年1月"],
            [None, " 年 度* ", "单位（必填）", "应上缴(元)"],
            [1, 2026, "甲", 5],
        ],
        title="2026年度团费登记表",
    )
    assert lines(book) == [(4, {"年度": 2026, "单位": "甲", "应上缴（元）": 5})]


def test_the_table_may_be_on_another_sheet_but_not_on_a_hidden_one():
    book = workbook([["封面"]])
    for row in PLAIN:
        book.create_sheet("名单").append(row) if row is PLAIN[0] else book["名单"].append(row)
    assert lines(book) == [(2, {"单位": "王口镇团委", "年度": 2026})]
    book["名单"].sheet_state = "hidden"
    assert refusal(book) == "headings"


def test_missing_headings_are_named():
    with pytest.raises(ValidationError, match="没有找到表头，缺少“年度”。"):
        read([["单位", "备注"], ["甲", "乙"]])


def test_a_heading_that_stands_twice_is_refused():
    assert refusal([["单位", "年度", " 单位"], ["甲", 2026, "乙"]]) == "headings"


def test_columns_that_mean_nothing_are_named_and_numbering_is_not():
    assert read([["序号", "单位", "年度", "备注"], [1, "甲", 2026, "新"]]).unknown == ["备注"]


def test_rows_of_sums_and_rows_with_nothing_but_numbering_are_passed_over():
    table = [["序号", "单位", "年度"], [1, "甲", 2026], [2, None, " "], ["合计", "合计", 1]]
    assert lines(table) == [(2, {"单位": "甲", "年度": 2026})]


def test_a_table_without_rows_is_refused():
    assert refusal([["单位", "年度"], ["合计", None]]) == "no_rows"


def test_a_file_that_says_a_wrong_size_of_its_sheet_is_read_whole():
    content = content_of(workbook([*PLAIN, ["乙", 2025]]))
    wrong = repacked(content, {FIRST_SHEET: lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1"')})
    assert wrong != content
    assert [number for number, _ in lines(wrong)] == [2, 3]


def test_cells_far_to_the_right_are_not_looked_at():
    book = workbook(PLAIN)
    book.active.cell(2, 16384, "远")
    assert lines(book) == [(2, {"单位": "王口镇团委", "年度": 2026})]


def test_no_more_rows_are_read_than_allowed():
    table = [["单位", "年度"], *(["甲", n] for n in range(4))]
    assert len(read(table, most_rows=4).lines) == 4
    with pytest.raises(ValidationError, match="一次最多导入 3 行"):
        read(table, most_rows=3)


def test_an_endless_tail_of_empty_rows_is_refused(monkeypatch):
    monkeypatch.setattr(sheet, "MAX_SCANNED", 50)
    book = workbook(PLAIN)
    book.active.cell(60, 30, "远")
    assert refusal(book) == "too_long"


# --- Cells ----------------------------------------------------------------------------------------


def test_days_numbers_and_answers_are_kept_as_json_keeps_them():
    day = dt.datetime(2026, 5, 4)
    table = [HEADINGS, [True, 2026.0, 0.1 + 0.2, day], ["乙", 2025, 12.5, day.date()]]
    assert lines(table) == [
        (2, {"单位": "是", "年度": 2026, "应上缴（元）": 0.3, "日期": "2026-05-04"}),
        (3, {"单位": "乙", "年度": 2025, "应上缴（元）": 12.5, "日期": "2026-05-04"}),
    ]


def test_a_formula_counts_with_the_result_that_excel_stored():
    content = content_of(workbook([["单位", "年度"], ["甲", "=2000+26"]]))
    stored = repacked(content, {FIRST_SHEET: lambda xml: xml.replace(b"<v></v>", b"<v>2026</v>")})
    assert stored != content
    assert lines(stored) == [(2, {"单位": "甲", "年度": 2026})]


def test_a_formula_without_a_result_and_one_in_error_are_faults_of_their_cells():
    book = workbook([["单位", "年度"], ["甲", "=2000+26"], ["乙", "#REF!"]])
    first, second = read(book).lines
    assert (first.cells, first.faults) == ({"单位": "甲"}, {"年度": sheet.NO_RESULT})
    assert (second.cells, second.faults) == (
        {"单位": "乙"},
        {"年度": "单元格的公式出错（#REF!）。"},
    )


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice here")
@pytest.mark.long
def test_a_file_that_another_program_has_written_is_read_alike(tmp_path):
    day = dt.datetime(2026, 5, 4)
    source = tmp_path / "in.xlsx"
    source.write_bytes(
        content_of(workbook([HEADINGS, ["甲", "=2000+26", "1,236.50元", day]], title="表"))
    )
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            tmp_path / "out",
            source,
        ],
        check=True,
        capture_output=True,
    )
    expected = {"单位": "甲", "年度": 2026, "应上缴（元）": "1,236.50元", "日期": "2026-05-04"}
    assert lines((tmp_path / "out" / "in.xlsx").read_bytes()) == [(3, expected)]


# --- Files that are not let in --------------------------------------------------------------------


def test_an_empty_and_an_overlarge_file_are_refused(monkeypatch):
    assert refusal(b"") == "empty"
    monkeypatch.setattr(sheet, "MAX_BYTES", 1000)
    assert refusal(PLAIN) == "too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (sheet.OLE + bytes(600), "type"),
        (sheet.OLE + bytes(600) + sheet.ENCRYPTED, "encrypted"),
        ("单位,年度\n甲,2026\n".encode("gbk"), "type"),
        (b"<html><table></table></html>", "type"),
        (b"PK\x03\x04" + bytes(200), "broken"),
    ],
    ids=["xls", "password", "csv", "html", "half a zip"],
)
def test_what_is_no_xlsx_whatever_its_name_is_refused(content, code):
    assert refusal(content) == code


def test_a_word_file_and_a_file_with_macros_are_refused():
    content = content_of(workbook(PLAIN))
    as_word = content.replace(b"xl/workbook.xml", b"xl/workbooc.xml")
    assert refusal(as_word) == "type"
    assert refusal(repacked(content, {"xl/vbaProject.bin": b"x"})) == "macros"


def test_a_good_file_with_another_extension_is_refused():
    assert refusal(PLAIN, "名单.csv") == "extension"


def test_a_cut_off_file_is_refused():
    content = content_of(workbook(PLAIN))
    assert refusal(content[: len(content) // 2]) == "broken"


@pytest.mark.parametrize(
    "part", [FIRST_SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_a_file_with_a_damaged_part_is_refused(part):
    content = content_of(workbook(PLAIN))
    assert refusal(repacked(content, {part: lambda xml: xml[: len(xml) // 2]})) == "broken"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = repacked(content_of(workbook(PLAIN)), {"xl/media/a.bin": bytes(sheet.MAX_UNPACKED)})
    assert len(bomb) < 200_000
    assert refusal(bomb) == "bomb"


def test_a_file_that_lies_about_what_it_unpacks_to_is_refused(monkeypatch):
    content = content_of(workbook(PLAIN))
    claimed = repacked(content, {"xl/styles.xml": lambda xml: xml + b" " * 5_000_000})
    start = claimed.rindex(b"xl/styles.xml") - 46 + 24  # the size in the zip's own directory
    lying = claimed[:start] + (1000).to_bytes(4, "little") + claimed[start + 4 :]
    assert refusal(lying) == "broken"


def test_entities_that_grow_are_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    content = content_of(workbook(PLAIN))
    grown = repacked(content, {FIRST_SHEET: lambda xml: laughs + xml})
    assert refusal(grown) == "broken"


def test_a_file_that_counts_days_from_1904_is_refused():
    book = workbook(PLAIN)
    book.epoch = MAC_EPOCH
    assert refusal(book) == "epoch"
