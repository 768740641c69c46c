"""Who is nominated: one person however written, an organisation has no name, for whom one enters."""

import pytest
from django.urls import reverse

from awards.actions import nominations
from awards.models import Nomination
from awards.nominators import organisations_for
from pilotwork.refusals import Refused
from tests.awards.reading import opened, sent
from tests.awards.rounds import DEEDS, NAME, draft, nominated, open_cycle, recognised
from tests.factories import MembershipFactory

# --- One person, however the name is typed --------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    ["丁·学生会干部", " 丁 ·  学生会干部 ", "丁・学生会干部", "丁･学生会干部", "丁 • 学生会干部"],
)
def test_the_same_person_is_not_nominated_twice_in_another_writing(county, again):
    cycle = open_cycle(county, places=2)
    nominated(county, cycle, nominee_name="丁 · 学生会干部")
    second = draft(county, cycle, nominee_name=again)
    with pytest.raises(Refused, match="已被推荐为这个奖项") as caught:
        nominations.submit(second, by=county.member)
    assert caught.value.field == "nominee_name"
    assert second.nominee_name == " ".join(again.split())


def test_a_persons_contribution_is_found_in_whatever_writing(county, cycle):
    contribution = recognised(county, person="丁 • 学生会干部（2班）")
    backing = {"is_extra": True, "contribution": contribution}
    assert nominated(county, cycle, nominee_name="丁·学生会干部(２班)", **backing).is_extra


# --- An organisation's own award ------------------------------------------------------------------


def test_a_name_typed_for_an_award_of_the_organisation_is_refused_and_not_dropped(
    client, county, cycle
):
    typed = {
        "organisation": county.branch.pk,
        "award_type": "branch",
        "nominee_name": NAME,
        "deeds": DEEDS,
    }
    refusal = "集体奖项授予推荐单位，请清空被推荐人，或改选个人奖项。"
    client.force_login(county.member)
    address = reverse("awards:nominate", args=[cycle.pk])
    answer = client.post(address, typed)
    assert answer.context["form"].errors["nominee_name"] == [refusal]
    assert NAME in answer.content.decode()
    assert not Nomination.objects.exists()
    client.post(address, typed | {"nominee_name": " "})
    assert Nomination.objects.get().nominee_name == ""


def test_a_draft_changed_to_an_award_of_the_organisation_stays_as_it_was(client, county, cycle):
    written = draft(county, cycle)
    typed = {"organisation": county.branch.pk, "award_type": "branch", "deeds": DEEDS}
    page = sent(client, county.member, "edit_nomination", written.pk, **typed, nominee_name=NAME)
    assert "请清空被推荐人" in page
    written.refresh_from_db()
    assert (written.award_type, written.nominee_name) == ("member", NAME)
    sent(client, county.member, "edit_nomination", written.pk, **typed, nominee_name="")
    written.refresh_from_db()
    assert (written.award_type, written.nominee_name) == ("branch", "")


# --- For whom one writes --------------------------------------------------------------------------


def test_who_enters_for_the_only_organisation_left_reads_which_it_is(client, county, cycle):
    cycle.quotas.exclude(organisation=county.office).delete()
    assert organisations_for(cycle, county.reviewer) == [county.office]
    words = f"代录：{county.office.name}"
    assert words in opened(client, county.reviewer, "nominate", cycle.pk)
    entered = draft(county, cycle, county.office, county.reviewer)
    assert words in opened(client, county.reviewer, "edit_nomination", entered.pk)


def test_a_member_reads_that_he_writes_for_his_own_unit(client, county, cycle):
    written = draft(county, cycle)
    for name, key in [("nominate", cycle.pk), ("edit_nomination", written.pk)]:
        page = opened(client, county.member, name, key)
        assert f"推荐单位：{county.branch.name}" in page
        assert "代录" not in page


def test_who_chooses_the_organisation_in_the_form_is_not_told_beforehand(client, county, cycle):
    MembershipFactory(user=county.reviewer, organisation=county.branch)
    page = opened(client, county.reviewer, "nominate", cycle.pk)
    assert "代录：" not in page
    assert county.office.name in page
