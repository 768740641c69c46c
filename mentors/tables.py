"""The list of units with their mentors."""

import django_filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q
from django.utils.html import format_html, format_html_join

from mentors.models import MentorAssignment
from pilotwork.links import link
from pilotwork.templatetags.pilotwork import cn_full_date, tag
from units.models import Organisation, PilotUnit, UnitState


class MentorsFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="单位或指导员", method="search")
    state = django_filters.ChoiceFilter(
        label="试点状态", choices=UnitState.choices, empty_label="全部"
    )

    class Meta:
        model = PilotUnit
        fields = ["q", "state"]

    def search(self, units, name, text):
        guided = MentorAssignment.objects.filter(
            pilot_unit=OuterRef("pk"), ends_on=None, mentor__name__icontains=text
        )
        named = Organisation.objects.matching(text)
        return units.filter(Q(organisation__in=named) | Q(Exists(guided)))


class MentorsTable(tables.Table):
    organisation = tables.Column(
        "试点单位", order_by=["organisation__name_key", "id"], accessor="organisation__name"
    )
    level = tables.Column("级别", orderable=False)
    mentor = tables.Column("现任指导员", accessor="guided_by", orderable=False, empty_values=[])
    since = tables.Column("自", accessor="guided_by", orderable=False, empty_values=[])
    earlier = tables.Column("此前", accessor="guided_by", orderable=False, empty_values=[])
    change = tables.Column("", accessor="pk", orderable=False)

    caption = "各试点单位的指导员"
    empty_title = "没有试点单位"

    class Meta:
        model = PilotUnit
        empty_text = "换一个条件查询；新单位由系统管理员登记。"
        fields = ["organisation", "level", "mentor", "since", "earlier", "change"]

    def render_mentor(self, value):
        current = _current(value)
        return str(current.mentor) if current else tag("r", "空缺")

    def render_since(self, value):
        current = _current(value)
        return cn_full_date(current.starts_on) if current else "—"

    def render_earlier(self, value):
        past = [assignment for assignment in value if assignment.ends_on]
        rows = ((a.mentor, cn_full_date(a.starts_on), cn_full_date(a.ends_on)) for a in past)
        return format_html_join("；", "{}（{}—{}）", rows) or "—"

    def render_change(self, value, record):
        words = "更换" if _current(record.guided_by) else "选派"
        url = link("mentors:change_mentor", value)
        return format_html(
            '<a class="btn" href="{}">{}<span class="visually-hidden">：{}</span></a>',
            url,
            words,
            record,
        )


def _current(assignments):
    """The one assignment without an end, or None."""
    return next((assignment for assignment in assignments if not assignment.ends_on), None)
