"""The list of plaques: its columns and what it says when it is empty."""

import django_tables2 as tables
from django.db.models import OuterRef, Q, Subquery

from funds.models import Entry, PlaqueState
from mentors.record_lists import NUMBER, DayColumn, RecordTable, linked
from pilotwork.templatetags.pilotwork import tag, yuan

PLAQUE_TONES = {
    PlaqueState.PROPOSED: "a",
    PlaqueState.APPROVED: "a",
    PlaqueState.HUNG: "g",
    PlaqueState.REPLACED: "n",
    PlaqueState.WITHDRAWN: "n",
    PlaqueState.DECLINED: "r",
}
# Of rows `with_payment`: no payment stands.
UNPAID = Q(disbursed=None) | Q(disbursed=0)


def with_payment(rows):
    """Annotate `disbursed`: what stands paid of each matter's price, in yuan; None before any."""
    last = Entry.objects.filter(commitment=OuterRef("commitment")).order_by("-number")
    return rows.annotate(disbursed=Subquery(last.values("disbursed_after")[:1]))


class PaidColumn(tables.Column):
    """Whether the price is paid; for rows `with_payment`."""

    def __init__(self, **kwargs):
        super().__init__("付款", empty_values=(), orderable=False, **kwargs)

    def render(self, record):
        return tag("g", "已付") if record.disbursed else tag("n", "未付")


class PlaqueTable(RecordTable):
    unit = tables.Column(
        "单位",
        accessor="pilot_unit__organisation__label",
        order_by=("pilot_unit__organisation__name_key", "-id"),
    )
    text = tables.Column("牌面文字", orderable=False)
    cost = tables.Column("制作费（元）", attrs=NUMBER)
    paid = PaidColumn()
    hung_on = DayColumn("挂牌日期", order_by=("hung_on", "id"))
    place = tables.Column("挂牌地点", orderable=False)
    state = tables.Column("状态")

    caption = "铜牌"
    nothing_yet = "还没有登记铜牌"
    what_next = "由初审人员登记制作，审批后付款、挂牌。"

    def render_unit(self, value, record):
        return linked("funds:plaque", record.pk, value)

    def render_cost(self, value):
        return yuan(value)

    def render_state(self, record):
        return tag(PLAQUE_TONES[record.state], record.get_state_display())
