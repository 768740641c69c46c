"""What people write into cells, read as words, numbers, money, days and choices.

A cell's value is a str, int or float (as `value_of` makes them). Each reader returns the value or
raises ValueError with the sentence that is said to the person.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError

from pilotwork.money import MoneyFormField

# Full-width digits, letters and the ideographic space; punctuation of a sentence stays Chinese.
NARROW = {
    code: code - 0xFEE0
    for first, last in ("０９", "Ａｚ")
    for code in range(ord(first), ord(last) + 1)
    if chr(code - 0xFEE0).isalnum()
} | {0x3000: " "}
HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
BETWEEN_HAN = re.compile(rf"(?<={HAN}) +(?={HAN})")
ESCAPED = re.compile(r"_x000[0-9A-Fa-f]_")
REQUIRED_MARK = re.compile(r"^\*+|\*+$|\(必填\)|\(选填\)")
DAY = re.compile(
    r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?日?(?: ?T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.ASCII,
)
EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
SERIAL_ORIGIN = dt.date(1899, 12, 30)
SERIALS = range(25569, 73051)  # 1970 to 2099
EXACT_DIGITS = 15  # of a number that Excel keeps
MONEY = MoneyFormField()


def value_of(raw):
    """A cell's raw value (as openpyxl gives it) as a cleaned str, an int or a float."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ")
    if isinstance(raw, dt.date):
        return raw.isoformat()
    if isinstance(raw, float):
        # Excel shows and means 15 digits; the rest is how a computer keeps 0.1 + 0.2.
        raw = float(f"{raw:.15g}")
        return int(raw) if raw.is_integer() and abs(raw) < 1e18 else raw
    if isinstance(raw, int):
        return raw
    return prose(str(raw))


def prose(text):
    """`text` without invisible characters and stray spaces; its lines are kept."""
    text = ESCAPED.sub("\n", text).replace("\r\n", "\n").replace("\r", "\n").translate(NARROW)
    kept = (
        c if c == "\n" else " " if unicodedata.category(c) == "Zs" or c == "\t" else c
        for c in text
        if c in "\n\t" or unicodedata.category(c)[0] != "C"
    )
    lines = (" ".join(line.split(" ")) for line in "".join(kept).split("\n"))
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def plain(text):
    """`text` as one line, without spaces between Chinese characters."""
    return BETWEEN_HAN.sub("", " ".join(prose(text).split()))


def key(text):
    """`text` as it is compared: narrow, without any space, in small letters."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).casefold()


def heading_key(text):
    """A heading as it is compared: without marks such as * and （必填）."""
    return REQUIRED_MARK.sub("", key(prose(text)))


# --- Readers ----------------------------------------------------------------------------------


def text(longest):
    """A reader of one line of at most `longest` characters."""

    def read(cell):
        return _short(plain(_as_text(cell)), longest)

    return read


def paragraphs(longest):
    """A reader of a text of several lines, at most `longest` characters."""

    def read(cell):
        return _short(_as_text(cell), longest)

    return read


def words(cell):
    """A reader of several names in one cell, as a list: one a line, or parted by 、，；."""
    parts = re.split(r"[\n、,，;；]", _as_text(cell))
    return [plain(part) for part in parts if plain(part)]


def whole(least=0, most=1_000_000):
    """A reader of a whole number from `least` to `most`."""

    def read(cell):
        try:
            number = Decimal(unicodedata.normalize("NFKC", str(cell)).replace(" ", ""))
        except ArithmeticError:
            raise ValueError(f"“{cell}”不是整数。") from None
        if not number.is_finite() or number != int(number):
            raise ValueError(f"“{cell}”不是整数。")
        if not least <= number <= most:
            raise ValueError(f"须在 {least} 到 {most} 之间。")
        return int(number)

    return read


def year(cell):
    """A reader of a year: 2026, 2026年, 2026年度."""
    digits = re.fullmatch(r"(\d{4})(年|年度)?", key(cell), re.ASCII)
    if digits is None or not 2000 <= int(digits[1]) <= 2100:
        raise ValueError(f"“{cell}”不是年度，例如 2026。")
    return int(digits[1])


def money(cell):
    """A reader of an amount in yuan, not negative: 3200, ３，２００．５０, ¥3,200.50, 3200元."""
    written = format(Decimal(repr(cell)), "f") if isinstance(cell, float) else str(cell)
    try:
        return MONEY.clean(written)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None


def day(cell):
    """A reader of a day: an ISO text, 2026/5/4, 2026.5.4, 2026年5月4日, 20260504, a serial number."""
    written = unicodedata.normalize("NFKC", str(cell)).strip()
    found = DAY.fullmatch(written) or EIGHT_DIGITS.fullmatch(written)
    if found is None and isinstance(_number(written), int | float):
        serial = int(_number(written))
        if serial in SERIALS:
            return SERIAL_ORIGIN + dt.timedelta(days=serial)
    if found is None:
        raise ValueError(f"“{cell}”不是日期，例如 2026-5-4 或 2026年5月4日。")
    try:
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        raise ValueError(f"没有“{cell}”这一天。") from None


def choice(options):
    """A reader of one of `options`, {value: word}: the word, or a few other spellings of it.

    A word may be a tuple; the first one is what is offered.
    """
    spelled = {
        key(word): value
        for value, spellings in options.items()
        for word in (spellings if isinstance(spellings, tuple) else (spellings,))
    }
    offered = "、".join(
        spellings[0] if isinstance(spellings, tuple) else str(spellings)
        for spellings in options.values()
    )

    def read(cell):
        if key(cell) not in spelled:
            raise ValueError(f"“{cell}”不在可填的范围内，可以填：{offered}。")
        return spelled[key(cell)]

    return read


yes_or_no = choice({True: ("是", "√", "✓", "y", "yes", "1"), False: ("否", "×", "n", "no", "0")})


def _number(written):
    try:
        number = float(written)
    except ValueError:
        return None
    return number if -1e9 < number < 1e9 else None


def _as_text(cell):
    if isinstance(cell, int | float) and abs(cell) >= 10**EXACT_DIGITS:
        raise ValueError("数字超过 15 位，表格软件只保留前 15 位；请把单元格设为文本后重新填写。")
    return str(cell)


def _short(written, longest):
    if len(written) > longest:
        raise ValueError(f"太长，最多 {longest} 个字，现有 {len(written)} 个。")
    return written
