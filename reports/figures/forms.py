"""What narrows the page of a figure."""

from django import forms

from pilotwork.forms import DateField
from units.models import PilotProgramme, PilotUnit


class CutoffForm(forms.Form):
    """The cutoff date, the programme, and the units whose records are listed."""

    on = DateField(label="统计截止日期")
    q = forms.CharField(
        label="单位",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "单位全称、简称或别名"}),
    )
    programme = forms.ModelChoiceField(
        PilotProgramme.objects.all(), label="试点工作", widget=forms.HiddenInput
    )
    unit = forms.ModelChoiceField(
        PilotUnit.objects.select_related("organisation"),
        label="试点单位",
        required=False,
        widget=forms.HiddenInput,
    )

    @property
    def leads_nowhere(self):
        """Whether the address names a programme or a unit that does not exist."""
        return bool({"programme", "unit"} & set(self.errors))
