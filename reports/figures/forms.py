"""What narrows the page of a figure."""

import datetime as dt

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from pilotwork.forms import DateField
from units.models import PilotProgramme, PilotUnit

YEARS = "请填写 2000 年至 2099 年之间的日期。"


class CutoffForm(forms.Form):
    """The cutoff date, the programme, and the units whose records are listed."""

    on = DateField(
        label="统计截止日期",
        validators=[
            MinValueValidator(dt.date(2000, 1, 1), YEARS),
            MaxValueValidator(dt.date(2099, 12, 31), YEARS),
        ],
    )
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
