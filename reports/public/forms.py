"""What a visitor of the public page types, and how a machine is told from him without asking."""

import datetime as dt

from django import forms
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS

from pilotwork import clock
from pilotwork.forms import PlainTextField, TextArea
from units.models import SuggestionKind, new_receipt
from units.models.suggestions import RECEIPT_LENGTH

SALT = "reports.public"
# Nobody reads the page, chooses and writes a sentence in less; nobody leaves it open for longer.
QUICKEST, LONGEST = dt.timedelta(seconds=3), dt.timedelta(hours=24)
TOO_QUICK = "提交得太快了，没有收下。请检查一遍，稍等几秒再提交。"
TOO_LATE = "这一页打开的时间太长了，没有收下。您填写的内容还在，请再提交一次。"
NOT_FOR_PEOPLE = "填写了不该填写的一栏，没有收下。那一栏已经清空，请再提交一次。"


def entrance(unit, opened_at=None):
    """What the form of a page opened now (or at a moment) carries: signed, with a receipt of its own."""
    opened_at = opened_at or clock.now()
    held = {"unit": unit.pk, "receipt": new_receipt(), "at": opened_at.timestamp()}
    return signing.dumps(held, salt=SALT)


class PublicSuggestForm(forms.Form):
    """意见建议 of a visitor; after `is_valid`, `arguments` are those of `suggest_publicly`."""

    kind = forms.ChoiceField(
        label="类别",
        choices=SuggestionKind.choices,
        initial=SuggestionKind.PROPOSAL,
        widget=forms.RadioSelect,
    )
    text = PlainTextField(
        label="内容",
        max_length=1000,
        widget=TextArea(rows=5),
        error_messages={"required": "请写下您想说的事。"},
        help_text="写清楚是什么事、希望怎么办。请不要写他人的姓名、电话和未成年人的信息。",
    )
    contact = PlainTextField(
        label="联系方式（可不填）",
        required=False,
        max_length=60,
        help_text="电话等，只有团县委人员看得到，用来向您了解情况。",
    )
    # Nobody sees this field; who fills it in reads the page's source.
    website = forms.CharField(label="请不要填写", required=False)
    entrance = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, unit):
        self.unit = unit
        self.held = {}
        super().__init__(data, initial={"entrance": entrance(unit)})
        self.fields["website"].widget.attrs = {"autocomplete": "off", "tabindex": "-1"}

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self._errors:
            self._offer_another_try()

    def clean(self):
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(NOT_FOR_PEOPLE, "not_for_people")
        self.held = self._read(self.cleaned_data.get("entrance", ""))
        age = clock.now().timestamp() - self.held.get("at", 0)
        if age > LONGEST.total_seconds():
            raise forms.ValidationError(TOO_LATE, "too_late")
        if age < QUICKEST.total_seconds():
            raise forms.ValidationError(TOO_QUICK, "too_quick")
        return self.cleaned_data

    def _read(self, signed):
        """What the entrance holds; nothing when it is forged or of another unit's page."""
        try:
            held = signing.loads(signed, salt=SALT)
        except signing.BadSignature:
            return {}
        return held if held["unit"] == self.unit.pk else {}

    def _offer_another_try(self):
        """Empty the trap, and give a new entrance where the old one will do no more."""
        self.data = self.data.copy()
        self.data["website"] = ""
        if not self.held or self.has_error(NON_FIELD_ERRORS, "too_late"):
            self.data["entrance"] = entrance(self.unit, clock.now() - QUICKEST)

    def arguments(self):
        """The keyword arguments for `suggest_publicly`."""
        typed = {name: self.cleaned_data[name] for name in ("kind", "text", "contact")}
        return typed | {"receipt": self.held["receipt"]}


class FindAnswerForm(forms.Form):
    """The receipt by which a visitor reads the answer, typed in any way."""

    code = forms.CharField(
        label="回执号",
        max_length=40,
        error_messages={"required": "请填写回执号。"},
        help_text="提交后显示的 12 位字母和数字，例如 7KQM-4XPA-9TRE。",
    )

    def clean_code(self):
        """The code as it is kept: capitals, without the strokes between its groups."""
        code = "".join(c for c in self.cleaned_data["code"].upper() if c.isalnum())
        if len(code) != RECEIPT_LENGTH or not code.isascii():
            raise forms.ValidationError("回执号是 12 位字母和数字，请核对。")
        return code
