"""人民币大写 as DOMAIN.md gives it, held against two other ways of writing and reading it."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwork.paper.capitals import DIGITS, in_capitals

amounts = st.integers(min_value=0, max_value=10**16 - 1).map(lambda fen: Decimal(fen).scaleb(-2))
rounder_amounts = st.builds(
    lambda digit, zeros, more, fen: Decimal(digit * 10**zeros + more) + Decimal(fen) / 100,
    st.integers(1, 9999),
    st.integers(0, 11),
    st.integers(0, 99999),
    st.sampled_from([0, 5, 50, 55]),
)


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("10000", "人民币壹万元整"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("0.07", "人民币柒分"),
        ("100000001", "人民币壹亿零壹元整"),
        ("0", "人民币零元整"),
        ("0.50", "人民币伍角整"),
        ("10.05", "人民币壹拾元零伍分"),
        ("3200.00", "人民币叁仟贰佰元整"),
        ("100001000", "人民币壹亿零壹仟元整"),
        ("10100000000", "人民币壹佰零壹亿元整"),
        ("1000000000000", "人民币壹万亿元整"),
        ("1001000000000", "人民币壹万零壹拾亿元整"),
        ("999999999999.99", "人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amounts_are_written_as_on_vouchers(amount, capitals):
    assert in_capitals(Decimal(amount)) == capitals


@pytest.mark.parametrize("amount", ["-0.01", "-5", "1.005", "NaN", "Infinity", "1E+16"])
def test_an_amount_that_cannot_stand_on_a_voucher_is_refused(amount):
    with pytest.raises(ValueError, match="amount"):
        in_capitals(Decimal(amount))


@given(amounts | rounder_amounts)
def test_what_is_written_reads_back_as_the_same_amount(amount):
    assert read(in_capitals(amount)) == amount


@given(amounts | rounder_amounts)
def test_no_two_zeros_stand_together_and_a_whole_ending_only_without_fen(amount):
    text = in_capitals(amount)
    assert "零零" not in text
    assert text.endswith("整") == (amount * 100 % 10 == 0)


@given(rounder_amounts.filter(lambda amount: 1 <= amount < 10**14))
def test_another_program_writes_the_same_but_for_its_habits(amount):
    # cn2an leaves out 整 after 角, and the 零 of 壹亿零壹仟 that vouchers must have.
    other = cn2an.an2cn(f"{amount:.2f}", "rmb")
    ours = in_capitals(amount).removeprefix("人民币")
    assert bare(ours) == bare(other)


def bare(text):
    return text.removesuffix("整").replace("零", "")


def read(text):
    """Read capitals back, digit by digit, the slow and obvious way."""
    text = text.removeprefix("人民币").removesuffix("整")
    total, high, group, digit = Decimal(0), 0, 0, 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS.index(sign)
            continue
        if sign in "拾佰仟":
            group += digit * 10 ** ("拾佰仟".index(sign) + 1)
        elif sign == "万":
            high += (group + digit) * 10**4
            group = 0
        elif sign == "亿":
            high = (high + group + digit) * 10**8
            group = 0
        elif sign == "元":
            total = Decimal(high + group + digit)
        elif sign == "角":
            total += Decimal(digit) / 10
        elif sign == "分":
            total += Decimal(digit) / 100
        digit = 0
    return total
