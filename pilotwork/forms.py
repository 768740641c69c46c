"""Form pieces that every room uses."""

from django import forms

from pilotwork.text import plain


class DateField(forms.DateField):
    """A date typed with the browser's own picker, which wants ISO whatever the language."""

    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(
            widget=widget,
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": "请填写正确的日期，例如 2026-11-23。"},
            **kwargs,
        )


class TextArea(forms.Textarea):
    """A text area of a few rows."""

    def __init__(self, rows=4, **attrs):
        super().__init__(attrs={"rows": rows, **attrs})


class PlainTextField(forms.CharField):
    """Text of whoever comes along, cleaned by `plain` before its length is looked at."""

    def to_python(self, value):
        return plain(super().to_python(value))
