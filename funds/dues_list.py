"""The dues of one year, unit by unit: which units, filters, columns."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Exists, F, Max, Min, OuterRef, Prefetch, Q
from django.http import Http404
from django.utils.html import format_html

from funds.dues_presenters import state_words, tone_of
from funds.models import DuesRecord, DuesState
from funds.models.dues import TO_REFUND
from funds.tables import MoneyColumn
from mentors.models import units_visible_to
from pilotwork import clock
from pilotwork.links import link
from pilotwork.templatetags.pilotwork import tag, yuan
from units.models import Organisation, PilotProgramme, PilotUnit, UnitState

# What the list tells apart besides the record's own states, as `state_words` says it.
MISSING, UNPAID, AGAIN = "missing", "unpaid", "again"
CONFIRMED = Q(state=DuesState.CONFIRMED)
COVERED = Q(payable=F("paid") + F("waived"))
IN_STATE = {
    UNPAID: CONFIRMED & ~COVERED,
    DuesState.CONFIRMED: TO_REFUND,
    AGAIN: CONFIRMED & COVERED & ~TO_REFUND,
}


def years_to_show(request):
    """(the years from the first pilot's to the present one, newest first; the one asked for).

    Unasked it is the newest that has records: in January last year's dues are still being settled.
    Raises Http404 for a year that is none of them, where another's figures would be taken for its own.
    """
    found = PilotProgramme.objects.aggregate(
        first=Min("starts_on"), latest=Max("units__dues_records__year")
    )
    last = clock.today().year
    first = min(found["first"].year, last) if found["first"] else last
    years = range(last, first - 1, -1)
    asked = request.GET.get("year", "")
    if asked:
        if asked not in map(str, years):
            raise Http404
        return years, int(asked)
    return years, found["latest"] if found["latest"] in years else last


def units_of_year(user, year):
    """The pilot units that `user` sees and of which dues of `year` are, or should be, recorded.

    An organisation in two programmes owes the dues of a year once: where they are recorded, else in
    the programme that began last.
    """
    recorded = DuesRecord.objects.filter(pilot_unit=OuterRef("pk"), year=year)
    ended = Q(programme__ended_on__isnull=False, programme__ended_on__year__lt=year)
    expected = Q(programme__starts_on__year__lte=year, programme__ends_on__year__gte=year) & ~ended
    elsewhere = {"organisation": OuterRef("organisation")}
    later = PilotUnit.objects.exclude(state=UnitState.LEFT).filter(
        expected, programme__starts_on__gt=OuterRef("programme__starts_on"), **elsewhere
    )
    taken = DuesRecord.objects.filter(pilot_unit__organisation=OuterRef("organisation"), year=year)
    missing = expected & ~Exists(later) & ~Exists(taken)
    return units_visible_to(user).filter(
        Exists(recorded) | missing & ~Q(state=UnitState.LEFT) & Q(joined_on__year__lte=year)
    )


def with_dues(units, year):
    """The units, each with its record of `year` as `of_year`, a list of one or none."""
    records = Prefetch("dues_records", DuesRecord.objects.filter(year=year), "of_year")
    return units.select_related("organisation").prefetch_related(records)


class DuesFilter(django_filters.FilterSet):
    """The year, which is always one; the unit's name; how far it is."""

    q = django_filters.CharFilter(
        label="单位",
        method="of_matching_unit",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "单位全称、简称或别名"}),
    )
    year = django_filters.ChoiceFilter(
        label="年度", choices=[], method="as_given", empty_label=None
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[
            (MISSING, "未登记"),
            (DuesState.RECORDED, DuesState.RECORDED.label),
            (UNPAID, "待缴清、待免缴"),
            *DuesState.choices[1:],
            (AGAIN, "重新办理"),
        ],
        method="in_state",
        empty_label="全部",
    )

    class Meta:
        model = PilotUnit
        fields = ["q", "year", "state"]

    def __init__(self, data, rows, *, year, years):
        super().__init__({**data.dict(), "year": str(year)}, rows)
        self.filters["year"].extra["choices"] = [(one, f"{one} 年") for one in years]
        self.year = year

    def as_given(self, rows, name, value):
        """The rows are those of the year already."""
        return rows

    def of_matching_unit(self, rows, name, text):
        """Units whose name contains the text."""
        return rows.filter(organisation__in=Organisation.objects.matching(text.strip()))

    def in_state(self, rows, name, value):
        """Units whose record of the year is in the state, or that have none."""
        records = DuesRecord.objects.filter(pilot_unit=OuterRef("pk"), year=self.year)
        if value == MISSING:
            return rows.filter(~Exists(records))
        return rows.filter(Exists(records.filter(IN_STATE.get(value, Q(state=value)))))


class DuesColumn(MoneyColumn):
    """An amount of the unit's record of the year; a dash where nothing is recorded."""

    def __init__(self, verbose_name, name):
        super().__init__(verbose_name=verbose_name, accessor="pk", orderable=False)
        self.name = name

    def render(self, record):
        return yuan(getattr(record.of_year[0], self.name)) if record.of_year else "—"


class DuesTable(tables.Table):
    """Units with their dues of `year`; `may_record` offers the way to record what is missing."""

    unit = tables.Column(
        "单位", accessor="organisation__label", order_by=("organisation__name_key", "id")
    )
    payable = DuesColumn("应上缴", "payable")
    paid = DuesColumn("实缴", "paid")
    waived = DuesColumn("免缴", "waived")
    refunded = DuesColumn("退返", "refunded")
    refundable = DuesColumn("应退未退", "refundable")
    state = tables.Column("状态", accessor="pk", orderable=False)

    caption = "各单位团费"
    empty_title = "没有符合条件的单位"

    class Meta:
        empty_text = "换一个年度或条件再看；还没有单位的，由系统管理员登记试点单位。"

    def __init__(self, *args, year, may_record, **kwargs):
        super().__init__(*args, **kwargs)
        self.year, self.may_record = year, may_record

    def render_unit(self, record, value):
        if not record.of_year:
            return value
        url = link("funds:dues_record", record.of_year[0].pk)
        return format_html('<a href="{}">{}</a>', url, value)

    def render_state(self, record):
        if record.of_year:
            dues = record.of_year[0]
            return tag(tone_of(dues), state_words(dues))
        if not self.may_record or record.state == UnitState.LEFT:
            return tag("n", "未登记")
        url = f"{link('funds:record_dues', record.pk)}?year={self.year}"
        words = '<a class="btn" href="{}">登记<span class="visually-hidden">：{}</span></a>'
        return format_html(words, url, record.organisation.label)
