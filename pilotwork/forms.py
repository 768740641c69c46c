"""Form pieces that every room uses."""

import datetime as dt
import unicodedata

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from pilotwork.text import plain

# No day of a pilot lies outside, and every day within has a week, a month and a year around it.
YEARS = "请填写 2000 年至 2099 年之间的日期。"
WITHIN_REACH = [
    MinValueValidator(dt.date(2000, 1, 1), YEARS),
    MaxValueValidator(dt.date(2099, 12, 31), YEARS),
]
# What a cashier copies into the bank's form and whom one rings up: a slip of the keys shows here.
ACCOUNT_NUMBER = RegexValidator(
    r"^[0-9][0-9 -]*\Z", "账号只能用半角数字，可以用空格或短横分段，例如 6210 0001 0001 999。"
)
TELEPHONE = RegexValidator(
    r"^[0-9+（(][0-9 +（）()、，,;；/转—-]*\Z",
    "电话只能填数字和空格、短横、括号，例如 022-1234 5678；有分机的写“转 8”。",
)


class DateField(forms.DateField):
    """A date typed with the browser's own picker, which wants ISO whatever the language.

    Refuses, in Chinese, what is no date and what lies outside the years 2000 to 2099.
    """

    default_validators = WITHIN_REACH

    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(
            widget=widget,
            input_formats=["%Y-%m-%d"],
            **kwargs,
        )


class OrderedDaysForm(forms.Form):
    """A form with fields of its own for the days `since` and `until`, which must be in order."""

    def clean(self):
        typed = super().clean()
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", "结束日期不能早于开始日期。")
        return typed


class PaperNumberField(forms.CharField):
    """The number of a paper, kept as it is printed: ＰＪ－０２０３ typed full-width is PJ-0203."""

    def to_python(self, value):
        return unicodedata.normalize("NFKC", super().to_python(value)).strip()


class KeyField(forms.IntegerField):
    """A row's primary key in an address: larger numbers than a database has are none."""

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)


class RowsField(forms.ModelMultipleChoiceField):
    """Some rows of a queryset; a key that no row can have is refused like one that no row has."""

    def clean(self, value):
        for key in value if isinstance(value, (list, tuple)) else ():
            try:
                KeyField().clean(key)
            except ValidationError as error:
                unknown = self.error_messages["invalid_pk_value"]
                raise ValidationError(
                    unknown, code="invalid_pk_value", params={"pk": key[:20]}
                ) from error
        return super().clean(value)


class LooseKeyField(KeyField):
    """A key in an address: a number that no row can have finds nothing, what is no number asks nothing."""

    def clean(self, value):
        try:
            return super().clean(value)
        except ValidationError as error:
            return None if error.error_list[0].code == "invalid" else 0


class KeyFilter(django_filters.Filter):
    """Rows that belong to the row of a key, which a link has put into the address."""

    field_class = LooseKeyField

    def __init__(self, **kwargs):
        super().__init__(widget=forms.HiddenInput, **kwargs)


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
