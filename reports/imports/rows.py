"""A column of a list, and one row of it on its way from the file to the database."""

import dataclasses
import datetime as dt
from collections.abc import Callable

from django.db.models import TextChoices

from pilotwork.paper.cells import value_of

HOW_DAYS_ARE_WRITTEN = "写作 2026-5-4、2026/5/4 或 2026年5月4日都可以。"


class Outcome(TextChoices):
    """What confirming does with a row."""

    ERROR = "error", "有错误"
    NEW = "new", "新增"
    CHANGED = "changed", "有改动"
    SAME = "same", "未变"


@dataclasses.dataclass(frozen=True)
class Column:
    """One column: its field, heading and reader (of pilotwork.paper.cells), and what people read.

    `sample` stands in the template's sample row; `choices` are offered in a list there.
    """

    name: str
    heading: str
    read: Callable
    is_required: bool = False
    help: str = ""
    sample: object = ""
    choices: tuple = ()
    width: int = 16

    @property
    def guidance(self):
        """How it is filled in: the same on the page and in the template's notes."""
        offered = f"可以填：{'、'.join(self.choices)}。" if self.choices else ""
        day = HOW_DAYS_ARE_WRITTEN if isinstance(self.sample, dt.date) else ""
        return f"{self.help}{offered}{day}" or "照实填写。"


@dataclasses.dataclass
class Row:
    """One row of the file: what it says, what is wrong with it, what it changes.

    `errors` are (heading, sentence), heading "" where it is about the whole row; `changes` are
    (heading, before, after) in words; `target` is what the kind writes.
    """

    number: int
    values: dict
    errors: list = dataclasses.field(default_factory=list)
    changes: list = dataclasses.field(default_factory=list)
    label: str = ""
    is_new: bool = False
    target: object = None

    @property
    def outcome(self):
        """The row's Outcome as things stand."""
        if self.errors:
            return Outcome.ERROR
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.SAME

    def has(self, *names):
        """Whether the file says something in each of the columns."""
        return all(name in self.values for name in names)

    def refuse(self, sentence, heading=""):
        """Note what is wrong with the row."""
        self.errors.append((heading, sentence))

    def compare(self, heading, before, after):
        """Note a change, in words, where there is one."""
        if before != after:
            self.changes.append((heading, before, after))


def read_row(columns, number, cells, faults):
    """The Row of one line of the file; a cell that cannot be read is an error of its column."""
    row = Row(number, {})
    for column in columns:
        heading = column.heading
        if heading in faults:
            row.refuse(faults[heading], heading)
        elif heading in cells:
            try:
                row.values[column.name] = column.read(cells[heading])
            except ValueError as error:
                row.refuse(str(error), heading)
        elif column.is_required:
            row.refuse("没有填写。", heading)
    return row


def sample_cells(columns):
    """{heading: value} of the template's sample row, as reading it gives them."""
    return {column.heading: value_of(column.sample) for column in columns if column.sample != ""}
