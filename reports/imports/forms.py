"""The file that is uploaded."""

from django import forms
from django.core.exceptions import ValidationError

from pilotwork.paper.sheet import read_sheet


class ImportForm(forms.Form):
    """One .xlsx; cleans to the Sheet in it, with `file_name` beside."""

    file = forms.FileField(
        label="填好的表格",
        help_text="只收 .xlsx，不超过 10 MB、5000 行。上传后先看预览，确认以前不写入。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择填好的表格。", "empty": "文件是空的。"},
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.file_name = ""

    def clean_file(self):
        """Read the table; what is wrong with the file as a whole stands beside the field."""
        uploaded = self.cleaned_data["file"]
        self.file_name = uploaded.name
        return read_sheet(
            uploaded,
            headings=self.kind.headings,
            required=self.kind.required,
            most_rows=self.kind.most_rows,
        )

    def refuse(self, refusal):
        """Show a verb's refusal beside the file."""
        self.add_error("file", ValidationError(refusal.message))
