"""The shape of what is typed: the cutoff day, the text in paragraphs, the reason for freezing."""

import uuid

from django import forms

from pilotwork import clock
from pilotwork.forms import DateField, TextArea
from reports.briefing.drafts import MOST_PARAGRAPHS
from reports.briefing.placeholders import faults_of
from reports.models import ParagraphKind

OWN = "own"
# About so many characters fit on a line of the form; browsers that can make the field as high as
# its text needs.
LINE = 36


class CutoffForm(forms.Form):
    """Which day's end the figures are of: from the pilot's first day to today."""

    on = DateField(label="统计截止日期", required=False)

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.fields["on"].widget.attrs |= {
            "min": programme.starts_on.isoformat(),
            "max": clock.today().isoformat(),
        }

    def clean_on(self):
        on = self.cleaned_data["on"] or clock.today()
        if on > clock.today():
            raise forms.ValidationError("统计截止日期不能晚于今天。")
        if on < self.programme.starts_on:
            raise forms.ValidationError("试点工作当时还没有开始，请选开始日期以后的日期。")
        return on


class DraftForm(forms.Form):
    """What stands around the text of an official document."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(label="标题", max_length=80)
    addressee = forms.CharField(
        label="主送", max_length=120, required=False, help_text="不填则不写，例如“团市委：”。"
    )
    signature = forms.CharField(label="署名", max_length=80, required=False)
    dated_on = DateField(label="成文日期", required=False, help_text="不填则用导出或定稿当天。")


class ParagraphForm(forms.Form):
    """One paragraph; its place in the form is its place in the text."""

    key = forms.SlugField(max_length=40, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="层次", choices=ParagraphKind.choices)
    text = forms.CharField(label="文字", max_length=2000, required=False, widget=TextArea(rows=1))
    is_hidden = forms.BooleanField(label="不写入", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        length = len(str(self["text"].value() or ""))
        self.fields["text"].widget.attrs |= {
            "rows": 1 + length // LINE,
            "class": "form-control" + (" is-invalid" if self.errors.get("text") else ""),
        }
        self.fields["kind"].widget.attrs["class"] = "form-select"

    def clean_text(self):
        text = self.cleaned_data["text"]
        faults = faults_of(text)
        if faults:
            raise forms.ValidationError(faults)
        return text

    def clean(self):
        """An empty paragraph has to be hidden or filled in, so that nobody empties one unaware."""
        typed = super().clean()
        if "text" in typed and not typed["text"].strip() and not typed.get("is_hidden"):
            self.add_error("text", "请填写文字；不需要这一段的，勾选“不写入”。")
        return typed

    @property
    def is_own(self):
        """Whether it was added by people, who may take it out again."""
        return str(self["key"].value() or "").startswith(OWN)


class BaseParagraphs(forms.BaseFormSet):
    """All paragraphs of a text in order."""

    def clean(self):
        keys = [form.cleaned_data.get("key") for form in self.forms if form.is_valid()]
        if len(keys) != len(set(keys)):
            raise forms.ValidationError("段落重复，请重新打开编辑页面。")

    @property
    def paragraphs(self):
        """The paragraphs as a draft keeps them; ask only when valid."""
        names = ("key", "kind", "text", "is_hidden")
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data]
        return [{name: typed[name] for name in names} for typed in filled]


Paragraphs = forms.formset_factory(
    ParagraphForm,
    formset=BaseParagraphs,
    extra=0,
    max_num=MOST_PARAGRAPHS,
    validate_max=True,
    absolute_max=MOST_PARAGRAPHS,
)


def new_own_key():
    """A key for an added paragraph."""
    return f"{OWN}-{uuid.uuid4().hex[:12]}"


class FreezeForm(forms.Form):
    """What is frozen, as it was shown, and what may be noted on it."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    on = DateField(label="统计截止日期")
    note = forms.CharField(
        label="备注", max_length=200, required=False, help_text="可不填，例如“报团市委”。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].widget = forms.HiddenInput()
