"""Form pieces that every room uses."""

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

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


class LongSelect(forms.Select):
    """A list of perhaps thousands to choose from: one text instead of a template for each option."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = self.format_value(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if str(key) in chosen else "", label)
                for key, label in self.choices
            ),
        )
        own = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", own, options)


class PlainTextField(forms.CharField):
    """Text of whoever comes along, cleaned by `plain` before its length is looked at."""

    def to_python(self, value):
        return plain(super().to_python(value))
