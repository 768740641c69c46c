"""QR codes to print, and to be read off a screen."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text) -> bytes:
    """Return the QR code of `text` as an SVG picture that can be printed at any size.

    A quarter of it may be dirty or scratched (error correction Q), as on a plaque by the road; the
    quiet zone of four modules around it is part of the picture.
    """
    picture = io.BytesIO()
    code = segno.make(text, error="q", micro=False, boost_error=False)
    code.save(picture, kind="svg", scale=10, border=4, light="#fff")
    return picture.getvalue()


def qr_element(text) -> SafeString:
    """Return the QR code of `text` as an SVG element to stand in a page.

    It has no address, so that nothing but the page itself can show it, and no inline style, which
    the site's policy forbids. The text goes into the picture's squares, never into the markup.
    """
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=5, border=4, light="#fff", omitsize=False))
