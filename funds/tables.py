"""The list of applications."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from accounts.prepared import Prepared
from funds.models import Application
from funds.models.states import FINAL
from funds.presenters import state_words, tone_of
from funds.todo import KINDS
from mentors.ties import ties_of
from pilotwork.links import link
from pilotwork.templatetags.pilotwork import days_waiting, tag, yuan

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


# What of the room waits for whom, asked for the applications of a page.
WAITING = Prepared(KINDS)


class MoneyColumn(tables.Column):
    """An amount in yuan, right-aligned; empty for None."""

    def __init__(self, **options):
        super().__init__(attrs=NUMBER, **options)

    def render(self, value):
        return yuan(value)


class ApplicationTable(tables.Table):
    """Applications; `reader` is who looks, so that what waits for him is blue."""

    number = tables.Column("编号", empty_values=(), order_by=("number",))
    name = tables.Column("活动")
    unit = tables.Column(
        "单位",
        accessor="pilot_unit__organisation__label",
        order_by=("pilot_unit__organisation__name_key", "-id"),
    )
    state = tables.Column("状态")
    requested_amount = MoneyColumn(verbose_name="申请（元）")
    approved_amount = MoneyColumn(
        verbose_name="核定（元）", accessor="granted_amount", order_by="approved_amount"
    )
    disbursed = MoneyColumn(verbose_name="已拨付（元）")
    state_since = tables.Column("等待", attrs=NUMBER)

    caption = "立项申请"

    class Meta:
        sequence = (
            "number",
            "name",
            "unit",
            "state",
            "requested_amount",
            "approved_amount",
            "disbursed",
            "state_since",
        )

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.waiting = set()

    def mark_waiting(self):
        """Find out, for the rows of this page, which wait for the reader."""
        ids = [row.record.pk for row in self.paginated_rows]
        self.waiting = WAITING.among(Application, ids, self.reader, ties_of(self.reader))

    def render_number(self, record):
        return record.number or "未编号"

    def render_name(self, record):
        url = link("funds:application", record.pk)
        return format_html('<a href="{}">{}</a>', url, record.name)

    def render_state(self, record):
        tone = tone_of(record, waits_for_me=record.pk in self.waiting)
        return tag(tone, state_words(record, self.reader))

    def render_state_since(self, record, value):
        if record.state in FINAL:
            return "—"
        days = days_waiting(value)
        return f"{days} 天" if days else "今天"

    def explain_empty(self, *, is_filtered, may_apply):
        """What an empty list says and offers next."""
        self.empty_title = "没有符合条件的申请" if is_filtered else "还没有立项申请"
        if is_filtered:
            self.empty_text = "换个条件，或清除筛选后再看。"
            self.empty_action_label = "清除筛选"
            self.empty_action_url = reverse("funds:applications")
        elif may_apply:
            self.empty_text = "写好活动方案和预算后提交，团县委初审、审批后拨付。"
            self.empty_action_label = "新建立项申请"
            self.empty_action_url = reverse("funds:new_application")
        else:
            self.empty_text = "试点单位提交申请后会出现在这里。"
