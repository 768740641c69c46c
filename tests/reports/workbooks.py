"""Reads the workbooks that lists give out."""

import io

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook


def sheets_of(person, name, *args, **query):
    """The sheets of the workbook of a list, as `person` gets it: [[rows of values]]."""
    response = answer(person, name, *args, **query)
    assert response.status_code == 200
    book = load_workbook(io.BytesIO(response.content))
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]


def answer(person, name, *args, **query):
    """The answer to the address of a list's workbook."""
    client = Client()
    client.force_login(person)
    return client.get(reverse(name, args=args), {**query, "format": "xlsx"})


def records_of(sheet):
    """The rows of a sheet as {heading: value}, 合计 left out."""
    first = next(place for place, row in enumerate(sheet) if row[0] == "序号")
    rows = [row for row in sheet[first + 1 :] if isinstance(row[0], int)]
    return [dict(zip(sheet[first], row, strict=True)) for row in rows]
