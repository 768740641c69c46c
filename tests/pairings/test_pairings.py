"""联试共建: one unit with one office, one current partner on each side."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.matters import NotPermitted
from pairings.actions import end_pairing, pair
from pairings.models import Pairing
from pilotwork import clock
from pilotwork.refusals import Refused

pytestmark = pytest.mark.django_db
LIST = "pairings:pairings"


def post(client, person, address, **data):
    """Post `data` as `person` and follow the redirect."""
    client.force_login(person)
    return client.post(address, data, follow=True)


def test_the_administrator_pairs_a_unit_with_an_office(client, county):
    data = {"pilot_unit": county.unit.pk, "partner": county.office.pk}
    page = post(
        client, county.administrator, reverse("pairings:pair"), starts_on=clock.today(), **data
    )
    assert "已结对" in page.content.decode()
    assert Pairing.objects.get().partner == county.office


def test_nobody_else_pairs(client, county):
    assert post(client, county.approver, reverse("pairings:pair")).status_code == 403
    with pytest.raises(NotPermitted):
        pair(county.unit, county.office, by=county.approver, starts_on=clock.today())


def test_each_side_has_one_partner_at_a_time(county, pairing):
    for unit, field in [(county.unit, "pilot_unit"), (county.other_unit, "partner")]:
        with pytest.raises(Refused) as refusal:
            pair(unit, county.office, by=county.administrator, starts_on=clock.today())
        assert refusal.value.field == field


def test_a_partner_is_an_administrative_unit(county):
    with pytest.raises(Refused):
        pair(county.unit, county.town, by=county.administrator, starts_on=clock.today())


def test_who_is_paired_is_not_offered_again(client, county, pairing):
    client.force_login(county.administrator)
    form = client.get(reverse("pairings:pair")).context["form"]
    assert list(form.fields["pilot_unit"].queryset) == [county.other_unit]
    assert list(form.fields["partner"].queryset) == []


def test_an_ended_pair_stays_in_the_records(client, county, pairing):
    yesterday = clock.today() - dt.timedelta(days=1)
    address = reverse("pairings:end", args=[pairing.pk])
    page = post(client, county.administrator, address, ends_on=yesterday)
    assert "记录保留" in page.content.decode()
    assert "已结束" in client.get(reverse(LIST)).content.decode()
    with pytest.raises(Refused):
        end_pairing(pairing, by=county.administrator, ends_on=yesterday)


def test_a_pair_does_not_end_before_it_began(client, county, pairing):
    address = reverse("pairings:end", args=[pairing.pk])
    too_early = pairing.starts_on - dt.timedelta(days=1)
    page = post(client, county.administrator, address, ends_on=too_early)
    assert page.context["form"].errors["ends_on"]
    assert Pairing.objects.get().ends_on is None


def test_both_sides_their_mentors_and_the_county_see_a_pair(client, county, pairing):
    for name, seen in [
        ("member", True),
        ("partner", True),
        ("mentor", True),
        ("leader", True),
        ("neighbour", False),
        ("stranger", False),
    ]:
        client.force_login(getattr(county, name))
        rows = client.get(reverse(LIST)).context["page"]
        assert [row.pk for row in rows] == ([pairing.pk] if seen else []), name


def test_the_form_begins_with_the_unit_it_was_opened_for_and_says_when_no_office_is_left(
    client, county
):
    client.force_login(county.administrator)
    unit, address = county.other_unit, reverse("pairings:pair")
    page = client.get(f"{address}?unit={unit.pk}")
    assert f'<option value="{unit.pk}" selected>' in page.content.decode()
    assert not page.context["warning"]
    pair(county.unit, county.office, by=county.administrator, starts_on=clock.today())
    assert "行政单位的团组织都已结对" in client.get(address).content.decode()
