"""What is typed in the guide's steps."""

import datetime as dt

from django import forms

from accounts.models import Duty
from funds.forms.rows import RowForm, rows_of
from mentors.forms.people import possible_mentors
from pilotwork import clock
from pilotwork.forms import DateField
from pilotwork.money import MoneyFormField
from reports.setup.standing import first_day
from units.models import Kind, Organisation, UnitLevel

COUNTY_FIELDS = ("county_name", "county_short_name")
PROGRAMME_FIELDS = ("name", "basis_document", "year", "starts_on", "ends_on")
PLAN_FIELDS = ("working", "donation")
MOST_AT_ONCE = 30
GONE = "该单位已经有填报人，请看最新的列表。"


def this_year():
    return clock.today().year


def programme_name():
    return f"{this_year()}年度基层团建试点"


def a_year_on():
    """The last day of a pilot of one year that begins today."""
    return clock.today() + dt.timedelta(days=364)


class ProgrammeForm(forms.Form):
    """The county's own organisation and the pilot; what is there already is not asked again."""

    county_name = forms.CharField(
        label="本县团委全称",
        max_length=80,
        help_text="用于台账和公文的落款，例如：共青团××县委员会。",
    )
    county_short_name = forms.CharField(label="简称", max_length=20, initial="团县委")
    name = forms.CharField(label="试点工作名称", max_length=80, initial=programme_name)
    basis_document = forms.CharField(
        label="依据文件",
        max_length=200,
        required=False,
        help_text="例如：《关于开展基层团建试点工作的通知》（×团发〔2026〕1号）。",
    )
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, initial=this_year)
    starts_on = DateField(label="开始日期", initial=clock.today)
    ends_on = DateField(label="结束日期", initial=a_year_on)
    working = MoneyFormField(label="计划：工作经费（元）", required=False, initial="3000")
    donation = MoneyFormField(
        label="计划：社会筹集（元）",
        required=False,
        initial="7000",
        help_text="只是打算；钱到账以后由财务登记入账。没有的填 0。",
    )

    def __init__(self, *args, has_county, has_programme, **kwargs):
        super().__init__(*args, **kwargs)
        asked_before = COUNTY_FIELDS if has_county else ()
        asked_before += (*PROGRAMME_FIELDS, *PLAN_FIELDS) if has_programme else ()
        for name in asked_before:
            del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        return cleaned

    def arguments(self):
        """The keyword arguments of `found_programme`."""
        typed = self.cleaned_data
        return {
            "county": {name[7:]: typed[name] for name in COUNTY_FIELDS if name in typed},
            "programme": {name: typed[name] for name in PROGRAMME_FIELDS if name in typed},
            **{name: typed[name] for name in PLAN_FIELDS if name in typed},
        }


def sign_in_field():
    """A sign-in name that may be left to us."""
    hint = {"autocapitalize": "none", "autocomplete": "off", "placeholder": "可不填"}
    return forms.CharField(
        label="登录名", max_length=40, required=False, widget=forms.TextInput(attrs=hint)
    )


class PersonRow(RowForm):
    """One person of the county with the duties."""

    name = forms.CharField(label="姓名", max_length=40)
    post = forms.CharField(label="职务", max_length=60, required=False)
    username = sign_in_field()
    duties = forms.MultipleChoiceField(
        label="职责", choices=Duty.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class UnitRow(RowForm):
    """One organisation that takes part."""

    name = forms.CharField(label="单位全称", max_length=80)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "按名称判断"), *Kind.choices]
    )
    parent = forms.CharField(
        label="隶属",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "团县委直属不填"}),
    )
    level = forms.ChoiceField(
        label="试点级别", choices=UnitLevel.choices, initial=UnitLevel.PENDING
    )
    mentor = forms.ModelChoiceField(
        label="指导员", queryset=None, required=False, empty_label="以后再选"
    )
    partner = forms.CharField(
        label="结对单位",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "可以以后再填"}),
    )

    def __init__(self, *args, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        mentors.offer(self.fields["mentor"])


class JoinedForm(forms.Form):
    """The day from which the units of the table take part."""

    joined_on = DateField(
        label="加入试点的日期",
        help_text="应访周从这一天算起：填过去的日子，其间没有走访的各周算逾期。",
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["joined_on"].initial = first_day(programme)


class ContactRow(RowForm):
    """Who fills in for one organisation; the organisation is shown, not typed."""

    organisation = forms.ModelChoiceField(
        label="单位",
        queryset=None,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": GONE},
    )
    name = forms.CharField(label="姓名", max_length=40)
    post = forms.CharField(label="职务", max_length=60, required=False)
    username = sign_in_field()

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = {str(one.pk): one.name for one in organisations}
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=self.names)

    @property
    def organisation_name(self):
        """What stands in the row's first cell."""
        return self.names.get(str(self["organisation"].value()), GONE)

    def has_changed(self):
        """A row whose person is not typed is left out; the organisation is always there."""
        return any(self[name].data for name in ("name", "post", "username"))


class HandOutForm(forms.Form):
    """Whom to give a password or a code, and which of them."""

    way = forms.ChoiceField(
        label="登录方式",
        choices=[
            ("passwords", "临时密码：登录后马上改成自己的密码"),
            ("codes", "注册码：20 天内有效，本人在登录页自己设密码"),
        ],
        initial="passwords",
        widget=forms.RadioSelect,
    )
    people = forms.ModelMultipleChoiceField(
        label="发给",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "没有勾选任何人，请勾选要发给谁。"},
    )
    # One sheet of slips: loaded again, the sheet would void the codes that were printed on it.
    sheet = forms.UUIDField()
    # When the page was opened: what was given out since, in another window, is not voided unasked.
    opened = forms.DateTimeField()

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people

    def clean_people(self):
        people = list(self.cleaned_data["people"])
        if len(people) > MOST_AT_ONCE:
            raise forms.ValidationError(f"一次最多发给 {MOST_AT_ONCE} 人，请分几次发放。")
        return people


PersonRows = rows_of(PersonRow, "请至少填写一位。", extra=4)
UnitRows = rows_of(UnitRow, "请至少填写一个单位。", extra=3)
ContactRows = rows_of(ContactRow, "请至少填写一位填报人。", extra=0)


class MentorChoices:
    """The people who may guide a unit, read once for all rows of a page."""

    def __init__(self):
        self.people = possible_mentors()
        self.choices = [("", "以后再选"), *((person.pk, str(person)) for person in self.people)]

    def offer(self, field):
        """Let a row's field choose among them."""
        field.queryset, field.choices = self.people, self.choices


def filled(rows):
    """The forms behind `rows.rows()`, in the same order."""
    return [form for form in rows.forms if form.has_changed() and form not in rows.deleted_forms]


def refuse_row(rows, refusal, above=None):
    """Show a RowRefused beside the field that it belongs to: of the row, or of the form `above`."""
    if above is not None and refusal.field in above.fields:
        above.add_error(refusal.field, refusal.message)
        return
    form = filled(rows)[refusal.row]
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
