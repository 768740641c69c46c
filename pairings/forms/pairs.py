"""Forms of pairs."""

from django import forms
from django.db.models import Exists, OuterRef

from pairings.models import Pairing
from pilotwork import clock
from pilotwork.forms import DateField, LongSelect
from units.forms import UnitField
from units.models import Kind, Organisation, PilotProgramme, PilotUnit, ProgrammeState, UnitState


class PairForm(forms.Form):
    """A pilot unit and the office it is to be paired with; only those that are still free."""

    pilot_unit = UnitField(label="试点单位", queryset=PilotUnit.objects.none())
    partner = forms.ModelChoiceField(
        label="结对单位",
        queryset=Organisation.objects.none(),
        help_text="行政单位的团组织。",
        widget=LongSelect,
    )
    starts_on = DateField(label="开始日期", initial=clock.today)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = Pairing.objects.filter(ends_on=None)
        paired = Exists(held.filter(pilot_unit=OuterRef("pk")))
        # An office is paired once in each programme: it is offered while one has none for it.
        with_it = held.filter(programme=OuterRef("pk"), partner=OuterRef(OuterRef("pk")))
        programmes = PilotProgramme.objects.exclude(state=ProgrammeState.ARCHIVED)
        free = Exists(programmes.exclude(Exists(with_it)))
        units = PilotUnit.objects.not_archived().filter(~paired, state=UnitState.ACTIVE)
        self.fields["pilot_unit"].queryset = units.select_related("organisation", "programme")
        self.fields["partner"].queryset = Organisation.objects.filter(
            free, kind=Kind.ADMINISTRATIVE, is_county=False
        )

    @property
    def nothing_left(self):
        """Why no pair can be made, where either side has nobody to choose; else ""."""
        if not self.fields["pilot_unit"].queryset.exists():
            return "试点单位都已结对。要换结对单位，请先在该结对的页面上结束原来的。"
        if not self.fields["partner"].queryset.exists():
            return (
                "行政单位的团组织都已结对，或还没有登记。请先到“管理”里的“基础资料”登记组织，"
                "类别选“行政单位”，再回来结对。"
            )
        return ""


class EndForm(forms.Form):
    """The last day of a pair."""

    ends_on = DateField(label="结束日期", initial=clock.today)
