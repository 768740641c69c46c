"""The list of people and its filter."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils.html import format_html_join

from accounts.models import Duty, DutyGrant, User
from pilotwork.templatetags.pilotwork import cn_date, tag


class PeopleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="姓名、职务或登录名", method="search")
    duty = django_filters.ChoiceFilter(
        label="现任职责", choices=Duty.choices, empty_label="全部", method="holding"
    )
    active = django_filters.ChoiceFilter(
        label="账户",
        choices=[("1", "启用"), ("0", "停用")],
        empty_label="全部",
        method="in_use",
    )

    class Meta:
        model = User
        fields = ["q", "duty", "active"]

    def search(self, people, name, text):
        return people.filter(
            Q(name__icontains=text)
            | Q(post__icontains=text)
            | Q(username__icontains=text)
            | Q(name_key__startswith=text.lower())
        )

    def holding(self, people, name, duty):
        return people.with_duty(duty)

    def in_use(self, people, name, value):
        return people.filter(is_active=value == "1")


class PeopleTable(tables.Table):
    name = tables.Column("姓名", order_by=["name_key", "id"], linkify=True)
    post = tables.Column("职务", orderable=False)
    username = tables.Column("登录名")
    duties = tables.Column("现任职责", accessor="current_grants", orderable=False, empty_values=[])
    is_active = tables.Column("账户", orderable=False)

    caption = "人员"
    empty_title = "没有找到人员"

    class Meta:
        model = User
        fields = ["name", "post", "username", "duties", "is_active"]
        order_by = "name"
        empty_text = "换一个条件查询，或新建人员。"

    def render_duties(self, value):
        return format_html_join("、", "{}", ((grant_words(grant),) for grant in value)) or "—"

    def render_is_active(self, value):
        return tag("g", "启用") if value else tag("n", "停用")


def grant_words(grant: DutyGrant):
    """审批, or 审批（至 12月1日） when it ends by itself."""
    label = grant.get_duty_display()
    return f"{label}（至{cn_date(grant.ends_on)}）" if grant.ends_on else label
