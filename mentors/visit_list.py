"""走访台账: how the list of visits is narrowed and what it shows."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import F
from django.utils.html import format_html, format_html_join

from accounts.models import User
from mentors.models import Mode, Visit, VisitState, units_visible_to
from mentors.visit_page import marks_of, opened_by
from pilotwork.forms import OrderedDaysForm
from pilotwork.links import link
from pilotwork.search import containing
from pilotwork.templatetags.pilotwork import cn_date, cn_full_date, tag
from units.models import Organisation

MOST_PRINTED = 200
ONE_LINE = {"td": {"class": "nowrap"}}
MARKS = {
    "backfilled": "补录",
    "imported": "导入",
    "stand_in": "代访",
    "late": "待确认",
    "declined": "不予确认",
    "withdrawn": "已撤回",
}


def visible_units(request):
    """The units whose visits the person may look for."""
    return units_visible_to(request.user).select_related("organisation")


def date_input():
    """The browser's own date picker."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class VisitFilter(django_filters.FilterSet):
    """Unit by name or alias, visitor, dates, mode and marks; `unit` is what a link brings."""

    q = django_filters.CharFilter(label="单位", method="of_units")
    visitor = django_filters.CharFilter(label="走访人", method="of_visitors")
    since = django_filters.DateFilter(
        label="从", field_name="visited_on", lookup_expr="gte", widget=date_input()
    )
    until = django_filters.DateFilter(
        label="到", field_name="visited_on", lookup_expr="lte", widget=date_input()
    )
    mode = django_filters.ChoiceFilter(label="方式", choices=Mode.choices, empty_label="全部")
    mark = django_filters.ChoiceFilter(
        label="标记", choices=list(MARKS.items()), method="marked", empty_label="全部"
    )
    unit = django_filters.ModelChoiceFilter(
        field_name="pilot_unit", queryset=visible_units, widget=forms.HiddenInput
    )

    class Meta:
        model = Visit
        form = OrderedDaysForm
        fields = ["q", "visitor", "since", "until", "mode", "mark", "unit"]

    def of_units(self, rows, name, text):
        """Visits to units of that name or alias."""
        named = Organisation.objects.matching(text.strip())
        return rows.filter(pilot_unit__organisation__in=named)

    def of_visitors(self, rows, name, text):
        """Visits by people of that name."""
        return rows.filter(visitor__in=User.objects.filter(containing("name", text.strip())))

    def marked(self, rows, name, value):
        """Visits that carry the mark."""
        if value == "backfilled":
            return rows.filter(is_backfilled=True, is_imported=False)
        if value == "imported":
            return rows.filter(is_imported=True)
        if value == "stand_in":
            return rows.exclude(visitor=F("assignment__mentor"))
        return rows.filter(state=VisitState(value))

    @property
    def chosen_unit(self):
        """The unit a link has brought, or None."""
        return self.form.cleaned_data.get("unit") if self.form.is_valid() else None

    def in_words(self):
        """What the filter leaves, for the head of the printed sheet."""
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        words = [str(chosen["unit"])] if chosen.get("unit") else []
        words += [chosen[name] for name in ("q", "visitor") if chosen.get(name)]
        words += [
            f"{word}{cn_full_date(chosen[name])}"
            for name, word in (("since", "自"), ("until", "至"))
            if chosen.get(name)
        ]
        words += [Mode(chosen["mode"]).label] if chosen.get("mode") else []
        return " · ".join(words + ([MARKS[chosen["mark"]]] if chosen.get("mark") else []))


class VisitTable(tables.Table):
    visited_on = tables.Column("日期", order_by=("visited_on", "id"), attrs=ONE_LINE)
    unit = tables.Column("单位", accessor="pilot_unit", orderable=False, attrs=ONE_LINE)
    visitor = tables.Column("走访人", orderable=False)
    mode = tables.Column("方式", orderable=False, attrs=ONE_LINE)
    progress = tables.Column("了解到的进展", orderable=False)
    opened = tables.Column("同时办理", accessor="pk", orderable=False)
    marks = tables.Column("标记", accessor="pk", orderable=False)

    caption = "走访台账"
    empty_title = "没有走访记录"

    class Meta:
        model = Visit
        fields = ["visited_on", "unit", "visitor", "mode", "progress", "opened", "marks"]
        order_by = "-visited_on"
        empty_text = "换一个条件查询；走访由指导员在手机上记录，一分钟之内。"

    def render_visited_on(self, record):
        url = link("mentors:visit", record.pk)
        return format_html('<a href="{}">{}</a>', url, cn_date(record.visited_on))

    def render_unit(self, record):
        return record.pilot_unit.organisation.label

    def render_progress(self, value):
        return value if len(value) <= 40 else f"{value[:40]}…"

    def render_opened(self, record):
        return "、".join(fact["label"] for fact in opened_by(record)) or "—"

    def render_marks(self, record):
        # The mode has a column of its own.
        marks = [mark for mark in marks_of(record) if "不计走访" not in mark[1]]
        return format_html_join(" ", "{}", ((tag(*mark),) for mark in marks)) or "—"
