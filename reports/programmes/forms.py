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

# More units than a person ticks one by one, and than a form may send: they go on all together.
MOST_TICKED = 300


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
        units = list(units_to_go_on(like)[: MOST_TICKED + 1]) if like else []
        self.goes_on_as_one = len(units) > MOST_TICKED
        self.fields["request_key"].initial = new_request_key()
        self.fields["year"].initial = like.year + 1 if like else clock.today().year
        self.fields["planned_working"].help_text = "计划入账，到账后由财务登记；可以以后再填。"
        self.units = [] if self.goes_on_as_one else units
        if self.goes_on_as_one:
            self.number = units_to_go_on(like).count()
            self._tick("unit-all", f"全部 {self.number} 个单位")
            self._tick("mentor-all", "连同现任指导员")
            self._tick("partner-all", "连同结对单位")
        for unit in self.units:
            self._offer(unit)

    def _tick(self, name, label):
        self.fields[name] = forms.BooleanField(label=label, required=False, initial=True)

    def _offer(self, unit):
        self._tick(f"unit-{unit.pk}", unit.organisation.name)
        if unit.guiding and unit.guiding[0].mentor.is_active:
            label = f"{unit.organisation.label}的指导员 {unit.guiding[0].mentor}"
            self._tick(f"mentor-{unit.pk}", label)
        if unit.paired:
            label = f"{unit.organisation.label}的结对单位 {unit.paired[0].partner}"
            self._tick(f"partner-{unit.pk}", label)

    @property
    def about(self):
        """The fields on the programme itself, bound."""
        return [self[name] for name in self.ABOUT]

    @property
    def ticks_for_all(self):
        """The tick marks that stand for every unit, bound."""
        return [self[f"{name}-all"] for name in ("unit", "mentor", "partner")]

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
            "continuing": list(self._continuing()),
        }

    def _continuing(self):
        units = units_to_go_on(self.like) if self.goes_on_as_one else self.units
        for unit in units:
            which = "all" if self.goes_on_as_one else unit.pk
            if self.cleaned_data[f"unit-{which}"]:
                yield Continuing(
                    unit,
                    with_mentor=self.cleaned_data.get(f"mentor-{which}", False),
                    with_partner=self.cleaned_data.get(f"partner-{which}", False),
                )
