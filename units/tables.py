"""The list of suggestions."""

import django_tables2 as tables
from django.utils.html import format_html

from pilotwork.links import link
from pilotwork.templatetags.pilotwork import cn_datetime, tag
from units.models import SuggestionState
from units.rules import holds_answering_duty

TONES = {SuggestionState.OPEN: "a", SuggestionState.ANSWERED: "g", SuggestionState.FILED: "n"}


def tone_of(suggestion, user):
    """The colour of a suggestion's state: blue when it waits for the reader, who may see it."""
    waits = suggestion.state == SuggestionState.OPEN and holds_answering_duty(user)
    return "bl" if waits else TONES[suggestion.state]


class SuggestionTable(tables.Table):
    """Suggestions; `reader` is who looks."""

    text = tables.Column("内容", orderable=False)
    kind = tables.Column("类别", orderable=False)
    author = tables.Column("提出人", order_by=("author__name_key", "-id"), empty_values=())
    created_at = tables.Column("提出时间", order_by=("created_at", "id"))
    state = tables.Column("状态")

    caption = "意见建议"

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.reader = reader

    def render_text(self, record):
        text = record.text if len(record.text) <= 40 else f"{record.text[:40]}…"
        return format_html('<a href="{}">{}</a>', link("units:suggestion", record.pk), text)

    def render_author(self, record):
        if not record.is_from_visitor:
            return record.author
        return format_html("{} {}", tag("n", "公开页"), record.pilot_unit.organisation.label)

    def render_created_at(self, value):
        return cn_datetime(value)

    def render_state(self, record):
        return tag(tone_of(record, self.reader), record.get_state_display())
