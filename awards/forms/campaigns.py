"""What is typed of 希望工程资助 and 支教: figures by organisation, never a name."""

from django import forms

from awards.forms.cycles import this_year
from awards.models import NO_MINORS, CampaignKind
from funds.forms.rows import RowForm, rows_of
from pilotwork.forms import LongSelect, TextArea
from pilotwork.money import ZERO, MoneyFormField
from units.models import Organisation, PilotProgramme


class CampaignForm(forms.Form):
    """A campaign's head."""

    programme = forms.ModelChoiceField(
        label="试点工作", queryset=PilotProgramme.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(label="类别", choices=CampaignKind.choices)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, initial=this_year)
    name = forms.CharField(label="名称", max_length=80)
    note = forms.CharField(
        label="说明", required=False, max_length=500, widget=TextArea(rows=2), help_text=NO_MINORS
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = PilotProgramme.objects.not_archived().order_by(
            "-starts_on", "-id"
        )


class AllocationForm(RowForm):
    """What one organisation gets; what is left empty is nothing."""

    organisation = forms.ModelChoiceField(
        label="团组织",
        queryset=Organisation.objects.none(),
        empty_label="请选择",
        widget=LongSelect,
    )
    base_places = forms.IntegerField(label="基本名额", required=False, min_value=0, max_value=9999)
    extra_places = forms.IntegerField(label="加配名额", required=False, min_value=0, max_value=9999)
    base_amount = MoneyFormField(label="基本金额（元）", required=False)
    extra_amount = MoneyFormField(label="加配金额（元）", required=False)

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        organisations.offer(self["organisation"])
        for name in ("base_places", "extra_places"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def row(self):
        """The figures, nothing where nothing was typed."""
        typed = super().row()
        for name in ("base_places", "extra_places"):
            typed[name] = typed[name] or 0
        for name in ("base_amount", "extra_amount"):
            typed[name] = typed[name] or ZERO
        return typed


AllocationFormSet = rows_of(AllocationForm, "请至少填写一个单位。", extra=1)
