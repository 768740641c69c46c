"""The style sheet, the icons and the charts that come from node_modules, made fit for our pages.

Nothing else of the packages is served: whole they would be some hundred times as much. A page
uses an icon by `{% icon "name" %}`; to add one, put its bootstrap-icons name into ICONS.
"""

import hashlib
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

SVG = "http://www.w3.org/2000/svg"
SPRITE = "icons.svg"
STYLE_SHEET = "bootstrap/bootstrap.min.css"
CHARTS = "chart.js/chart.umd.min.js"
DRAWN_INLINE = re.compile(r"""url\((["'])data:image/svg\+xml,(.*?)\1\)""")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|^//# sourceMappingURL=.*$", re.M)
PACKAGES = ("bootstrap", "bootstrap-icons", "chart.js")

ICONS = (
    "archive",
    "arrow-counterclockwise",
    "arrow-down",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "award",
    "bank",
    "bar-chart",
    "box-arrow-right",
    "building",
    "calendar3",
    "cash-coin",
    "chat-left-text",
    "check-lg",
    "check2-circle",
    "clock",
    "download",
    "exclamation-triangle",
    "eye",
    "file-earmark-text",
    "file-text",
    "gear",
    "house",
    "inbox",
    "info-circle",
    "journal-text",
    "key",
    "link-45deg",
    "list",
    "list-check",
    "lock",
    "paperclip",
    "pencil",
    "people",
    "person",
    "person-badge",
    "plus-lg",
    "printer",
    "question-circle",
    "search",
    "send",
    "shield-check",
    "signpost",
    "three-dots",
    "trash",
    "trophy",
    "upload",
    "x-lg",
)


def node_modules():
    """The folder that npm filled. Raises ImproperlyConfigured, saying what to do, if it did not."""
    folder = Path(settings.BASE_DIR) / "node_modules"
    if not all((folder / package).is_dir() for package in PACKAGES):
        raise ImproperlyConfigured(
            "node_modules is missing or incomplete: run `make install` (or `npm ci`) first. "
            "样式与图标尚未安装，请先运行 make install。"
        )
    return folder


def sprite(icons=ICONS):
    """One SVG (text) holding a <symbol> for each name of `icons`, drawn in the text's colour.

    Raises ImproperlyConfigured for a name that bootstrap-icons does not have.
    """
    folder = node_modules() / "bootstrap-icons" / "icons"
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    for name in icons:
        source = folder / f"{name}.svg"
        if not source.is_file():
            raise ImproperlyConfigured(f"bootstrap-icons has no icon named {name!r}.")
        drawing = ElementTree.parse(source).getroot()
        symbol = ElementTree.SubElement(
            root,
            f"{{{SVG}}}symbol",
            {"id": name, "viewBox": drawing.get("viewBox"), "fill": "currentColor"},
        )
        symbol.extend(drawing)
    return ElementTree.tostring(root, encoding="unicode")


def style_sheet():
    """Bootstrap's style sheet and the pictures it draws inline, as {public name: text}.

    The pages' content security policy refuses data: addresses, so each picture becomes a file.
    The map goes: it no longer fits, and hashed storage fails on a map that is not there.
    """
    source = node_modules() / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
    pictures = {}

    def as_file(match):
        picture = unquote(match[2])
        name = f"images/{hashlib.sha256(picture.encode()).hexdigest()[:12]}.svg"
        pictures[f"bootstrap/{name}"] = picture
        return f'url("{name}")'

    text = DRAWN_INLINE.sub(as_file, source.read_text(encoding="utf-8"))
    return {STYLE_SHEET: SOURCE_MAP.sub("", text), **pictures}


def charts():
    """Chart.js in one file (text), without the name of a map that is not served."""
    source = node_modules() / "chart.js" / "dist" / "chart.umd.min.js"
    return SOURCE_MAP.sub("", source.read_text(encoding="utf-8"))


def write(path, text):
    """Write `text` to `path` if it is not there yet, in one piece: processes build side by side."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(draft).chmod(0o644)
    Path(draft).replace(path)


@cache
def built():
    """Build everything into var/assets/; returns that folder and the tuple of public names.

    Once per process. Raises ImproperlyConfigured when npm has not run.
    """
    folder = Path(settings.BASE_DIR) / "var" / "assets"
    files = {SPRITE: sprite(), CHARTS: charts(), **style_sheet()}
    for name, text in files.items():
        write(folder / name, text)
    return folder, tuple(files)


class NodeModulesFinder(BaseFinder):
    """A staticfiles finder for what `built` makes, and for nothing else."""

    def check(self, **kwargs):
        """Nothing to check before a page or collectstatic asks: the tests of rules need no npm."""
        return []

    def find(self, path, find_all=False, **kwargs):
        """The path on disk of the public name `path` (a list of it if `find_all`), or []."""
        if path not in {SPRITE, CHARTS} and not path.startswith("bootstrap/"):
            return []
        folder, names = built()
        if path not in names:
            return []
        found = str(folder / path)
        return [found] if find_all else found

    def list(self, ignore_patterns):
        """Yield (public name, storage) for collectstatic. Raises if npm has not run."""
        folder, names = built()
        storage = FileSystemStorage(location=folder)
        for name in names:
            if not matches_patterns(name, ignore_patterns):
                yield name, storage
