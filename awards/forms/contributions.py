"""What is typed of a 突出贡献."""

from django import forms

from funds.forms.verbs import MeetingOpinionForm
from pilotwork.files import UploadsField
from pilotwork.forms import TextArea
from units.forms import NoteForm, ReasonForm, UnitField
from units.models import PilotUnit

__all__ = ["ContributionForm", "MeetingOpinionForm", "NoteForm", "ReasonForm"]


class ContributionForm(forms.Form):
    """Whose contribution, what it is, and what shows it."""

    pilot_unit = UnitField(
        label="试点单位", queryset=PilotUnit.objects.none(), empty_label="请选择"
    )
    person = forms.CharField(
        label="人员",
        required=False,
        max_length=60,
        help_text="个人的贡献填写姓名和职务，推荐时须写得一样；单位的贡献不填。",
    )
    deeds = forms.CharField(label="主要事迹", max_length=2000, widget=TextArea(rows=6))
    uploads = UploadsField(label="佐证材料", required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pilot_unit"].queryset = units
