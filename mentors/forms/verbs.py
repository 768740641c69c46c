"""The forms of the mentors room's verbs; each returns the arguments of its action."""

from django import forms

from accounts.verbs import VerbForm
from mentors.models import DocumentState
from pilotwork import clock
from pilotwork.files import UploadsField
from pilotwork.forms import DateField, TextArea
from units.forms import NoteForm, ReasonForm

__all__ = ["NoteForm", "NotSolvedForm", "ReasonForm", "RewordForm", "SolveForm", "UploadForm"]

CONFIRMATION_FALLS = "现在的一版已确认；上传新版本后须重新确认，在那以前“五个一”里按待确认计。"


class RewordForm(VerbForm):
    """What stands in the way, said more exactly."""

    opinion = forms.CharField(label="困难", max_length=1000, widget=TextArea(rows=4))

    def __init__(self, *args, matter, **kwargs):
        super().__init__(*args, matter=matter, **kwargs)
        self.fields["opinion"].initial = matter.description


class SolveForm(VerbForm):
    """By which measures a difficulty was solved, and when."""

    opinion = forms.CharField(label="解决措施", max_length=1000, widget=TextArea(rows=3))
    on = DateField(label="解决日期", initial=clock.today)


class NotSolvedForm(VerbForm):
    """What is still open, in the unit's words."""

    opinion = forms.CharField(label="还有什么没有解决", max_length=1000, widget=TextArea(rows=3))


class UploadForm(VerbForm):
    """One file: a document's next version."""

    upload = UploadsField(label="文件", max_files=1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs.pop("multiple", None)
        if self.matter.state == DocumentState.CONFIRMED:
            self.fields["upload"].help_text += CONFIRMATION_FALLS

    def arguments(self):
        """The one file that was accepted."""
        return {**self.cleaned_data, "upload": self.cleaned_data["upload"][0]}
