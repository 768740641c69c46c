"""An empty Word file in the layout of official_layout.py: styles, fonts, grid, page numbers.

python-docx starts from an English template of 2013; all of it that would show (styles, theme,
fonts, language, creator) is left out or replaced.
"""

import datetime as dt

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from pilotwork.paper import official_layout as layout

LANGUAGE = "zh-CN"
MAX_PROPERTY = 255
KEPT_PARTS = {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS}
KEPT_OF_PACKAGE = {RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES}


def blank_document():
    """Return a python-docx Document without content in the layout of an official document."""
    document = docx.Document()
    _drop(document.part.rels, KEPT_PARTS)
    _drop(document.part.package.rels, KEPT_OF_PACKAGE)
    _name_fonts(document.part)
    _replace_children(document.styles.element, _styles())
    _replace_children(document.settings.element, _settings())
    section = document.sections[0]
    _set_page(section)
    _number_pages(section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right")
    _number_pages(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left")
    return document


def set_properties(document, *, title, author, created_at):
    """Write title, author, moment (aware datetime) and language over those of the template."""
    moment = created_at.astimezone(dt.UTC)
    properties = document.core_properties
    properties.title = title[:MAX_PROPERTY]
    properties.author = properties.last_modified_by = author[:MAX_PROPERTY]
    properties.created = properties.modified = moment
    properties.language = LANGUAGE
    properties.revision = 1
    properties.comments = properties.keywords = properties.subject = ""


def add_run(paragraph, text, style):
    """Add text to a paragraph as a run that itself names its size and its fonts, the East Asian
    one too, so that it keeps them wherever it is pasted."""
    run = paragraph.add_run(text)
    _extend(run._r.get_or_add_rPr(), _fonts(style))
    return run


def indent(paragraph, side, characters, *, size=layout.CHARACTER):
    """Indent a paragraph at its "left" or "right" by a number of characters of `size` points."""
    found = paragraph._p.get_or_add_pPr().get_or_add_ind()
    found.set(qn(f"w:{side}Chars"), str(round(characters * 100)))
    # For programs that do not count in characters.
    found.set(qn(f"w:{side}"), str(layout.twips(characters * size)))


def _drop(relations, kept):
    for key in [key for key, relation in relations.items() if relation.reltype not in kept]:
        del relations[key]


def _extend(element, children):
    for child in children:
        element.append(child)
    return element


def _replace_children(element, children):
    for child in list(element):
        element.remove(child)
    _extend(element, children)


def _element(tag, *children, **values):
    """Return <w:tag w:key="value"> around its children."""
    element = OxmlElement(f"w:{tag}")
    for key, value in values.items():
        element.set(qn(f"w:{key}"), str(value))
    return _extend(element, children)


# --- Fonts and styles -------------------------------------------------------------------------


def _fonts(style):
    # The hint gives quotation marks, dashes and dots to the Chinese font, not to the Latin one.
    names = {"ascii": style.latin, "hAnsi": style.latin, "eastAsia": style.font, "cs": style.latin}
    size = style.size * 2
    return [
        _element("rFonts", hint="eastAsia", **names),
        _element("spacing", val=style.tighter),
        _element("sz", val=size),
        _element("szCs", val=size),
    ]


def _name_fonts(part):
    """Put in the table of fonts, with what may stand in for each."""
    fonts = [
        _element(
            "font",
            _element("altName", val=stand_ins),
            _element("charset", val="86"),
            _element("family", val="auto"),
            _element("pitch", val="variable"),
            name=name,
        )
        for name, stand_ins in layout.STAND_INS.items()
    ]
    place, kind = PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE
    table = XmlPart(place, kind, _element("fonts", *fonts), part.package)
    part.relate_to(table, RELATIONSHIP_TYPE.FONT_TABLE)


def _styles():
    language = _element("lang", val="en-US", eastAsia=LANGUAGE, bidi="ar-SA")
    of_runs = _element("rPr", *_fonts(layout.NORMAL), language)
    defaults = _element("docDefaults", _element("rPrDefault", of_runs), _element("pPrDefault"))
    return [defaults, *map(_style, layout.STYLES)]


def _style(style):
    is_normal = style is layout.NORMAL
    parts = [_element("name", val=style.name)]
    if not is_normal:
        parts.append(_element("basedOn", val=layout.NORMAL.id))
    if style.outline:
        parts.append(_element("next", val=layout.PARAGRAPH.id))
    parts.append(_element("qFormat"))
    parts.append(_paragraph_properties(style))
    parts.append(_element("rPr", *_fonts(style)))
    attributes = {"type": "paragraph", "styleId": style.id} | ({"default": 1} if is_normal else {})
    return _element("style", *parts, **attributes)


def _paragraph_properties(style):
    """Return what a style says of paragraphs, in the order the schema wants."""
    parts = [_element("keepNext")] if style.keeps_next else []
    parts.append(_element("widowControl"))
    # Word would widen the gap between figures and characters, and break the grid of 28.
    parts += [_element("autoSpaceDE", val=0), _element("autoSpaceDN", val=0)]
    parts.append(_element("snapToGrid", val=0))
    height = layout.twips(style.line)
    parts.append(_element("spacing", before=0, after=0, line=height, lineRule="exact"))
    if style.indent:
        first = layout.twips(style.indent * layout.CHARACTER)
        parts.append(_element("ind", firstLineChars=style.indent * 100, firstLine=first))
    parts.append(_element("jc", val=style.align))
    if style.outline:
        parts.append(_element("outlineLvl", val=style.outline - 1))
    return _element("pPr", *parts)


# --- Settings and page ------------------------------------------------------------------------


def _settings():
    compatible = [
        _element(
            "compatSetting", name=name, uri="http://schemas.microsoft.com/office/word", val=val
        )
        for name, val in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
        )
    ]
    return [
        _element("zoom", percent=100),
        _element("defaultTabStop", val=420),
        _element("evenAndOddHeaders"),
        _element("characterSpacingControl", val="doNotCompress"),
        _element("compat", _element("useFELayout"), *compatible),
        _element("themeFontLang", val="en-US", eastAsia=LANGUAGE),
        _element("decimalSymbol", val="."),
        _element("listSeparator", val=","),
    ]


def _set_page(section):
    section.page_width, section.page_height = (Mm(side) for side in layout.PAGE_MM)
    for side, width in layout.MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.gutter = Mm(0)
    section.header_distance, section.footer_distance = Mm(15), Mm(layout.FOOTER_MM)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    section._sectPr.append(
        _element(
            "docGrid",
            type="linesAndChars",
            linePitch=layout.twips(layout.LINE),
            charSpace=layout.CHARACTER_SPACE,
        )
    )


def _number_pages(footer, side, name):
    """Set "— 1 —" on the outer side of the page, one character in."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = layout.FOOTER.name
    paragraph.alignment = side
    indent(paragraph, name, 1, size=layout.NUMBER_SIZE)
    add_run(paragraph, "— ", layout.FOOTER)
    _add_field(paragraph, " PAGE ", shown="1")
    add_run(paragraph, " —", layout.FOOTER)


def _add_field(paragraph, instruction, *, shown):
    """Add a field that Word, WPS and LibreOffice fill in; `shown` stands until they do."""
    for kind in ("begin", "instrText", "separate", "shown", "end"):
        run = add_run(paragraph, shown if kind == "shown" else "", layout.FOOTER)
        if kind == "instrText":
            text = _element("instrText")
            text.text = instruction
            text.set(qn("xml:space"), "preserve")
            run._r.append(text)
        elif kind != "shown":
            run._r.append(_element("fldChar", fldCharType=kind))
