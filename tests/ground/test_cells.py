"""What people write into cells: stray spaces, full-width digits, days and amounts in many spellings."""

import datetime as dt
from decimal import Decimal

import pytest
from openpyxl.utils.datetime import to_excel

from pilotwork.paper import cells

MAY_4 = dt.date(2026, 5, 4)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\u3000大邱庄\u00a0镇\u200b团委 \ufeff", "大邱庄镇团委"),
        ("王口 镇 团委", "王口镇团委"),
        ("ＡＢＣ（１２３）", "ABC（123）"),
        ("刘 · 秘书", "刘 · 秘书"),
        ("Red  Flag\t一", "Red Flag 一"),
        ("第一行\r\n第二行", "第一行第二行"),
    ],
)
def test_names_lose_stray_spaces_and_keep_chinese_punctuation(raw, expected):
    assert cells.text(80)(cells.value_of(raw)) == expected


def test_a_text_keeps_its_lines_and_loses_what_cannot_be_seen():
    raw = "  看了林地，\u200b收入 １２ 万。_x000D_\n\x07 下次再去\u3000 \r\n"
    assert cells.paragraphs(200)(cells.value_of(raw)) == "看了林地，收入 12 万。\n\n下次再去"


@pytest.mark.parametrize(
    "raw",
    [
        "2026-5-4", "2026-05-04", "2026/5/4", "2026.5.4", "2026年5月4日", "2026 年 5 月 4 日",
        "２０２６年５月４日", "２０２６／５／４", "20260504", 20260504, "2026-05-04 09:30",
        dt.date(2026, 5, 4), dt.datetime(2026, 5, 4, 9, 30), to_excel(MAY_4), f"{to_excel(MAY_4)}",
        to_excel(MAY_4) + 0.5,
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_spelling(raw):
    assert cells.day(cells.value_of(raw)) == MAY_4


@pytest.mark.parametrize(
    "raw", ["5月4日", "26-5-4", "2026-2-30", "2026年13月1日", "昨天", 2026, "1e5", -5, "2026-5-4起"]
)
def test_what_is_no_day_is_refused(raw):
    with pytest.raises(ValueError, match=r"不是日期|没有“.*”这一天"):
        cells.day(cells.value_of(raw))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (1236, "1236.00"), (1409.5, "1409.50"), (0, "0.00"), (0.1 + 0.2, "0.30"),
        ("1,236.50", "1236.50"), ("￥３，２００．５０", "3200.50"), ("¥ 3200", "3200.00"),
        ("3200元", "3200.00"), ("人民币3200 元", "3200.00"),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_every_usual_spelling(raw, expected):
    assert cells.money(cells.value_of(raw)) == Decimal(expected)


@pytest.mark.parametrize("raw", ["三千", "1.234", 1.005, -1, "1,23", "1e3"])
def test_what_is_no_amount_is_refused(raw):
    with pytest.raises(ValueError, match="金额"):
        assert cells.money(cells.value_of(raw)) is None


@pytest.mark.parametrize("raw", ["12.5", "十", "-1", "", "nan", "1001", "∞"])
def test_what_is_no_whole_number_within_bounds_is_refused(raw):
    with pytest.raises(ValueError, match=r"不是整数|须在"):
        cells.whole(0, 1000)(raw)


def test_a_whole_number_may_be_text_or_full_width():
    assert [cells.whole()(cells.value_of(raw)) for raw in (12, 12.0, "１２", " 12 ", "12.0")] == [
        12
    ] * 5


def test_a_year_may_carry_its_word():
    assert [cells.year(raw) for raw in (2026, "2026年", "２０２６年度")] == [2026] * 3
    with pytest.raises(ValueError, match="不是年度"):
        cells.year("26")


def test_a_choice_takes_its_spellings_and_names_what_may_be_written():
    read = cells.choice({"a": ("农民专业合作社", "合作社"), "b": "学校"})
    assert [read(raw) for raw in ("合作 社", "学校")] == ["a", "b"]
    with pytest.raises(ValueError, match="可以填：农民专业合作社、学校。"):
        read("医院")


def test_yes_and_no_may_be_ticks():
    assert [cells.yes_or_no(raw) for raw in ("是", "√", "否", "Ｎ")] == [True, True, False, False]


def test_several_names_stand_in_one_cell():
    assert cells.words("恒兴、钢厂；恒 兴钢,\n") == ["恒兴", "钢厂", "恒兴钢"]


def test_a_long_account_number_that_excel_has_rounded_is_refused():
    assert cells.text(40)(cells.value_of(621000010001001)) == "621000010001001"
    with pytest.raises(ValueError, match="超过 15 位"):
        cells.text(40)(cells.value_of(6210000100010012345))
    with pytest.raises(ValueError, match="超过 15 位"):
        cells.text(40)(cells.value_of(6.2100001000100124e18))


def test_a_text_that_is_too_long_is_refused_with_both_numbers():
    with pytest.raises(ValueError, match="最多 3 个字，现有 4 个"):
        cells.text(3)("甲乙丙丁")
