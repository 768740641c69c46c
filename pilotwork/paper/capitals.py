"""人民币大写: amounts in capitals, as they stand on vouchers (DOMAIN, Money)."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ((10**8, "亿"), (10**4, "万"))
LIMIT = Decimal(10) ** 16


def in_capitals(amount: Decimal) -> str:
    """Return an amount in yuan (Decimal, at most two decimals) as 人民币…整.

    整 follows 元 or 角, never 分; one 零 stands for any run of zeros between digits. Raises
    ValueError for a negative amount, more than two decimals, NaN, infinity or 10^16 and above.
    """
    amount = Decimal(amount)
    if not amount.is_finite() or amount < 0 or amount >= LIMIT:
        raise ValueError("Only amounts from 0 up to 10^16 have capitals.")
    fen = amount * 100
    if fen != fen.to_integral_value():
        raise ValueError("An amount has at most two decimals.")
    yuan, rest = divmod(int(fen), 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif fen and yuan:
        text += "零"
    text += f"{DIGITS[fen]}分" if fen else "整"
    return f"人民币{text}"


def _whole(number):
    """Return a whole number in capitals; what stands before 亿 or 万 is itself such a number."""
    for size, name in GROUPS:
        if number >= size:
            high, low = divmod(number, size)
            gap = DIGITS[0] if 0 < low < size // 10 else ""
            return _whole(high) + name + gap + (_whole(low) if low else "")
    return _group(number) or DIGITS[0]


def _group(group):
    """Return up to four digits in capitals, nothing for 0."""
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if not digit:
            zero = bool(text)
            continue
        text += (DIGITS[0] if zero else "") + DIGITS[digit] + PLACES[place]
        zero = False
    return text
