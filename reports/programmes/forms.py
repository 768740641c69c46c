"""The form of a new programme: what it is, its fund, and the units that go on in it."""

import dataclasses

from django import forms
from django.db.models import Prefetch

from funds.actions.ledger import new_request_key
from funds.models import Source
from mentors.models import MentorAssignment
from pairings.models import Pairing
from pilotwork import clock
from pilotwork.forms import DateField
from pilotwork.money import ZERO, MoneyFormField
from reports.programmes.opening import Continuing
from units.models import PilotProgramme, PilotUnit, UnitState


@dataclasses.dataclass(frozen=True)
class UnitChoice:
    """One unit of the programme before: its tick marks as bound fields, None where nothing is."""

    unit: PilotUnit
    goes_on: object
    mentor: object
    partner: object


def units_to_go_on(programme):
    """The units of a programme that could go on in the next, with mentor and partner (3 queries)."""
    guiding = MentorAssignment.objects.filter(ends_on=None).select_related("mentor")
    paired = Pairing.objects.filter(ends_on=None).select_related("partner")
    units = PilotUnit.objects.filter(programme=programme).exclude(state=UnitState.LEFT)
    return units.select_related("organisation", "programme").prefetch_related(
        Prefetch("mentor_assignments", guiding, to_attr="guiding"),
        Prefetch("pairings", paired, to_attr="paired"),
    )


class OpenProgrammeForm(forms.Form):
    """A new programme; `like` is the one whose settings and units it may take over, or None."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label="名称", max_length=80)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    basis_document = forms.CharField(label="依据文件", max_length=200, required=False)
    starts_on = DateField(label="开始日期")
    ends_on = DateField(label="结束日期")
    planned_working = MoneyFormField(label="基金计划：工作经费（元）", required=False)
    planned_donation = MoneyFormField(label="基金计划：社会筹集（元）", required=False)

    ABOUT = (
        "name",
        "year",
        "basis_document",
        "starts_on",
        "ends_on",
        "planned_working",
        "planned_donation",
    )

    def __init__(self, *args, like, **kwargs):
        super().__init__(*args, **kwargs)
        self.like = like
        self.units = list(units_to_go_on(like)) if like else []
        self.fields["request_key"].initial = new_request_key()
        self.fields["year"].initial = like.year + 1 if like else clock.today().year
        self.fields["planned_working"].help_text = "计划入账，到账后由财务登记；可以以后再填。"
        for unit in self.units:
            self._offer(unit)

    def _offer(self, unit):
        def tick(name, label):
            field = forms.BooleanField(label=label, required=False, initial=True)
            self.fields[f"{name}-{unit.pk}"] = field

        tick("unit", unit.organisation.name)
        if unit.guiding and unit.guiding[0].mentor.is_active:
            tick("mentor", f"{unit.organisation.label}的指导员 {unit.guiding[0].mentor}")
        if unit.paired:
            tick("partner", f"{unit.organisation.label}的结对单位 {unit.paired[0].partner}")

    @property
    def about(self):
        """The fields on the programme itself, bound."""
        return [self[name] for name in self.ABOUT]

    @property
    def choices(self):
        """The UnitChoices, in the units' order."""
        return [
            UnitChoice(unit, *(self._bound(name, unit) for name in ("unit", "mentor", "partner")))
            for unit in self.units
        ]

    def _bound(self, name, unit):
        key = f"{name}-{unit.pk}"
        return self[key] if key in self.fields else None

    def clean_name(self):
        name = self.cleaned_data["name"]
        key = self.data.get(self.add_prefix("request_key"), "")
        same = PilotProgramme.objects.filter(name=name)
        if [str(one.request_key) for one in same] not in ([], [key]):
            raise forms.ValidationError("已有同名的试点工作，请换一个名称，例如加上年度。")
        return name

    def clean(self):
        typed = super().clean()
        starts_on, ends_on = typed.get("starts_on"), typed.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        return typed

    def arguments(self):
        """The keyword arguments of `open_programme`."""
        typed = self.cleaned_data
        wanted = ("request_key", "name", "year", "basis_document", "starts_on", "ends_on")
        return {name: typed[name] for name in wanted} | {
            "like": self.like,
            "planned": {
                Source.WORKING: typed["planned_working"] or ZERO,
                Source.DONATION: typed["planned_donation"] or ZERO,
            },
            "continuing": [
                Continuing(
                    unit,
                    with_mentor=typed.get(f"mentor-{unit.pk}", False),
                    with_partner=typed.get(f"partner-{unit.pk}", False),
                )
                for unit in self.units
                if typed[f"unit-{unit.pk}"]
            ],
        }
