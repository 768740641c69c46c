"""A small valid PDF of one page, so that the demo's documents open without a file in the sources."""

# Every reader brings a Chinese typeface for this name; none has to be embedded.
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000"
    b" /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6"
    b" /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -254 /CapHeight 880"
    b" /StemV 93 >> >>] >>"
)


def placeholder_pdf(title, line):
    """Return the bytes of a PDF: one A4 page with a title and a line of text below it."""
    text = b"BT /F1 20 Tf 72 740 Td <%s> Tj /F1 12 Tf 0 -40 Td <%s> Tj ET" % (
        _hexadecimal(title),
        _hexadecimal(line),
    )
    return _assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
            b" /Resources << /Font << /F1 4 0 R >> >> >>",
            FONT,
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        ]
    )


def _hexadecimal(text):
    return text.encode("utf-16-be").hex().encode()


def _assembled(objects):
    """The file around numbered objects, with the table of where each begins."""
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        % (
            size,
            table,
            size,
        )
        + b"startxref\n%d\n%%%%EOF\n" % len(content)
    )
