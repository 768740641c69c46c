"""What is typed about seminars and agreements, when they are entered and when corrected."""

from django import forms

from accounts.verbs import VerbForm
from mentors.forms.visits import PhotosField
from pairings.models import Topic
from pilotwork import clock
from pilotwork.files import UploadsField
from pilotwork.forms import DateField, TextArea


class SeminarForm(forms.Form):
    """A seminar as it is entered, on the phone too."""

    title = forms.CharField(label="主题", max_length=80)
    held_on = DateField(label="召开日期", initial=clock.today)
    place = forms.CharField(label="地点", max_length=80)
    attendees = forms.CharField(
        label="参加人员", max_length=500, widget=TextArea(rows=2), help_text="双方各有谁参加。"
    )
    minutes = forms.CharField(
        label="纪要", max_length=4000, widget=TextArea(rows=6), help_text="谈了什么，定了什么。"
    )
    photos = PhotosField(label="照片（可不传）")


class AgreementForm(forms.Form):
    """An agreement as it is entered."""

    title = forms.CharField(label="名称", max_length=80)
    topics = forms.MultipleChoiceField(
        label="主题",
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个主题。"},
        help_text="可以选几个；一份协议只计一次。",
    )
    signed_on = DateField(label="签订日期", initial=clock.today)
    starts_on = DateField(label="期限自", initial=clock.today)
    ends_on = DateField(label="期限至")
    terms = forms.CharField(label="协议内容", max_length=4000, widget=TextArea(rows=6))
    steps = forms.CharField(
        label="推进步骤", required=False, max_length=2000, widget=TextArea(rows=3)
    )
    results = forms.CharField(
        label="成果",
        required=False,
        max_length=4000,
        widget=TextArea(rows=3),
        help_text="以后也可以补充。",
    )
    files = UploadsField(label="附件（可不传）", required=False)

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "期限的结束日期不能早于开始日期。")
        return cleaned


class CorrectionForm(VerbForm):
    """What both corrections add: what was kept of files, and a word on the correction."""

    files_name = ""

    opinion = forms.CharField(
        label="更正说明", required=False, max_length=1000, widget=TextArea(rows=2)
    )

    def __init__(self, *args, matter, **kwargs):
        super().__init__(*args, matter=matter, **kwargs)
        for name in matter.CONTENT:
            self.fields[name].initial = getattr(matter, name)
        removed = f"removed_{self.files_name}"
        kept = [(file.pk, file.name) for file in self._kept(matter)]
        self.fields[removed].choices = kept
        if not kept:
            del self.fields[removed]

    def _kept(self, matter):
        return getattr(matter, self.files_name).filter(removed_at=None)


def removal(label):
    """A field to choose files that are taken off."""
    return forms.TypedMultipleChoiceField(
        label=label, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )


class CorrectSeminarForm(SeminarForm, CorrectionForm):
    """A seminar written anew by the side that entered it."""

    files_name = "photos"
    removed_photos = removal("移除照片")
    field_order = [*SeminarForm.base_fields, "removed_photos", "opinion"]


class CorrectAgreementForm(AgreementForm, CorrectionForm):
    """An agreement written anew by the side that entered it."""

    files_name = "files"
    removed_files = removal("移除附件")
    field_order = [*AgreementForm.base_fields, "removed_files", "opinion"]

    def __init__(self, *args, matter, **kwargs):
        super().__init__(*args, matter=matter, **kwargs)
        self.fields["topics"].initial = [row.topic for row in matter.topics.all()]


class ResultsForm(VerbForm):
    """What came of an agreement."""

    opinion = forms.CharField(
        label="成果",
        max_length=1000,
        widget=TextArea(rows=4),
        help_text="写在已有成果的后面，注明今天的日期。",
    )
