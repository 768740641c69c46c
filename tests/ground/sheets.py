"""Tables as people make them with Excel and WPS, built by openpyxl and, part by part, by hand."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook


def workbook(rows, *, title=None):
    """A Workbook with these rows, below a merged title where there is one."""
    book = Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=max(map(len, rows)))
    for row in rows:
        sheet.append(row)
    return book


def content_of(book):
    """The bytes of a Workbook."""
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def uploaded(content, name="名单.xlsx"):
    """The bytes (or rows, or a Workbook) as a browser uploads them."""
    if isinstance(content, list):
        content = workbook(content)
    if isinstance(content, Workbook):
        content = content_of(content)
    return SimpleUploadedFile(name, content)


def repacked(content, change):
    """The .xlsx with parts changed: `change` is {name: new text, or a function of the old bytes}."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = [*old.namelist(), *(name for name in change if name not in old.namelist())]
        for name in names:
            part = old.read(name) if name in old.namelist() else b""
            with_change = change.get(name, part)
            new.writestr(name, with_change(part) if callable(with_change) else with_change)
    return kept.getvalue()
