"""The form of a visit on the phone, of its correction, and how the list is narrowed."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError

from mentors.actions.besides import Besides
from mentors.actions.visits import MAX_PHOTOS, new_visit_key, stand_ins
from mentors.models import Mode
from pilotwork import clock
from pilotwork.files import JPEG, KINDS, PNG, UploadsField
from pilotwork.forms import DateField, RowsField, TextArea
from pilotwork.history import last_change
from pilotwork.money import MoneyFormField
from pilotwork.templatetags.pilotwork import cn_date

OTHER_DAY = "other"
MODES = [(Mode.ON_SITE, "实地"), (Mode.REMOTE, "电话／线上（不计走访）")]
# What may have happened besides: (value, words on the chip, the lines it opens).
BESIDES = [
    ("difficulty", "解决困难", ["difficulty"]),
    ("money", "协调经费", ["source", "amount"]),
    ("activity", "设计活动", ["activity"]),
    ("research", "调研", ["research"]),
]
EMPTY_LINE = "已勾选，请填写；没有就取消勾选。"


class PhotosField(UploadsField):
    """Pictures from the camera or the gallery, at most nine."""

    def __init__(self, **kwargs):
        help_text = f"JPG 或 PNG，最多 {MAX_PHOTOS} 张；自动压缩并去除位置信息。"
        super().__init__(max_files=MAX_PHOTOS, required=False, help_text=help_text, **kwargs)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": "image/*"}

    def clean(self, data, initial=None):
        """Return the accepted pictures; raises ValidationError naming what is none."""
        try:
            accepted = super().clean(data, initial)
        except ValidationError as error:
            kinds = [
                message.replace(f"{KINDS} 文件", "JPG、PNG 照片") for message in error.messages
            ]
            raise ValidationError(kinds) from error
        others = [file.name for file in accepted if file.content_type not in {JPEG, PNG}]
        if others:
            raise ValidationError(f"“{'”“'.join(others)}”不是照片，只能上传 JPG 或 PNG。")
        return accepted


class VisitForm(forms.Form):
    """What both logging and correcting a visit ask for; `unit` is the pilot unit."""

    # The days are sent as dates, so that a draft kept over midnight still means the same day.
    day = forms.ChoiceField(label="走访日期", widget=forms.RadioSelect)
    visited_on = DateField(label="选择的日期", required=False)
    mode = forms.ChoiceField(label="方式", choices=MODES, widget=forms.RadioSelect)
    progress = forms.CharField(label="了解到的进展", max_length=2000, widget=TextArea(rows=3))
    problems = forms.CharField(
        label="存在的问题", max_length=2000, required=False, widget=TextArea(rows=2)
    )
    next_step = forms.CharField(
        label="下一步打算", max_length=2000, required=False, widget=TextArea(rows=2)
    )
    companions = forms.CharField(label="同行人员", max_length=120, required=False)
    photos = PhotosField(label="照片（可不传）")

    more_fields = ("problems", "next_step", "companions")

    def __init__(self, data=None, files=None, *, unit, **kwargs):
        today = clock.today()
        days = [today, today - dt.timedelta(days=1)]
        data = None if data is None else _with_day_among(days, data)
        super().__init__(data, files, **kwargs)
        words = [f"今天 {cn_date(today)}", "昨天"]
        offered = [(day.isoformat(), word) for day, word in zip(days, words, strict=True)]
        self.fields["day"].choices = [*offered, (OTHER_DAY, "选择日期")]
        earliest = unit.programme.starts_on.isoformat()
        self.fields["visited_on"].widget.attrs |= {"max": today.isoformat(), "min": earliest}

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("day")
        if day and day != OTHER_DAY:
            cleaned["visited_on"] = dt.date.fromisoformat(day)
        elif day and not cleaned.get("visited_on") and "visited_on" not in self.errors:
            self.add_error("visited_on", "请选择走访日期。")
        return cleaned

    @property
    def shows_more(self):
        """Whether one of the folded fields holds something or is refused."""
        return any(self[name].value() or self[name].errors for name in self.more_fields)

    @property
    def more(self):
        """The folded fields."""
        return [self[name] for name in self.more_fields if name in self.fields]

    def values(self):
        """The values that a visit keeps, for the actions."""
        names = ("visited_on", "mode", "progress", "problems", "next_step", "companions", "photos")
        return {name: self.cleaned_data[name] for name in names}

    def refuse(self, refusal):
        """Show a verb's refusal beside the field it belongs to, or on top."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, refusal.message)


def _with_day_among(days, data):
    """The posted `data`, a day that is no chip any more (it was yesterday's page) put as a date."""
    data, day = data.copy(), data.get("day", "")
    try:
        known = day == OTHER_DAY or dt.date.fromisoformat(day) in days
    except ValueError:
        known = True
    if not known:
        data["day"], data["visited_on"] = OTHER_DAY, day
    return data


class RecordForm(VisitForm):
    """Logging a visit; `user` writes, `is_mentor` whether he may log for a colleague."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    writer = forms.IntegerField(widget=forms.HiddenInput)
    did = forms.MultipleChoiceField(
        label="这次还帮单位做了（可多选）",
        required=False,
        choices=[(value, words) for value, words, _ in BESIDES],
        widget=forms.CheckboxSelectMultiple,
    )
    difficulty = forms.CharField(label="解决了什么困难", max_length=1000, required=False)
    source = forms.CharField(label="经费来源", max_length=80, required=False)
    amount = MoneyFormField(label="已到位金额（元）", required=False)
    activity = forms.CharField(
        label="设计了什么活动",
        max_length=80,
        required=False,
        help_text="写活动名称；与已登记的同名时不重复登记。",
    )
    research = forms.CharField(label="调研了什么", max_length=2000, required=False)
    visitor = forms.ModelChoiceField(
        label="代访同事",
        queryset=stand_ins(),
        required=False,
        empty_label="本人走访",
        help_text="同事代您走访的，由您代记；计入该单位，记在同事名下。",
    )

    more_fields = (*VisitForm.more_fields, "visitor")
    is_another = False

    def __init__(self, *args, user, is_mentor, **kwargs):
        start = {
            "day": clock.today().isoformat(),
            "mode": Mode.ON_SITE,
            "key": new_visit_key(),
            "writer": user.pk,
        }
        super().__init__(*args, initial=start, **kwargs)
        self.user = user
        if is_mentor:
            self.fields["visitor"].queryset = stand_ins().exclude(pk=user.pk)
        else:
            self.fields.pop("visitor")
        self.fields["amount"].widget.attrs["inputmode"] = "decimal"

    @property
    def shows_more(self):
        """Whether one of the folded fields holds something or is refused."""
        return any(field.value() or field.errors for field in self.more)

    @property
    def besides(self):
        """For each chip its value and the lines it opens."""
        return [(value, [self[name] for name in names]) for value, _, names in BESIDES]

    def refuse(self, refusal):
        """Words that differ under a used key are another visit when they are sent once more."""
        self.is_another = refusal.field == "key"
        if not self.is_another:
            super().refuse(refusal)
            return
        self.add_error(None, refusal.message)
        self.data = self.data.copy()
        self.data["key"] = str(new_visit_key())

    def clean_writer(self):
        """A draft is sent by who wrote it, also when somebody else signed in meanwhile."""
        if self.cleaned_data["writer"] != self.user.pk:
            raise ValidationError("这份记录是另一位同事登录时填写的，请由本人登录后发送。")
        return self.cleaned_data["writer"]

    def clean(self):
        cleaned = super().clean()
        ticked = cleaned.get("did", [])
        for value, _, names in BESIDES:
            for name in names:
                if value not in ticked:
                    # A line that was opened, filled and closed again does not count.
                    cleaned[name] = None if name == "amount" else ""
                    self._errors.pop(name, None)
                elif not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, EMPTY_LINE)
        return cleaned

    def values(self):
        """The keyword arguments of `record_visit`."""
        lines = {name: self.cleaned_data[name] for _, _, names in BESIDES for name in names}
        return {
            **super().values(),
            "key": self.cleaned_data["key"],
            "visitor": self.cleaned_data.get("visitor"),
            "besides": Besides(**lines),
        }


class CorrectForm(VisitForm):
    """Correcting a logged visit: the same fields, and photos to take off.

    `visit` brings `last_change_then`: what it said and its number were read together.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    removed_photos = RowsField(
        label="移除照片",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args, visit, **kwargs):
        names = ("mode", "progress", "problems", "next_step", "companions", "visited_on")
        start = {name: getattr(visit, name) for name in names}
        day = visit.visited_on
        recent = (clock.today() - day).days in {0, 1}
        start["seen"] = visit.last_change_then
        start["day"] = day.isoformat() if recent else OTHER_DAY
        super().__init__(*args, unit=visit.pilot_unit, initial=start, **kwargs)
        self.visit = visit
        self.fields["removed_photos"].queryset = visit.photos.filter(removed_at=None)

    def refuse(self, refusal):
        """A visit that was changed meanwhile is saved all the same when it is sent once more."""
        super().refuse(refusal)
        if refusal.field == "seen":
            self.data = self.data.copy()
            self.data["seen"] = last_change(self.visit)
        # A browser does not send chosen files a second time.
        if self.files and "photos" not in self.errors:
            self.add_error("photos", "照片还没有保存，请重新选择。")

    def values(self):
        """The keyword arguments of `correct_visit`."""
        removed = [photo.pk for photo in self.cleaned_data["removed_photos"]]
        return {**super().values(), "removed_photos": removed, "seen": self.cleaned_data["seen"]}
