"""The lists of what the five ones are made of: their filters, columns and empty states."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q
from django.utils.html import format_html

from mentors.models import (
    Coordination,
    Difficulty,
    DifficultyState,
    Document,
    DocumentKind,
    DocumentState,
    ExcusedWeek,
    ExcuseState,
    Research,
    SignatureActivity,
    Stage,
)
from mentors.weeks import DAY
from pilotwork.forms import KeyFilter
from pilotwork.links import link
from pilotwork.lists import arrange
from pilotwork.templatetags.pilotwork import cn_date, tag, yuan
from units.chosen import of_the_programme
from units.models import Organisation

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
DOCUMENT_TONES = {
    DocumentState.UPLOADED: "a",
    DocumentState.CONFIRMED: "g",
    DocumentState.RETURNED: "r",
}
DIFFICULTY_TONES = {
    DifficultyState.RAISED: "a",
    DifficultyState.SOLVED: "a",
    DifficultyState.CONFIRMED: "g",
}
EXCUSE_TONES = {
    ExcuseState.ASKED: "a",
    ExcuseState.AGREED: "g",
    ExcuseState.DECLINED: "r",
    ExcuseState.WITHDRAWN: "n",
}
STAGE_TONES = {Stage.DESIGNED: "n", Stage.HELD: "a", Stage.BRAND: "g"}


def week_words(monday):
    """A week as people say it: 11月23日—11月29日."""
    return f"{cn_date(monday)}—{cn_date(monday + 6 * DAY)}"


def shortened(text, length=40):
    """The beginning of a text for one cell of a list."""
    return text if len(text) <= length else f"{text[:length]}…"


# --- Filters --------------------------------------------------------------------------------------


class OfUnitFilter(django_filters.FilterSet):
    """Rows of units: by the unit's name; `unit` is set by the links of the five ones."""

    q = django_filters.CharFilter(
        label="单位",
        method="of_matching_unit",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "单位全称、简称或别名"}),
    )
    unit = KeyFilter(field_name="pilot_unit")

    def of_matching_unit(self, rows, name, text):
        """Rows of the units whose name contains the text."""
        named = Organisation.objects.matching(text.strip())
        return rows.filter(pilot_unit__organisation__in=named)


def choice(label, choices, **options):
    """A filter of one choice, 全部 before it is made."""
    return django_filters.ChoiceFilter(label=label, choices=choices, empty_label="全部", **options)


class DocumentFilter(OfUnitFilter):
    kind = choice("种类", DocumentKind.choices)
    state = choice("状态", DocumentState.choices)

    class Meta:
        model = Document
        fields = ["q", "kind", "state", "unit"]


class DifficultyFilter(OfUnitFilter):
    state = choice("状态", DifficultyState.choices)

    class Meta:
        model = Difficulty
        fields = ["q", "state", "unit"]


class ExcuseFilter(OfUnitFilter):
    state = choice("状态", ExcuseState.choices)

    class Meta:
        model = ExcusedWeek
        fields = ["q", "state", "unit"]


class ActivityFilter(OfUnitFilter):
    stage = choice("阶段", Stage.choices)

    class Meta:
        model = SignatureActivity
        fields = ["q", "stage", "unit"]


class CoordinationFilter(OfUnitFilter):
    received = choice("到位", [("yes", "已到位"), ("no", "未到位")], method="by_arrival")

    class Meta:
        model = Coordination
        fields = ["q", "received", "unit"]

    def by_arrival(self, rows, name, value):
        """Rows whose money came in, or did not."""
        return rows.filter(Q(received_on__isnull=value == "no"))


class ResearchFilter(OfUnitFilter):
    class Meta:
        model = Research
        fields = ["q", "unit"]


# --- Tables ---------------------------------------------------------------------------------------


class UnitColumn(tables.Column):
    """The unit, with the way to its five ones."""

    def __init__(self):
        super().__init__(
            "单位",
            accessor="pilot_unit__organisation__label",
            order_by=("pilot_unit__organisation__name_key", "-id"),
        )

    def render(self, value, record):
        url = link("mentors:unit_file", record.pilot_unit_id)
        return format_html('<a href="{}">{}</a>', url, value)


class DayColumn(tables.Column):
    """A day; a dash where there is none yet."""

    def render(self, value):
        return cn_date(value)


def linked(name, pk, words):
    """A link to the page `name` of one row."""
    return format_html('<a href="{}">{}</a>', link(name, pk), words)


class RecordTable(tables.Table):
    """What every list here says when it is empty."""

    empty_text = "换一个条件，或清除筛选后再看。"

    def explain_empty(self, is_filtered):
        """Tell a list without rows from one whose filter fits nothing."""
        if not is_filtered:
            self.empty_title, self.empty_text = self.nothing_yet, self.what_next
        else:
            self.empty_title = "没有符合条件的记录"


class DocumentTable(RecordTable):
    kind = tables.Column("文件", order_by=("kind", "-id"))
    unit = UnitColumn()
    version_count = tables.Column("版本", attrs=NUMBER, orderable=False)
    state_since = DayColumn("更新日期", order_by=("state_since", "id"))
    state = tables.Column("状态")

    caption = "实施方案与总结报告"
    nothing_yet = "还没有上传实施方案或总结报告"
    what_next = "试点单位成员或指导员在单位的“五个一”页面上传。"

    def render_kind(self, record):
        return linked("mentors:document", record.pk, record.get_kind_display())

    def render_state(self, record):
        return tag(DOCUMENT_TONES[record.state], record.get_state_display())


class DifficultyTable(RecordTable):
    description = tables.Column("困难", orderable=False)
    unit = UnitColumn()
    raised_on = DayColumn("提出", order_by=("raised_on", "id"))
    solved_on = DayColumn("解决", order_by=("solved_on", "id"))
    state = tables.Column("状态")

    caption = "实际困难"
    nothing_yet = "还没有提出困难"
    what_next = "试点单位成员或指导员在单位的“五个一”页面提出。"

    def render_description(self, record):
        return linked("mentors:difficulty", record.pk, shortened(record.description))

    def render_state(self, record):
        return tag(DIFFICULTY_TONES[record.state], record.get_state_display())


class ExcuseTable(RecordTable):
    week = tables.Column("免访的周", order_by=("week", "id"))
    unit = UnitColumn()
    reason = tables.Column("理由", orderable=False)
    asked_by = tables.Column("申请人", orderable=False)
    state = tables.Column("状态")

    caption = "免访"
    nothing_yet = "还没有免访申请"
    what_next = "某周确实不能走访时，由指导员在单位的“五个一”页面申请。"

    def render_week(self, record):
        return linked("mentors:excuse", record.pk, week_words(record.week))

    def render_reason(self, value):
        return shortened(value)

    def render_state(self, record):
        return tag(EXCUSE_TONES[record.state], record.get_state_display())


class CorrectColumn(tables.Column):
    """The way to the form that sets the row right, for rows of units that the reader guides."""

    def __init__(self, url_name, named_by):
        super().__init__("", accessor="pk", orderable=False)
        self.url_name, self.named_by = url_name, named_by

    def render(self, record, table):
        if record.pilot_unit_id not in table.guided:
            return "—"
        url, name = link(self.url_name, record.pk), getattr(record, self.named_by)
        words = '<a href="{}">更正<span class="visually-hidden">：{}</span></a>'
        return format_html(words, url, shortened(name, 20))


class CorrectableTable(RecordTable):
    """Records that the mentor of their unit may set right; `guided` are the ids of his units."""

    def __init__(self, *args, guided, **kwargs):
        # Who guides nobody is not shown an empty column.
        super().__init__(*args, exclude=() if guided else ("correct",), **kwargs)
        self.guided = guided


class CoordinationTable(CorrectableTable):
    """Coordinated money; `writable` are the ids of units whose arrivals the reader may note."""

    source = tables.Column("来源", orderable=False)
    unit = UnitColumn()
    amount = tables.Column("金额（元）", attrs=NUMBER)
    on = DayColumn("协调日期", order_by=("on", "id"))
    purpose = tables.Column("用途", orderable=False)
    received_on = tables.Column("到位", empty_values=(), order_by=("received_on", "id"))
    correct = CorrectColumn("mentors:correct_coordination", "source")

    caption = "经费协调"
    nothing_yet = "还没有协调经费"
    what_next = "指导员走访时勾选“协调经费”，或在单位的“五个一”页面登记。"

    def __init__(self, *args, writable, guided, **kwargs):
        super().__init__(*args, guided=guided, **kwargs)
        self.writable = writable

    def render_amount(self, value):
        return yuan(value)

    def render_received_on(self, record):
        if record.received_on:
            return tag("g", f"{cn_date(record.received_on)}到位")
        if record.pilot_unit_id not in self.writable:
            return tag("a", "未到位")
        url = link("mentors:receive_coordinated", record.pk)
        words = '<a class="btn" href="{}">登记到位<span class="visually-hidden">：{}</span></a>'
        return format_html(words, url, record.source)


class ResearchTable(CorrectableTable):
    on = DayColumn("日期", order_by=("on", "id"))
    unit = UnitColumn()
    summary = tables.Column("调研内容", orderable=False)
    by = tables.Column("调研人", orderable=False)
    correct = CorrectColumn("mentors:correct_research", "summary")

    caption = "调研"
    nothing_yet = "还没有调研记录"
    what_next = "指导员走访时勾选“调研”，或在单位的“五个一”页面登记。"


class ActivityTable(RecordTable):
    """Signature activities; `writable` are the ids of units the reader may write for."""

    name = tables.Column("活动", orderable=False)
    unit = UnitColumn()
    designed_on = tables.Column("日期", order_by=("designed_on", "id"))
    stage = tables.Column("阶段")
    next = tables.Column("", accessor="pk", orderable=False)

    caption = "特色活动"
    nothing_yet = "还没有登记特色活动"
    what_next = "试点单位成员或现任指导员可以登记。"

    def __init__(self, *args, writable=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.writable = writable

    def render_name(self, record):
        notes = filter(None, [record.brand_name and f"品牌：{record.brand_name}", record.note])
        note = format_html('<br><span class="muted small">{}</span>', shortened("；".join(notes)))
        return format_html("{}{}", record.name, note)

    def render_designed_on(self, record):
        return "，".join(f"{cn_date(day)}{words}" for words, day in record.dates)

    def render_stage(self, record):
        return tag(STAGE_TONES[record.stage], record.get_stage_display())

    def render_next(self, record):
        following = record.next_stage
        if following is None or record.pilot_unit_id not in self.writable:
            return "—"
        url = link("mentors:advance_activity", record.pk)
        words = '<a class="btn" href="{}">标记{}<span class="visually-hidden">：{}</span></a>'
        return format_html(words, url, following.label, record.name)


def listed(request, rows, filter_class, table_class, **options):
    """The context of a list: the rows narrowed, sorted and paged as the address asks.

    `rows` are visible to the person; the sentence says which unit the list is narrowed to.
    """
    rows = of_the_programme(request, rows).select_related("pilot_unit__organisation")
    narrowed = filter_class(request.GET, rows)
    table = arrange(request, table_class(narrowed.qs, **options))
    table.explain_empty(is_filtered=bool(request.GET))
    chosen = request.GET.get("unit", "")
    unit = None
    if chosen.isascii() and chosen.isdigit() and table.paginated_rows:
        # Every row of the page is of that unit.
        unit = next(iter(table.paginated_rows)).record.pilot_unit
    return {"filter": narrowed, "table": table, "unit": unit}
