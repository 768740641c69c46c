"""What is typed of a nomination, and with its verbs."""

from django import forms

from accounts.verbs import VerbForm
from awards.models import Contribution
from funds.forms.verbs import ConfirmForm, MeetingOpinionForm, OpinionForm
from pilotwork.forms import LongSelect, TextArea
from units.forms import NoteForm, ReasonForm
from units.models import Organisation

__all__ = [
    "ApproveForm",
    "ConfirmForm",
    "NominationForm",
    "NoteForm",
    "OpinionForm",
    "ReasonForm",
    "VerbForm",
]


class NominationForm(forms.Form):
    """A nominee and why; the extra place is offered where a 突出贡献 was recognised."""

    organisation = forms.ModelChoiceField(
        label="推荐单位",
        queryset=Organisation.objects.none(),
        empty_label="请选择",
        widget=LongSelect,
    )
    award_type = forms.ChoiceField(label="奖项")
    nominee_name = forms.CharField(
        label="被推荐人",
        required=False,
        max_length=60,
        help_text="个人奖项填写姓名和职务；集体奖项授予推荐单位，不填。",
    )
    deeds = forms.CharField(label="主要事迹", max_length=3000, widget=TextArea(rows=8))
    party_opinion = forms.CharField(
        label="党组织意见",
        required=False,
        max_length=500,
        widget=TextArea(rows=2),
        help_text="照录签章的意见；推荐审批表上留有签字、盖章的位置。",
    )
    is_extra = forms.BooleanField(
        label="使用试点加配名额", required=False, help_text="须有已认定的突出贡献。"
    )
    contribution = forms.ModelChoiceField(
        label="突出贡献",
        required=False,
        queryset=Contribution.objects.none(),
        empty_label="不使用加配名额",
    )

    def __init__(self, *args, cycle, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["award_type"].choices = [("", "请选择"), *_types_of(cycle, organisations)]
        self._offer_organisations(organisations)
        recognised = Contribution.objects.recognised().filter(
            pilot_unit__programme=cycle.programme_id, pilot_unit__organisation__in=organisations
        )
        contributions = list(recognised.select_related("pilot_unit__organisation"))
        if not contributions:
            del self.fields["is_extra"], self.fields["contribution"]
            return
        self.fields["contribution"].queryset = recognised
        self.fields["contribution"].choices = [
            ("", "不使用加配名额"),
            *((row.pk, str(row)) for row in contributions),
        ]

    def _offer_organisations(self, organisations):
        """Nobody is asked who his organisation is when there is only one."""
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[row.pk for row in organisations])
        field.choices = [("", "请选择"), *((row.pk, row.name) for row in organisations)]
        if len(organisations) == 1:
            field.initial = organisations[0].pk
            field.widget = forms.HiddenInput()

    def content(self):
        """What is kept of the nomination."""
        typed = {"is_extra": False, "contribution": None} | self.cleaned_data
        return {name: value for name, value in typed.items() if name != "organisation"}


def _types_of(cycle, organisations):
    """The cycle's awards; of one organisation each with its base places, before anything is written."""
    if len(organisations) > 1:
        return cycle.type_labels
    quotas = cycle.quotas.filter(organisation__in=organisations)
    places = dict(quotas.values_list("award_type", "places"))
    return [
        (
            value,
            f"{label}（基本名额 {places[value]} 个）"
            if places.get(value)
            else f"{label}（无基本名额）",
        )
        for value, label in cycle.type_labels
    ]


class ApproveForm(MeetingOpinionForm):
    """The decision; a reason where a nominee of the pilot is passed over."""

    passed_over_reason = forms.CharField(
        label="越过试点人选的理由", required=False, max_length=500, widget=TextArea(rows=2)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        passed = list(self.matter.passed_over())
        if not passed:
            del self.fields["passed_over_reason"]
            return
        names = "、".join(nomination.nominee for nomination in passed)
        field = self.fields["passed_over_reason"]
        field.help_text = f"同一奖项的试点人选尚未推荐：{names}。"
        field.widget.attrs["required"] = True
