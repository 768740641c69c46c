"""What a figure of the 情况汇报 is: one definition, from which both its number and its list follow.

DOMAIN, The report: at the cutoff day, money counts by its booking day, states by the day of their
transition, everything else by its own date as known today.
"""

import dataclasses
from collections.abc import Callable

from django.db.models import Count, Exists, IntegerField, OuterRef

from pilotwork.money import MoneyField
from pilotwork.sql import NumberOf, SumOf


@dataclasses.dataclass(frozen=True)
class EachRow:
    """Every record counts once."""

    def in_sql(self, rows):
        """The number over all `rows`, an expression."""
        return NumberOf(rows.order_by().values("pk"))


@dataclasses.dataclass(frozen=True)
class EachDistinct:
    """Records alike in `field` count once together; `words` say so beside the further ones."""

    field: str
    words: str

    @property
    def alike_in(self):
        """The fields in which two records are alike that count once."""
        return (self.field,)

    def in_sql(self, rows):
        """The number over all `rows`, an expression."""
        return NumberOf(rows.order_by().values(self.field).distinct())


@dataclasses.dataclass(frozen=True)
class EachDayOfAUnit:
    """Records of one unit and day, the date `day`, count once together; `words` as above."""

    day: str
    words: str

    @property
    def alike_in(self):
        """The fields in which two records are alike that count once."""
        return ("pilot_unit", self.day)

    def in_sql(self, rows):
        """The number over all `rows`, an expression.

        Unit by unit: the database then takes the days as they lie in an index, where it would sort
        and keep all of them to tell them apart.
        """
        of_units = rows.order_by().values("pilot_unit")
        days = of_units.annotate(days=Count(self.day, distinct=True))
        return SumOf(days, "days", IntegerField())


@dataclasses.dataclass(frozen=True)
class SumOfMoney:
    """The sum of an amount in yuan, a field or an annotation of the rows."""

    field: str

    def in_sql(self, rows):
        """The sum over all `rows`, an expression."""
        return SumOf(rows.order_by(), self.field, MoneyField())


@dataclasses.dataclass(frozen=True)
class SumOfNumbers:
    """The sum of a number that the programme sets; of one programme, the number itself."""

    field: str

    def in_sql(self, rows):
        """The sum over all `rows`, an expression."""
        return SumOf(rows.order_by(), self.field, IntegerField())


@dataclasses.dataclass(frozen=True)
class Figure:
    """One figure of the report.

    `rows(programme, on)` is the queryset of the records that count at the end of the day `on`,
    `tally` how they become the number. `meaning` says in a sentence what is counted, by which date.
    The rest is how one record is shown: its `day`, what it is, its amount in yuan (None where it has
    none) and the address of its page, each a function of the row. `unit_path` leads from a row to
    its pilot unit ("" when it is one, None when it has none), `related` to what is selected with it,
    `newest` are the fields of the list's order.
    """

    key: str
    label: str
    unit: str
    meaning: str
    tally: object
    rows: Callable
    day: Callable
    what: Callable
    address: Callable
    newest: tuple
    day_label: str = "日期"
    amount: Callable | None = None
    unit_path: str | None = "pilot_unit"
    related: tuple = ()
    # What splits the total where there are no units: a field and the words of its values.
    split_by: str = ""
    split_words: tuple = ()
    # The field of the programme that this figure repeats.
    setting: str = ""

    @property
    def is_money(self):
        """Whether the number is an amount in yuan."""
        return self.unit == "元"

    def is_repeat(self, rows):
        """Whether an earlier one of `rows` counts for the row already, an expression; None where
        every record counts."""
        alike_in = getattr(self.tally, "alike_in", ())
        alike = {field: OuterRef(field) for field in alike_in}
        earlier = rows.order_by().filter(pk__lt=OuterRef("pk"), **alike)
        return Exists(earlier) if alike else None

    @property
    def to_unit(self):
        """The path from a row to its pilot unit, as a filter names it."""
        return self.unit_path or "pk"

    @property
    def to_organisation(self):
        """The path from a row to the organisation of its pilot unit."""
        return f"{self.unit_path}__organisation" if self.unit_path else "organisation"
