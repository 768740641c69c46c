"""What a hostile or broken browser types, by kind of control; and the files it sends."""

import io
import zipfile

from PIL import Image

ACTS = "<script>ran(1)</script>"
BIDI, ZERO_WIDTH = "甲\u202e乙\u2066丙", "王\u200b口\u2060镇\ufeff"
TEXTS = [
    "",
    " ",
    "\u3000",
    "\x00",
    "前\x00后",
    "\x1b[31m\x07\x08",
    "一\r\n二\n三\r四",
    "\u2028\u2029",
    BIDI,
    ZERO_WIDTH,
    "👨‍👩‍👧‍👦𠮷𪚥",
    "e\u0301" * 40,
    "Z̸̡̛͔͕͊̈́a" * 60,
    "\ufffe\uffff\U0010ffff",
    "长" * 40,
    "长" * 5000,
    "a" * 70000,
    ACTS,
    "\" onmouseover=ran(1) x='",
    "javascript:ran(1)",
    "{{7*7}}{% now %}${7*7}",
    "=cmd|'/C calc'!A1",
    "+1-1@SUM(A1)",
    "]]>&amp;&lt;&#0;",
    "'; DROP TABLE x; --",
    "%00%s%(x)s%d{0}{x!r}",
    "\\u0000\\ud800\\",
    "../../etc/passwd",
    "[]",
    '{"a": [1]}',
    "null",
    "True",
    "-1",
    "٣٤٥",
    "１２",
    "²",
    "①",
]
NUMBERS = [
    *("", "0", "-0", "-1", "-0.01", "1.005", "0.001", "3.141", "00012", "1,000", "1_000", "0x10"),
    *(
        "1e2",
        "1e999",
        "-1e999",
        "1e-999",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "٣",
        "１２．５",
        "²",
        "½",
    ),
    *(
        "999999999999.99",
        "999999999999.99",
        "999999999999.99",
        "9999999999999999",
        "2147483648",
        "9223372036854775807",
    ),
    *("9223372036854775808", "-9223372036854775809", "9" * 400, "9" * 5000, "0." + "0" * 400 + "1"),
    *(" 1 ", "1 2", "￥１", "1元", "一百", "\x00", "1\x00", "+1", "--1", "1.", ".5", "."),
]
DATES = [
    *("", "0001-01-01", "0001-01-02", "9999-12-31", "9999-12-30", "0000-00-00", "2026-02-30"),
    *("2025-02-29", "2026-13-01", "10000-01-01", "-001-01-01", "1900-01-01", "2026-1-1", "99-1-1"),
    *(
        "2026/11/23",
        "2026-11-23T00:00",
        "today",
        "20261123",
        "２０２６-１１-２３",
        "2026-11-23\x00",
    ),
    *("2026-W48-1", "2100-06-15", "2026-11-23 ", "NaN", "1e9", "9" * 300),
]
KEYS = [
    *("", "0", "-1", "1", "2", "999999999", "2147483648", "9223372036854775807", "1.5", "1e3"),
    *("9223372036854775808", "9" * 40, "9" * 5000, "abc", "None", "\x00", "1\x00", "١", "²"),
    *("00000000-0000-0000-0000-000000000000", "1,2", "[1]", "true", "on", BIDI, ACTS, "../1"),
    *("approved", "draft", "__all__", "all", "x" * 3000),
]
BY_TYPE = {
    "date": DATES + TEXTS,
    "number": NUMBERS + TEXTS,
    "decimal": NUMBERS + TEXTS,
    "numeric": NUMBERS + TEXTS,
    "select": KEYS + TEXTS,
    "radio": KEYS,
    "checkbox": KEYS,
    "hidden": KEYS + NUMBERS + DATES + TEXTS,
    "submit": KEYS,
}
# What addresses are known to ask for, besides what links and filters tell.
QUERY = [
    *(
        "page",
        "per_page",
        "sort",
        "format",
        "unit",
        "programme",
        "year",
        "q",
        "on",
        "until",
        "since",
    ),
    *("of", "weeks", "show", "next", "day", "leaver", "code", "state", "kind", "source", "pair"),
    *("cycle", "account", "mentor", "paid", "level", "month", "week", "of_kind", "with", "compare"),
]
QUERY_VALUES = {
    "sort": [*KEYS, "-", "--", "-number", "number,-number", "pk", "pilot_unit__organisation__x"],
    "format": [*KEYS, "xlsx", "XLSX", "xlsx\x00", "html", "docx"],
    "page": [*NUMBERS, "last", "first"],
    "per_page": NUMBERS,
    "next": ["//evil.example", "https://evil.example", "javascript:ran(1)", *TEXTS],
    "on": DATES,
    "until": DATES,
    "since": DATES,
    "day": DATES,
    "week": DATES,
}


def of_kind(kind):
    """The hostile values for a control of that kind."""
    return BY_TYPE.get(kind, TEXTS + NUMBERS + DATES)


def for_query(name):
    """The hostile values for a parameter of an address."""
    return QUERY_VALUES.get(name, KEYS + DATES + TEXTS)


# --- Files --------------------------------------------------------------------------------------


def picture(kind="PNG", size=(8, 8), **options):
    """The bytes of a small picture."""
    drawn = io.BytesIO()
    Image.new("RGB", size, "white").save(drawn, kind, **options)
    return drawn.getvalue()


def zipped(**entries):
    """A zip with `entries` (their names with __ for / and _ for .), compressed."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in entries.items():
            package.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


def package(name, text, types="<Types/>"):
    """A zip that claims to be an Office file, with one part of that name and text."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", types)
        made.writestr(name, text)
    return content.getvalue()


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 9))
    + '<!ENTITY f SYSTEM "file:///etc/passwd">]><workbook>&a8;&f;</workbook>'
)
PNG, JPG = picture(), picture("JPEG", (64, 64))


def files():
    """(file name, claimed type, bytes) of everything that an upload should refuse or survive."""
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>ran(1)</script></svg>'
    gif = picture("GIF")
    yield from [
        ("好.png", "image/png", PNG),
        ("好.jpg", "image/jpeg", JPG),
        ("空.png", "image/png", b""),
        ("断.jpg", "image/jpeg", JPG[: len(JPG) // 2]),
        ("断.png", "image/png", PNG[:40]),
        ("头.png", "image/png", PNG[:8]),
        ("头.jpg", "image/jpeg", b"\xff\xd8\xff"),
        ("尾.jpg", "image/jpeg", JPG[:-2] + b"\x00" * 900),
        ("坏.png", "image/png", PNG[:30] + bytes(255 - b for b in PNG[30:])),
        ("文.jpg", "image/jpeg", b"%PDF-1.7\n%%EOF"),
        ("图.pdf", "application/pdf", JPG),
        ("矢.svg", "image/svg+xml", svg),
        ("矢.png", "image/png", svg),
        ("动.gif", "image/gif", gif),
        ("动.png", "image/png", gif),
        ("网.html", "text/html", ACTS.encode()),
        ("网.pdf", "application/pdf", b"%PDF-" + ACTS.encode()),
        ("弹.xlsx", xlsx, package("xl/workbook.xml", b"\0" * 210 * 1024 * 1024)),
        ("弹二.xlsx", xlsx, package("xl/workbook.xml", "x", types="x" * 2 * 1024 * 1024)),
        ("体.xlsx", xlsx, package("xl/workbook.xml", ENTITIES)),
        ("体.docx", xlsx, package("word/document.xml", ENTITIES)),
        ("穿.xlsx", xlsx, package("../../../etc/cron.d/x", "x")),
        ("只.xlsx", xlsx, package("xl/workbook.xml", "<workbook/>")),
        ("空包.xlsx", xlsx, zipped()),
        ("断包.xlsx", xlsx, package("xl/workbook.xml", "<workbook/>")[:-30]),
        ("假包.xlsx", xlsx, b"PK\x03\x04" + b"\xff" * 200),
        ("程.exe", "application/x-msdownload", b"MZ" + b"\0" * 99),
        ("多.pdf", "application/pdf", b"%PDF-1.7" + b"0" * (3 * 1024 * 1024)),
        ("", "", PNG),
        (".", "image/png", PNG),
        ("../../../etc/passwd.png", "image/png", PNG),
        ("C:\\Windows\\x.png", "image/png", PNG),
        ("长" * 400 + ".png", "image/png", PNG),
        ("x." + "png" * 200, "image/png", PNG),
        ("前\x00后.png", "image/png", PNG),
        ("\u202egnp.exe.png", "image/png", PNG),
        ("a\r\nX-Injected: 1.png", "image/png", PNG),
        ('"><script>ran(1)</script>.png', "image/png", PNG),
        ("无尾", "image/png", PNG),
        ("CON.png", "image/png; charset=hex", PNG),
        ("类.png", "x" * 300, PNG),
        ("类.png", "multipart/mixed; boundary=x", PNG),
    ]
