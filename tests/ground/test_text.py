"""Text of strangers: kept as typed, but for what acts on the reader's screen."""

import pytest

from pilotwork.text import plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("  能否\t晚上？\r\n谢谢。\r ", "能否 晚上？\n谢谢。"),
        ("一\n\n\n \n二", "一\n\n二"),
        ("a\x00b\x07c\x1bd\x85e", "abcde"),
        ("发\u202e票\u2066据\u200b单\ufeff", "发票据单"),
        ("甲\u2028乙", "甲\n乙"),
        ("e\u0301", "\u00e9"),
        ("\u200d", ""),
        ("王\u200c 口\u200d", "王 口"),
        ("名\u3164\U000e0041", "名"),
        ("半\ud800字\uffff", "半字"),
        ("👩\u200d🌾 <b>&amp;</b>", "👩\u200d🌾 <b>&amp;</b>"),
    ],
)
def test_what_acts_is_taken_out_and_everything_else_stays(typed, kept):
    assert plain(typed) == kept
