"""Forms of rewards: proposing one, deciding it, finding it in the list."""

import copy

from django import forms

from awards.actions.rewards import WHY_AGAIN
from awards.models import Reward, RewardLevel, RewardState
from funds.forms.outright import UnitChoice
from funds.forms.verbs import MeetingOpinionForm
from mentors.record_lists import OfUnitFilter, choice
from pilotwork.files import UploadsField
from pilotwork.forms import TextArea
from pilotwork.money import yuan


class ProposeForm(forms.Form):
    """Which unit, a model of which level, according to which document."""

    pilot_unit = UnitChoice()
    level = forms.ChoiceField(label="典型级别", choices=RewardLevel.choices)
    basis_title = forms.CharField(label="依据文件名称", max_length=200)
    basis_number = forms.CharField(label="文号", max_length=60, required=False)
    files = UploadsField(label="依据文件")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pilot_unit"].leave_out_own(by)


class ApproveForm(MeetingOpinionForm):
    """The decision; the reason for a second reward where the unit has one already."""

    second_reason = forms.CharField(
        label="再次奖励的理由", max_length=1000, required=False, widget=TextArea(rows=2)
    )

    field_order = ["seen", "opinion", "second_reason", "minutes_number"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        granted = list(self.matter.others)
        if granted:
            self._ask_why_again(granted)
        else:
            del self.fields["second_reason"]

    def _ask_why_again(self, granted):
        words = "、".join(
            f"{other.get_level_display()} {yuan(other.amount)} 元（{other.get_state_display()}）"
            for other in granted
        )
        field = self.fields["second_reason"]
        field.help_text = f"该单位已有奖励：{words}。再次奖励必须写明理由。"
        field.required, field.error_messages["required"] = True, WHY_AGAIN

    def place(self, refusal):
        """Another reward that was granted since the form was opened asks for the reason after all."""
        if refusal.field == "second_reason" and refusal.field not in self.fields:
            self.fields[refusal.field] = copy.deepcopy(self.base_fields[refusal.field])
            self.order_fields(self.field_order)
            self._ask_why_again(list(self.matter.others))
        super().place(refusal)


class RewardFilter(OfUnitFilter):
    state = choice("状态", RewardState.choices)

    class Meta:
        model = Reward
        fields = ["q", "state", "unit"]
