"""Forms of suggestions and of the programme's verbs."""

from django import forms
from django.db.models import Q

from accounts.verbs import VerbForm
from pilotwork import clock
from pilotwork.forms import DateField, LongSelect, PlainTextField, TextArea
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import SuggestionKind, SuggestionState

SOURCES = {"people": "登录人员", "visitors": "公开页"}


class UnitField(forms.ModelChoiceField):
    """A choice of pilot units, each with its programme: one organisation may be in several.

    The queryset brings organisation and programme.
    """

    widget = LongSelect

    def label_from_instance(self, unit):
        """The unit and its programme."""
        return f"{unit} · {unit.programme}"


class SuggestForm(forms.Form):
    """What somebody wants to say to the county."""

    kind = forms.ChoiceField(
        label="类别",
        choices=SuggestionKind.choices,
        initial=SuggestionKind.PROPOSAL,
        widget=forms.RadioSelect,
    )
    text = PlainTextField(
        label="内容",
        max_length=2000,
        widget=TextArea(rows=6),
        help_text="写清楚是什么事、希望怎么办。团县委答复后，您在本页看到。",
    )


class SuggestionFilter(forms.Form):
    """The list's filters, kept in the address."""

    q = forms.CharField(label="搜索", required=False, max_length=80)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *SuggestionState.choices]
    )
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *SuggestionKind.choices]
    )
    source = forms.ChoiceField(
        label="来源", required=False, choices=[("", "全部"), *SOURCES.items()]
    )

    def apply(self, suggestions):
        """The suggestions that match; an unknown choice chooses nothing and changes nothing."""
        if not self.is_valid():
            return suggestions
        chosen = self.cleaned_data
        if text := chosen["q"]:
            unit = "pilot_unit__organisation"
            suggestions = suggestions.filter(
                Q(text__icontains=text)
                | Q(author__name__icontains=text)
                | Q(**{f"{unit}__name__icontains": text})
                | Q(**{f"{unit}__short_name__icontains": text})
            )
        if chosen["source"]:
            suggestions = suggestions.filter(author__isnull=chosen["source"] == "visitors")
        exactly = {name: chosen[name] for name in ("state", "kind") if chosen[name]}
        return suggestions.filter(**exactly)


class AnswerForm(VerbForm):
    """The county's answer."""

    opinion = forms.CharField(label="答复", max_length=2000, widget=TextArea(rows=4))


class NoteForm(VerbForm):
    """An optional word."""

    opinion = forms.CharField(
        label="说明", required=False, max_length=1000, widget=TextArea(rows=2)
    )


class ReasonForm(VerbForm):
    """A reason that stays for ever."""

    opinion = forms.CharField(label="理由", max_length=1000, widget=TextArea(rows=3))


class EndProgrammeForm(ReasonForm):
    """Why the programme is over; before its time the form says how many days are left."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days = (self.matter.ends_on - clock.today()).days
        if days > 0:
            last = cn_full_date(self.matter.ends_on)
            self.fields["opinion"].help_text = f"试点到{last}才到期，现在结束提前 {days} 天。"


class LastDayForm(ReasonForm):
    """The last day of a unit in the pilot, and why."""

    last_day = DateField(label="最后一天", help_text="此日之后的各周不再计应访。")
    field_order = ["last_day", "opinion"]


class WorkingDayForm(forms.Form):
    """A day on which the county's calendar differs from the published one."""

    day = DateField(label="日期")
    is_workday = forms.TypedChoiceField(
        label="这一天",
        choices=[("", "请选择"), ("1", "上班"), ("0", "休息")],
        coerce=lambda value: value == "1",
    )
    note = forms.CharField(label="说明", required=False, max_length=100)
