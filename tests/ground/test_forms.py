"""The pieces of forms that every room uses."""

from django import forms
from django.test.html import parse_html

from pilotwork.forms import LongSelect

CHOICES = [("", "请选择"), (1, "大邱庄镇"), (2, '<王口镇> & "团委"')]


def test_a_long_list_is_written_as_djangos_own_select_writes_it():
    for chosen in (None, "", 2, "2", 7):
        written = [
            widget(attrs={"class": "form-select"}, choices=CHOICES).render(
                "unit", chosen, {"id": "id_unit", "required": True}
            )
            for widget in (LongSelect, forms.Select)
        ]
        assert parse_html(written[0]) == parse_html(written[1]), chosen
