"""The lists of pairs' seminars and agreements: their filters, columns and sums."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils.html import format_html

from mentors.record_lists import DayColumn, RecordTable, choice, linked
from pairings.models import Agreement, AgreementTopic, JointState, Pairing, Seminar, Topic
from pairings.pages import STATE_TONES
from pilotwork.forms import KeyFilter
from pilotwork.links import link
from pilotwork.lists import arrange
from pilotwork.templatetags.pilotwork import tag
from units.chosen import of_the_programme
from units.models import Organisation

COUNTING = Q(state=JointState.CONFIRMED)


def day(label, field, lookup):
    """A filter by day with the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return django_filters.DateFilter(
        label=label, field_name=field, lookup_expr=lookup, widget=widget
    )


class JointFilter(django_filters.FilterSet):
    """By either side's name, title and state; `unit` and `pairing` are set by links."""

    q = django_filters.CharFilter(
        label="单位",
        method="of_sides",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "试点或结对单位"}),
    )
    title = django_filters.CharFilter(label="主题或名称", lookup_expr="icontains")
    state = choice("状态", JointState.choices)
    unit = KeyFilter(field_name="pairing__pilot_unit")
    pairing = KeyFilter(field_name="pairing")

    def of_sides(self, rows, name, text):
        """Rows of pairs of which one side's name or alias contains the text."""
        named = Organisation.objects.matching(text.strip()).order_by()
        return rows.filter(
            Q(pairing__pilot_unit__organisation__in=named) | Q(pairing__partner__in=named)
        )


class SeminarFilter(JointFilter):
    since = day("从", "held_on", "gte")
    until = day("到", "held_on", "lte")

    class Meta:
        model = Seminar
        fields = ["q", "title", "state", "since", "until", "unit", "pairing"]


class AgreementFilter(JointFilter):
    topic = choice("主题类别", Topic.choices, method="on_topic")
    since = day("签订从", "signed_on", "gte")
    until = day("到", "signed_on", "lte")

    class Meta:
        model = Agreement
        fields = ["q", "title", "topic", "state", "since", "until", "unit", "pairing"]

    def on_topic(self, rows, name, topic):
        """Agreements that name the topic, among others."""
        named = AgreementTopic.objects.filter(agreement=OuterRef("pk"), topic=topic)
        return rows.filter(Exists(named))


class JointTable(RecordTable):
    """Title, both sides and state; a kind puts its day first."""

    title = tables.Column("主题", orderable=False)
    pairing = tables.Column(
        "结对",
        order_by=("pairing__pilot_unit__organisation__name_key", "-id"),
    )
    state = tables.Column("状态")

    what_next = "在“联试共建”打开一对结对单位，由任一方登记，对方确认后计入。"

    def render_title(self, record):
        noun = record._meta.model_name
        return linked(f"pairings:{noun}", record.pk, record.title)

    def render_pairing(self, value):
        url = link("pairings:pairing", value.pk)
        sides = f"{value.pilot_unit.organisation.label} — {value.partner.label}"
        return format_html('<a href="{}">{}</a>', url, sides)

    def render_state(self, record):
        label = tag(STATE_TONES[record.state], record.get_state_display())
        return format_html("{} {}", label, tag("n", "代录")) if record.is_on_behalf else label


class SeminarTable(JointTable):
    held_on = DayColumn("日期", order_by=("held_on", "id"))
    place = tables.Column("地点", orderable=False)

    caption = "座谈会"
    nothing_yet = "还没有座谈会"

    class Meta:
        sequence = ("held_on", "title", "pairing", "place", "state")


class AgreementTable(JointTable):
    signed_on = DayColumn("签订", order_by=("signed_on", "id"))
    title = tables.Column("名称", orderable=False)
    topics = tables.Column("主题类别", accessor="pk", orderable=False)
    ends_on = DayColumn("期限至", order_by=("ends_on", "id"))

    caption = "活动协议"
    nothing_yet = "还没有活动协议"

    class Meta:
        sequence = ("signed_on", "title", "pairing", "topics", "ends_on", "state")

    def render_topics(self, record):
        return "、".join(record.topic_labels)


def listed(request, rows, filter_class, table_class):
    """The context of a list: the rows narrowed, sorted, paged and summed as the address asks."""
    rows = of_the_programme(request, rows, "pairing__programme")
    narrowed = filter_class(request.GET, rows)
    found = narrowed.qs
    shown = found.select_related("pairing__pilot_unit__organisation", "pairing__partner")
    if rows.model is Agreement:
        shown = shown.prefetch_related(Prefetch("topics", AgreementTopic.objects.order_by("id")))
    table = arrange(request, table_class(shown))
    table.explain_empty(is_filtered=bool(request.GET))
    sums = found.order_by().aggregate(
        all=Count("pk"),
        counting=Count("pk", filter=COUNTING),
        pairs=Count("pairing", filter=COUNTING, distinct=True),
    )
    return {"filter": narrowed, "table": table, "sums": sums, "pair": chosen_pair(request)}


def chosen_pair(request):
    """The pair or unit to which a link has narrowed the list, by its name; "" without one."""
    for name, field in (("pairing", "pk"), ("unit", "pilot_unit")):
        chosen = request.GET.get(name, "")
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 10:
            pairs = Pairing.objects.visible_to(request.user).filter(**{field: int(chosen)})
            pair = pairs.select_related("pilot_unit__organisation", "partner").first()
            return str(pair if name == "pairing" else pair.pilot_unit) if pair else ""
    return ""


def by_topic(agreements):
    """How many counting agreements name each topic: [(words, number)], those named only."""
    counting = agreements.counting().order_by().values("pk")
    rows = AgreementTopic.objects.filter(agreement__in=counting).order_by().values("topic")
    numbers = {row["topic"]: row["number"] for row in rows.annotate(number=Count("pk"))}
    return [(topic.label, numbers[topic]) for topic in Topic if topic in numbers]
