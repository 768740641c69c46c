"""QR codes to print."""

import io

import segno


def qr_svg(text) -> bytes:
    """Return the QR code of `text` as an SVG picture that can be printed at any size.

    A quarter of it may be dirty or scratched (error correction Q), as on a plaque by the road; the
    quiet zone of four modules around it is part of the picture.
    """
    picture = io.BytesIO()
    code = segno.make(text, error="q", micro=False, boost_error=False)
    code.save(picture, kind="svg", scale=10, border=4, light="#fff")
    return picture.getvalue()
