"""Form pieces of every room: what they take and what they refuse."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test.html import parse_html

from accounts.models import User
from pilotwork.forms import DateField, KeyField, LongSelect, RowsField
from pilotwork.workdays import DAY, week_of

CHOICES = [("", "请选择"), (1, "大邱庄镇"), (2, '<王口镇> & "团委"')]


@pytest.mark.parametrize("typed", ["0", "-1", str(2**63), "9" * 5000, "1.5", "1e3", "x"])
def test_a_key_that_no_row_can_have_never_reaches_the_database(typed):
    with pytest.raises(ValidationError):
        KeyField().clean(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["-1", str(2**63), "9" * 5000, "x"])
def test_of_several_rows_an_impossible_key_is_refused_like_an_unknown_one(typed):
    with pytest.raises(ValidationError):
        RowsField(User.objects.all()).clean([typed])


def test_the_largest_key_of_a_database_is_a_key():
    assert KeyField().clean(str(2**63 - 1)) == 2**63 - 1


@pytest.mark.parametrize("typed", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_that_has_no_week_or_century_around_it_is_refused(typed):
    with pytest.raises(ValidationError, match="2000 年至 2099 年"):
        DateField().clean(typed)


@pytest.mark.parametrize("typed", ["2000-01-01", "2099-12-31"])
def test_every_day_that_is_taken_has_a_week_around_it(typed):
    day = DateField().clean(typed)
    assert week_of(day) <= day < week_of(day) + 7 * DAY


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (forms.CharField(max_length=5), "一二三四五六", "最多 5 字，现在 6 字。"),
        (forms.IntegerField(min_value=0), "-1", "不能小于 0。"),
        (forms.IntegerField(max_value=999), "1000", "不能大于 999。"),
        (forms.IntegerField(), "三", "请填写整数。"),
        (forms.EmailField(), "x@", "请填写正确的邮箱地址，例如 name@example.com。"),
        (forms.DateField(), "2026-13-45", "请填写正确的日期，例如 2026-11-23。"),
    ],
)
def test_what_a_field_refuses_is_said_in_the_words_of_an_office(field, typed, said):
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    assert caught.value.messages == [said]


def test_a_long_list_is_written_as_djangos_own_select_writes_it():
    for chosen in (None, "", 2, "2", 7):
        written = [
            widget(attrs={"class": "form-select"}, choices=CHOICES).render(
                "unit", chosen, {"id": "id_unit", "required": True}
            )
            for widget in (LongSelect, forms.Select)
        ]
        assert parse_html(written[0]) == parse_html(written[1]), chosen
