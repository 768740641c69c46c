"""希望工程资助 and 支教: recorded and summed by unit, never a name."""

import pytest

from accounts.matters import NotPermitted
from awards.actions.campaigns import save_campaign
from awards.models import Allocation, Campaign
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused


def row(organisation, base=1, extra=0, amount="1000", more="0"):
    return {
        "organisation": organisation,
        "base_places": base,
        "extra_places": extra,
        "base_amount": to_yuan(amount),
        "extra_amount": to_yuan(more),
    }


def saved(county, rows, campaign=None, by=None, **typed):
    fields = {
        "programme": county.programme,
        "kind": "hope",
        "year": 2026,
        "name": "希望工程圆梦行动",
        "note": "",
    } | typed
    return save_campaign(campaign or Campaign(), by=by or county.reviewer, rows=rows, **fields)


def test_places_and_amounts_are_summed_base_and_extra_apart(county):
    saved(county, [row(county.branch, 2, 1, "2000", "500"), row(county.office, 3, 0, "3000.50")])
    campaign = Campaign.objects.with_sums().get()
    assert (campaign.units, campaign.places, campaign.extra_places) == (2, 6, 1)
    assert (campaign.amount, campaign.extra_amount) == (to_yuan("5500.50"), to_yuan("500"))


def test_pilot_units_are_listed_first(county):
    saved(county, [row(county.office), row(county.branch), row(county.town), row(county.other)])
    listed = Allocation.objects.pilot_first(county.programme)
    assert [allocation.is_pilot for allocation in listed] == [True, True, False, False]


def test_a_change_keeps_what_was_there_in_the_history(county):
    campaign = saved(county, [row(county.branch), row(county.office)])
    saved(county, [row(county.branch, 5)], campaign=campaign, name="改名")
    assert Allocation.objects.get().base_places == 5
    kept = Allocation.history.filter(organisation=county.branch).order_by("history_date")
    assert [(old.base_places, old.history_user) for old in kept] == [
        (1, county.reviewer),
        (5, county.reviewer),
    ]
    assert Allocation.history.filter(organisation=county.office, history_type="-").exists()
    assert Campaign.history.count() == 2


def test_an_organisation_has_one_row_and_a_year_one_campaign_of_a_name(county):
    with pytest.raises(Refused, match="填了两行"):
        saved(county, [row(county.branch), row(county.branch)])
    saved(county, [row(county.branch)])
    with pytest.raises(Refused) as caught:
        saved(county, [row(county.branch)])
    assert caught.value.field == "name"
    saved(county, [row(county.branch)], kind="teaching")


@pytest.mark.parametrize("name", ["approver", "cashier", "leader", "member", "superuser"])
def test_campaigns_are_recorded_by_reviewers(county, name):
    with pytest.raises(NotPermitted):
        saved(county, [row(county.branch)], by=county.people[name])


def test_units_see_their_own_part_and_partners_nothing(county):
    saved(county, [row(county.branch), row(county.office)])
    for name, seen in [("leader", 2), ("member", 1), ("mentor", 2), ("past", 1), ("partner", 0)]:
        person = county.early_mentor if name == "past" else county.people[name]
        if name == "past":
            person.duty_grants.all().delete()
            person = type(person).objects.get(pk=person.pk)
        assert Allocation.objects.visible_to(person).count() == seen, name
        assert Campaign.objects.visible_to(person).count() == bool(seen), name


def test_there_is_no_field_for_a_persons_name():
    names = {field.name for field in Allocation._meta.fields}
    assert names == {
        "id",
        "campaign",
        "organisation",
        "base_places",
        "extra_places",
        "base_amount",
        "extra_amount",
    }
