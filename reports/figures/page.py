"""The page of one figure: what it counts, its number, its split, the records behind it."""

import dataclasses
import datetime as dt
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property

from pilotwork import clock
from pilotwork.lists import page_of
from reports.figures import in_words, number_of
from units.models import Organisation, PilotUnit

# A pilot has a handful of units; of more, the search by name finds the rest.
UNITS_SHOWN = 50


@dataclasses.dataclass(frozen=True)
class Share:
    """A part of the total: of a unit, with the address that narrows the list to it, or a source."""

    label: str
    words: str
    unit: int | None = None


@dataclasses.dataclass(frozen=True)
class Line:
    """One record as the list shows it; `amount` in yuan, `repeat` says why it does not count."""

    day: dt.date
    unit: str
    what: str
    address: str
    amount: Decimal | None
    repeat: str


class FigurePage:
    """A figure of `programme` at the end of the day `on`; `q` and `unit` narrow the list alone."""

    def __init__(self, figure, programme, on, *, q="", unit=None):
        self.figure, self.programme, self.on, self.unit = figure, programme, on, unit
        self.q = q.strip()
        self.rows = figure.rows(programme, on)

    @cached_property
    def narrowed(self):
        """The rows that the list shows."""
        rows = self.rows
        if self.figure.unit_path is None:
            return rows
        if self.unit:
            rows = rows.filter(**{self.figure.to_unit: self.unit.pk})
        if self.q:
            named = Organisation.objects.matching(self.q)
            rows = rows.filter(**{f"{self.figure.to_organisation}__in": named})
        return rows

    @property
    def is_narrowed(self):
        """Whether the list shows a part of the records only."""
        return self.narrowed is not self.rows

    @property
    def in_words(self):
        """What the list is narrowed to."""
        unit = self.unit.organisation.label if self.unit else ""
        return "、".join(filter(None, [unit, self.q]))

    @property
    def is_to_come(self):
        """Whether the cutoff day has not come yet."""
        return self.on > clock.today()

    @property
    def source_title(self):
        """The heading of the split: “15 次”的来源."""
        return f"“{self.number} {self.figure.unit}”的来源"

    @property
    def share_label(self):
        """The heading of the numbers of the split."""
        return {"元": "金额（元）", "次": "次数", "名": "人数"}.get(self.figure.unit, "数量")

    @cached_property
    def numbers(self):
        """[the figure's number, that of the narrowed rows, those of the parts], in one query."""
        parts = [self.rows.filter(**{self.figure.split_by: value}) for value, _ in self._parts]
        narrowed = [self.narrowed] if self.is_narrowed else []
        asked = [self.rows, *narrowed, *parts]
        whole, *others = number_of(self.figure, self.programme, asked)
        # All the visits of a large county are not counted twice.
        return [whole, *others] if narrowed else [whole, whole, *others]

    @property
    def _parts(self):
        return self.figure.split_words if self.figure.split_by else ()

    @property
    def number(self):
        """The figure as the report prints it."""
        return in_words(self.figure.key, self.numbers[0])

    @property
    def part(self):
        """The narrowed rows' number, as the report would print it."""
        return in_words(self.figure.key, self.numbers[1])

    @cached_property
    def shares(self):
        """How the total splits: over units by name, or over sources; [] where it does not."""
        if self.figure.unit_path is None:
            parts = zip(self._parts, self.numbers[2:], strict=True)
            return [Share(label, self._words(value)) for (_, label), value in parts if value]
        return [
            Share(unit.organisation.label, self._words(unit.number), unit.pk)
            for unit in self._units[:UNITS_SHOWN]
        ]

    @property
    def has_more_units(self):
        """Whether units are left out of `shares`."""
        return self.figure.unit_path is not None and len(self._units) > UNITS_SHOWN

    @cached_property
    def _units(self):
        own = self.rows.filter(**{self.figure.to_unit: OuterRef("pk")})
        units = PilotUnit.objects.filter(Exists(own), programme=self.programme)
        return list(
            units.annotate(number=self.figure.tally.in_sql(own))
            .select_related("organisation")
            .order_by("organisation__name_key", "pk")[: UNITS_SHOWN + 1]
        )

    def _words(self, value):
        return in_words(self.figure.key, value)

    def records(self, request):
        """The page of Lines that the request asks for, the newest record first."""
        figure, related = self.figure, list(self.figure.related)
        if figure.unit_path is not None:
            related.append(figure.to_organisation)
        rows = self.narrowed.select_related(*related).order_by(*figure.newest)
        is_repeat = figure.is_repeat(self.rows)
        rows = rows.annotate(is_repeat=is_repeat) if is_repeat else rows
        page = page_of(request, rows)
        page.object_list = [self.line(row) for row in page.object_list]
        return page

    def line(self, row):
        """One of the rows that `records` gives, as a Line."""
        figure = self.figure
        return Line(
            day=figure.day(row),
            unit=self._unit_of(row),
            what=figure.what(row),
            address=figure.address(row),
            amount=figure.amount(row) if figure.amount and figure.is_money else None,
            repeat=figure.tally.words if getattr(row, "is_repeat", False) else "",
        )

    def _unit_of(self, row):
        if self.figure.unit_path is None:
            return ""
        for name in self.figure.to_organisation.split("__"):
            row = getattr(row, name)
        return row.label

    def setting_address(self, user):
        """Where an administrator sets what the figure repeats; "" for others and other figures."""
        if not self.figure.setting or not user.is_administrator:
            return ""
        return reverse("admin:units_pilotprogramme_change", args=[self.programme.pk])


def bound(request, programme):
    """The CutoffForm's data: the address, with today and `programme` where it names none."""
    data = request.GET.copy()
    data.setdefault("on", clock.today().isoformat())
    data.setdefault("programme", str(programme.pk) if programme else "")
    return data
