"""What is typed about award cycles: opening, quotas, notice, objections, results."""

from django import forms

from accounts.verbs import VerbForm
from awards.models import AwardLevel, AwardType, Nomination, Result
from funds.forms.rows import RowForm, rows_of
from pilotwork import clock
from pilotwork.forms import DateField, LongSelect, TextArea
from units.models import Organisation, PilotProgramme


def this_year():
    """The year in which the form is opened."""
    return clock.today().year


class OpenCycleForm(forms.Form):
    """One round of honours."""

    programme = forms.ModelChoiceField(
        label="试点工作", queryset=PilotProgramme.objects.none(), empty_label=None
    )
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, initial=this_year)
    level = forms.ChoiceField(label="级别", choices=AwardLevel.choices, initial=AwardLevel.CITY)
    types = forms.MultipleChoiceField(
        label="奖项",
        choices=AwardType.choices,
        initial=AwardType.values,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The latest programme first: nearly always the one that is meant.
        self.fields["programme"].queryset = PilotProgramme.objects.not_archived().order_by(
            "-starts_on", "-id"
        )


class QuotaRowForm(RowForm):
    """One organisation's base quotas: a number for each type of the cycle."""

    organisation = forms.ModelChoiceField(
        label="团组织",
        queryset=Organisation.objects.none(),
        empty_label="请选择",
        widget=LongSelect,
    )

    def __init__(self, *args, types, organisations, **kwargs):
        self.types = types
        super().__init__(*args, **kwargs)
        organisations.offer(self["organisation"])
        for value, label in types:
            self.fields[value] = forms.IntegerField(
                # Short enough to stand beside its field on a phone.
                label=label.removeprefix("五四"),
                required=False,
                min_value=0,
                max_value=999,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def number_fields(self):
        """The bound fields of the numbers, in the order of the types."""
        return [self[value] for value, _ in self.types]


# Of so many organisations each row offers all; of more, a row that has its own offers that alone,
# and a new row the others.
MOST_OFFERED = 200


class OrganisationChoices:
    """The organisations that rows choose from, read once for all rows of a page."""

    def __init__(self):
        self.rows = Organisation.objects.filter(is_county=False)
        self.names = {str(row.pk): row.name for row in self.rows}
        self.choices = [("", "请选择"), *self.names.items()]

    def offer(self, bound):
        """Let a row's field (a BoundField) choose among them."""
        own = str(bound.value() or "")
        choices = self.choices
        if len(self.names) > MOST_OFFERED and own in self.names:
            choices = [("", "请选择"), (own, self.names[own])]
        bound.field.queryset, bound.field.choices = self.rows, choices


QuotaFormSet = rows_of(QuotaRowForm, "", extra=1)


class PostForm(VerbForm):
    """The day on which the notice was put up, and who takes objections."""

    posted_on = DateField(
        label="张贴日期", initial=clock.today, help_text="公示期从第二天起按工作日计算。"
    )
    objections_to = forms.CharField(
        label="意见受理", max_length=120, help_text="部门和电话，印在公示上。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["objections_to"].initial = self.matter.objections_to


class ConcludeForm(VerbForm):
    """The result of everybody who was recommended."""

    opinion = forms.CharField(
        label="说明", required=False, max_length=1000, widget=TextArea(rows=2)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        recommended = Nomination.objects.recommended().listed_for(self.matter)
        self.nominations = list(recommended.select_related("organisation"))
        for nomination in self.nominations:
            # Named in full: the summary of errors stands apart from the row that names the nominee.
            self.fields[f"result_{nomination.pk}"] = forms.ChoiceField(
                label=f"{nomination} · 结果", choices=[("", "请选择"), *Result.choices]
            )
            self.fields[f"note_{nomination.pk}"] = forms.CharField(
                label=f"{nomination} · 说明", required=False, max_length=200
            )

    @property
    def rows(self):
        """[(nomination, field of its result, field of the note)]."""
        return [(one, self[f"result_{one.pk}"], self[f"note_{one.pk}"]) for one in self.nominations]

    def arguments(self):
        """The results by nomination."""
        typed = self.cleaned_data
        results = {
            nomination.pk: (typed[f"result_{nomination.pk}"], typed[f"note_{nomination.pk}"])
            for nomination in self.nominations
        }
        return {"results": results, "opinion": typed["opinion"], "seen": typed["seen"]}


class ObjectionForm(forms.Form):
    """What somebody objects while the notice runs."""

    nomination = forms.ModelChoiceField(
        label="所涉推荐",
        required=False,
        queryset=Nomination.objects.none(),
        empty_label="不针对某一项推荐",
    )
    text = forms.CharField(label="异议内容", max_length=2000, widget=TextArea(rows=4))
    from_whom = forms.CharField(
        label="提出人", required=False, max_length=80, help_text="匿名的不填。"
    )
    received_on = DateField(label="收到日期", initial=clock.today)

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        recommended = Nomination.objects.recommended().listed_for(cycle)
        self.fields["nomination"].queryset = recommended.select_related("organisation")


class AnswerObjectionForm(forms.Form):
    """What was found out, and what was answered."""

    handling = forms.CharField(
        label="核查情况和答复",
        max_length=2000,
        widget=TextArea(rows=4),
        help_text="保存后不可更改。",
    )
