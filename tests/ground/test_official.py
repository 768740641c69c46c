"""Official documents: the bytes are opened again and measured against GB/T 9704-2012."""

import datetime as dt
import io
import re
import zipfile

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from hypothesis import given
from hypothesis import strategies as st

from pilotwork.paper.dates import full_date
from pilotwork.paper.official import Block, Run
from pilotwork.paper.official_title import title_lines
from tests.ground.official import (
    FANGSONG,
    KAITI,
    MADE_AT,
    SENTENCE,
    block,
    fonts_of,
    own,
    paragraph_of,
    reopened,
    written,
)


@pytest.fixture(scope="module")
def word():
    return reopened()


# --- Page -----------------------------------------------------------------------------------------


def test_the_page_is_a4_with_the_margins_of_the_standard(word):
    [section] = word.sections
    measures = {
        "width": section.page_width,
        "height": section.page_height,
        "top": section.top_margin,
        "bottom": section.bottom_margin,
        "left": section.left_margin,
        "right": section.right_margin,
    }
    # Word counts in twentieths of a point: 635 EMU.
    assert {name: round(value / 36000, 1) for name, value in measures.items()} == {
        "width": 210,
        "height": 297,
        "top": 37,
        "bottom": 35,
        "left": 28,
        "right": 26,
    }
    assert section.gutter == 0


def test_the_grid_has_22_lines_of_28_characters(word):
    [section] = word.sections
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    line = int(grid.get(qn("w:linePitch"))) / 20
    # Word takes the size of the default style and adds so many 4096ths of a point.
    character = word.styles["Normal"].font.size.pt + int(grid.get(qn("w:charSpace"))) / 4096
    height = section.page_height - section.top_margin - section.bottom_margin
    breadth = section.page_width - section.left_margin - section.right_margin
    assert line == 28.95
    assert Length(height).pt // line == 22
    assert Length(breadth).pt // character == 28


def test_every_line_is_as_high_as_the_grid_wherever_it_stands(word):
    assert len(word.paragraphs) == 10
    for paragraph in word.paragraphs:
        spacing = own(paragraph, "spacing")
        assert (spacing["line"], spacing["lineRule"], spacing["after"]) == ("579", "exact", "0")
        assert spacing["before"] in {"0", "579"}
        assert own(paragraph, "snapToGrid") == {"val": "0"}
        assert paragraph.style.paragraph_format.widow_control is True


def test_characters_stand_close_enough_that_28_fit_into_a_line(word):
    [section] = word.sections
    breadth = section.page_width - section.left_margin - section.right_margin
    run = paragraph_of(word, SENTENCE).runs[0]
    closer = int(run._r.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert Length(breadth).pt // (run.font.size.pt + closer) == 28


@pytest.mark.parametrize(
    ("side", "alignment", "inner"),
    [
        ("footer", WD_ALIGN_PARAGRAPH.RIGHT, "right"),
        ("even_page_footer", WD_ALIGN_PARAGRAPH.LEFT, "left"),
    ],
)
def test_the_page_number_stands_on_the_outer_side_one_character_in(word, side, alignment, inner):
    assert word.settings.odd_and_even_pages_header_footer
    [paragraph] = getattr(word.sections[0], side).paragraphs
    assert paragraph.text == "— 1 —"
    assert paragraph.alignment == alignment
    assert own(paragraph, "ind") == {inner: "280", f"{inner}Chars": "100"}
    assert {fonts_of(run) for run in paragraph.runs} == {("宋体", "宋体", 14)}
    fields = [text.text.strip() for text in paragraph._p.iter(qn("w:instrText"))]
    assert fields == ["PAGE"]


# --- Text -----------------------------------------------------------------------------------------


def test_each_part_has_the_font_and_size_of_the_standard(word):
    parts = {
        paragraph.text: {(east, size) for east, _, size in map(fonts_of, paragraph.runs)}
        for paragraph in word.paragraphs
    }
    assert parts == {
        "关于基层团建试点工作情况的汇报": {("方正小标宋简体", 22)},
        "团市委：": {(FANGSONG, 16)},
        SENTENCE: {(FANGSONG, 16)},
        "一、加大经费支持": {("黑体", 16)},
        "（一）设立基金": {(KAITI, 16)},
        "1. 规范申请": {(FANGSONG, 16)},
        "（1）逐级审核": {(FANGSONG, 16)},
        "设立总额10000元的基金。": {(FANGSONG, 16)},
        "共青团静海县委员会": {(FANGSONG, 16)},
        "2026年5月4日": {(FANGSONG, 16)},
    }


def test_figures_are_set_in_times_and_quotation_marks_in_the_chinese_font(word):
    for paragraph in word.paragraphs:
        for run in paragraph.runs:
            assert run._r.rPr.rFonts.get(qn("w:ascii")) == "Times New Roman"
            assert run._r.rPr.rFonts.get(qn("w:hint")) == "eastAsia"


def test_nothing_but_the_named_fonts_is_left_of_the_template():
    with zipfile.ZipFile(io.BytesIO(written())) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    assert not [name for name in parts if "theme" in name or "thumbnail" in name]
    for name, xml in parts.items():
        assert not re.search("Calibri|Cambria|MS Mincho|ja-JP|asciiTheme", xml), name
    stand_ins = dict(
        re.findall(
            '<w:font w:name="([^"]*)"><w:altName w:val="([^"]*)"', parts["word/fontTable.xml"]
        )
    )
    assert stand_ins.keys() == {"方正小标宋简体", FANGSONG, KAITI, "黑体", "宋体"}
    assert "FangSong" in stand_ins[FANGSONG].split(",")


@pytest.mark.parametrize(
    ("text", "alignment", "indent"),
    [
        ("关于基层团建试点工作情况的汇报", "center", {}),
        ("团市委：", "left", {}),
        (SENTENCE, "both", {"firstLineChars": "200"}),
        ("一、加大经费支持", "both", {"firstLineChars": "200"}),
        ("（1）逐级审核", "both", {"firstLineChars": "200"}),
        # The middle of nine characters stands above the middle of six that end four from the edge.
        ("共青团静海县委员会", "right", {"rightChars": "250"}),
        ("2026年5月4日", "right", {"rightChars": "400"}),
    ],
)
def test_each_part_stands_where_the_standard_has_it(word, text, alignment, indent):
    paragraph = paragraph_of(word, text)
    assert own(paragraph, "jc") == {"val": alignment}
    indents = own(paragraph, "ind")
    assert {key: value for key, value in indents.items() if key.endswith("Chars")} == indent
    for key, hundredths in indent.items():
        # What programs go by that do not count in characters.
        points = int(indents[key.removesuffix("Chars")]) / 20
        assert points == pytest.approx(int(hundredths) / 100 * 15.75, abs=0.3)


def test_one_line_is_left_empty_below_the_title_and_above_the_signature(word):
    spaced = [p.text for p in word.paragraphs if p.paragraph_format.space_before]
    assert spaced == ["团市委：", "共青团静海县委员会"]
    assert paragraph_of(word, "团市委：").paragraph_format.space_before == Pt(28.95)
    without = reopened(addressee="")
    assert without.paragraphs[1].text == SENTENCE
    assert without.paragraphs[1].paragraph_format.space_before == Pt(28.95)


def test_headings_are_headings_of_word_in_their_order(word):
    outline = {
        paragraph.text: own(paragraph, "outlineLvl")["val"]
        for paragraph in word.paragraphs
        if own(paragraph, "outlineLvl")
    }
    assert outline == {
        "一、加大经费支持": "0",
        "（一）设立基金": "1",
        "1. 规范申请": "2",
        "（1）逐级审核": "3",
    }
    assert paragraph_of(word, "（1）逐级审核").style.name == "Heading 4"


def test_the_end_of_the_text_keeps_the_signature_company(word):
    kept = [
        paragraph.text
        for paragraph in word.paragraphs[-3:]
        if paragraph.paragraph_format.keep_with_next
    ]
    assert kept == ["设立总额10000元的基金。", "共青团静海县委员会"]


def test_an_addressee_ends_with_one_colon_and_a_note_stands_in_brackets():
    for typed in ("团市委", "团市委：", "团市委:"):
        assert reopened(addressee=typed).paragraphs[1].text == "团市委："
    assert reopened(note="数据截至5月4日").paragraphs[-1].text == "（数据截至5月4日）"
    assert reopened(note="（此件公开）").paragraphs[-1].text == "（此件公开）"


def test_what_is_empty_leaves_nothing_behind():
    bare = reopened(
        addressee=" ",
        blocks=[block("paragraph", "一", ""), block("paragraph", " \n")],
        signature="",
        dated_on=None,
    )
    assert [paragraph.text for paragraph in bare.paragraphs] == [
        "关于基层团建试点工作情况的汇报",
        "一",
    ]
    nothing = reopened(title="", addressee="", blocks=[], signature="", dated_on=None)
    assert [paragraph.text for paragraph in nothing.paragraphs] == []


def test_a_line_end_in_a_block_begins_a_paragraph_and_typed_indents_are_not_doubled():
    runs = [Run("　　一是走访"), Run("15", "visits"), Run("次。\r\n\n  二是调研。 ")]
    word = reopened(addressee="", blocks=[Block("paragraph", runs)])
    assert [p.text for p in word.paragraphs][1:3] == ["一是走访15次。", "二是调研。"]
    assert {p.style.name for p in word.paragraphs[1:3]} == {"Normal Indent"}


def test_a_block_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="heading9"):
        block("heading9", "九")


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于基层团建试点工作情况的汇报", ["关于基层团建试点工作情况的汇报"]),
        (
            "关于2026年基层团建试点工作进展情况及下一步工作安排的汇报",
            ["关于2026年基层团建试点工作进展情况及", "下一步工作安排的汇报"],
        ),
        (
            "县直机关企业学校合作社2026年度基层团建试点情况汇报",
            ["县直机关企业学校合作社", "2026年度基层团建试点情况汇报"],
        ),
        ("共青团静海县委员会\n工作总结", ["共青团静海县委员会", "工作总结"]),
        (" \n", []),
    ],
)
def test_a_long_title_is_broken_where_it_tears_no_word(title, lines):
    assert title_lines(title) == lines


@given(st.text(alphabet="关于的和0123456789年（）《》、“”试点 ", min_size=1, max_size=90))
def test_a_title_loses_nothing_but_blanks_when_it_is_broken(title):
    lines = title_lines(title)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert all(lines)


# --- Dates and properties -------------------------------------------------------------------------


def test_dates_are_written_without_zeros():
    assert full_date(dt.date(2026, 5, 4)) == "2026年5月4日"
    assert full_date(dt.date(2026, 11, 23)) == "2026年11月23日"


def test_the_properties_are_ours_and_not_those_of_the_template():
    properties = reopened(title="关于试点\n工作的汇报").core_properties
    assert properties.title == "关于试点工作的汇报"
    assert properties.author == properties.last_modified_by == "团县委"
    assert properties.created == properties.modified == MADE_AT.astimezone(dt.UTC)
    assert properties.language == "zh-CN"
    assert properties.comments == properties.keywords == properties.subject == ""
    assert properties.revision == 1


def test_the_language_is_chinese(word):
    [language] = word.styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:eastAsia")) == "zh-CN"


# --- Untrusted text -------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_no_text_breaks_the_file(text):
    word = reopened(
        title=text, addressee=text, blocks=[block("paragraph", text)], signature=text, note=text
    )
    assert len(word.core_properties.title) <= 255


def test_control_and_direction_marks_are_left_out_and_the_rest_stays():
    word = reopened(
        blocks=[block("paragraph", "核定\x00\x1b\ufffe\ud800 <b>&amp; \u202e0081\u202c元\t𠮷")]
    )
    assert word.paragraphs[2].text == "核定 <b>&amp; 0081元 𠮷"


def test_a_title_too_long_for_the_properties_is_cut_there_alone():
    title = "试" * 300
    word = reopened(title=title)
    assert word.paragraphs[0].text.replace("\n", "") == title
    assert word.core_properties.title == "试" * 255
