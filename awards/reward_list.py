"""The list of rewards: its columns and what it says when it is empty."""

import django_tables2 as tables

from awards.models import RewardState
from mentors.record_lists import NUMBER, DayColumn, RecordTable, UnitColumn, linked
from pilotwork.templatetags.pilotwork import tag, yuan

REWARD_TONES = {
    RewardState.PROPOSED: "a",
    RewardState.APPROVED: "a",
    RewardState.PAID: "g",
    RewardState.DECLINED: "r",
    RewardState.CANCELLED: "n",
}


class RewardTable(RecordTable):
    level = tables.Column("典型", orderable=False)
    unit = UnitColumn()
    basis_title = tables.Column("依据文件", orderable=False)
    amount = tables.Column("金额（元）", attrs=NUMBER)
    proposed_on = DayColumn("提出", order_by=("proposed_on", "id"))
    state = tables.Column("状态")

    caption = "典型奖励"
    nothing_yet = "还没有典型奖励"
    what_next = "单位被选为全市或全国典型的，由初审人员凭依据文件提出。"

    def render_level(self, record):
        return linked("awards:reward", record.pk, f"{record.get_level_display()}典型")

    def render_amount(self, value):
        return yuan(value)

    def render_state(self, record):
        return tag(REWARD_TONES[record.state], record.get_state_display())
