"""推荐: within the quota or on the pilot's extra place, by whom, and who decides."""

import pytest

from accounts.matters import NotPermitted
from awards.actions import contributions, nominations
from awards.models import Nomination
from mentors.actions import assign_mentor
from pilotwork.refusals import Refused
from tests.awards.rounds import (
    DEEDS,
    NAME,
    OPINION,
    approved,
    draft,
    nominated,
    of_the_office,
    open_cycle,
    posted,
    recognised,
    reviewed,
)
from tests.factories import (
    MembershipFactory,
    MentorAssignmentFactory,
    PilotUnitFactory,
    days_ago,
)
from units.models import Level


@pytest.fixture
def cycle(county):
    return open_cycle(county)


def refusal(function, *args, **kwargs):
    """(message, field) with which the call is refused."""
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message, caught.value.field


# --- Within the base quota ----------------------------------------------------------------------


def test_recommended_never_exceed_the_base_quota_of_an_organisation_and_type(county, cycle):
    nominated(county, cycle)
    second = draft(county, cycle, nominee_name="郑 · 护林员")
    message = "顺丰林木种植专业合作社团支部的“优秀共青团员”基本名额为 1 个，已用 1 个。"
    assert refusal(nominations.submit, second, by=county.member) == (message, "award_type")
    # Another type, and another organisation, have places of their own.
    nominated(county, cycle, award_type="official")
    nominated(county, cycle, county.other, county.neighbour, nominee_name="孙 · 干事")
    assert Nomination.objects.in_play().count() == 3


def test_a_type_without_quota_has_no_place(county):
    cycle = open_cycle(county, places=0)
    message, _ = refusal(nominated, county, cycle)
    assert "基本名额为 0 个" in message


@pytest.mark.parametrize("verb", ["send_back", "decline", "withdraw"])
def test_a_returned_declined_or_withdrawn_nomination_frees_its_place(county, cycle, verb):
    first = nominated(county, cycle)
    by = county.member if verb == "withdraw" else county.reviewer
    getattr(nominations, verb)(first, by=by, opinion=OPINION)
    nominated(county, cycle, nominee_name="郑 · 护林员")
    if verb == "send_back":
        message, _ = refusal(nominations.submit, first, by=county.member)
        assert "已用 1 个" in message


def test_nobody_is_nominated_twice_for_the_same(county):
    cycle = open_cycle(county, places=2)
    nominated(county, cycle)
    again = draft(county, cycle)
    assert refusal(nominations.submit, again, by=county.member)[1] == "nominee_name"


@pytest.mark.parametrize(
    ("level", "award_type", "fits"),
    [
        (Level.BRANCH, "branch", True),
        (Level.GENERAL_BRANCH, "branch", True),
        (Level.COMMITTEE, "branch", False),
        (Level.BRANCH, "committee", False),
        (Level.COMMITTEE, "committee", True),
    ],
)
def test_a_unit_type_goes_to_organisations_of_its_level(county, cycle, level, award_type, fits):
    county.branch.level = level
    county.branch.save()
    if fits:
        nomination = nominated(county, cycle, award_type=award_type)
        assert (nomination.nominee_name, nomination.nominee) == ("", county.branch.name)
    else:
        assert refusal(draft, county, cycle, award_type=award_type)[1] == "award_type"


def test_a_youth_type_needs_a_person(county, cycle):
    assert refusal(draft, county, cycle, nominee_name="  ")[1] == "nominee_name"


def test_a_type_that_the_cycle_does_not_have_is_refused(county, cycle):
    cycle.types = ["branch"]
    cycle.save()
    assert refusal(draft, county, cycle) == ("本次评优没有这个奖项。", "award_type")


# --- The pilot's extra places -------------------------------------------------------------------


def test_the_extra_places_are_one_for_a_unit_and_one_for_its_youth(county, cycle):
    backing = {"is_extra": True, "contribution": recognised(county)}
    nominated(county, cycle)
    nominated(county, cycle, nominee_name="郑 · 护林员", **backing)
    nominated(county, cycle, award_type="branch", **backing)
    third = draft(county, cycle, award_type="official", **backing)
    message = "本次评优的试点加配个人名额为 1 个，已用 1 个。"
    assert refusal(nominations.submit, third, by=county.member) == (message, "is_extra")


def test_the_extra_place_belongs_to_the_cycle_not_to_each_unit(county, cycle):
    backing = {"is_extra": True, "contribution": recognised(county)}
    nominated(county, cycle, **backing)
    other = {"is_extra": True, "contribution": recognised(county, county.other_unit)}
    second = draft(county, cycle, county.other, county.neighbour, nominee_name="孙", **other)
    assert refusal(nominations.submit, second, by=county.neighbour)[1] == "is_extra"


def test_an_extra_place_needs_a_recognised_contribution_of_that_unit(county, cycle):
    def claim(contribution):
        return refusal(draft, county, cycle, is_extra=True, contribution=contribution)[1]

    proposed = contributions.propose(county.unit, by=county.reviewer, deeds=DEEDS)
    assert claim(None) == "contribution"
    assert claim(proposed) == "contribution"
    assert claim(recognised(county, county.other_unit)) == "contribution"


def test_a_persons_contribution_backs_that_person_alone(county, cycle):
    backing = {"is_extra": True, "contribution": recognised(county, person=NAME)}
    for content in ({"nominee_name": "郑 · 护林员"}, {"award_type": "branch"}):
        assert refusal(draft, county, cycle, **backing, **content)[1] == "contribution"
    assert nominated(county, cycle, **backing).is_extra


def test_an_organisation_outside_the_pilot_has_no_extra_place(county, cycle):
    backing = {"is_extra": True, "contribution": recognised(county)}
    assert refusal(of_the_office, county, cycle, **backing)[1] == "is_extra"


# --- Who nominates ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["neighbour", "mentor", "partner", "former_member", "superuser"])
def test_a_unit_is_nominated_by_its_members_alone(county, cycle, name):
    with pytest.raises((NotPermitted, Refused)):
        draft(county, cycle, by=county.people[name])
    written = draft(county, cycle)
    for verb in (nominations.submit, nominations.withdraw, nominations.discard_nomination):
        with pytest.raises((NotPermitted, Refused)):
            verb(written, by=county.people[name])


def test_a_reviewer_enters_for_an_organisation_without_account_and_is_logged(county, cycle):
    nomination = of_the_office(county, cycle)
    assert (nomination.is_on_behalf, nomination.entered_by) == (True, county.reviewer)
    assert nomination.log[-1].by == county.reviewer
    for person in (county.partner, county.approver, county.member):
        with pytest.raises(NotPermitted):
            draft(county, cycle, county.office, person)


def test_a_pilot_unit_with_an_account_is_not_entered_for(county, cycle):
    message, field = refusal(draft, county, cycle, county.branch, county.reviewer)
    assert (message, field) == ("该试点单位已有账户，由其成员自行推荐。", "organisation")


def test_a_draft_is_the_units_own_affair(county, cycle):
    written = draft(county, cycle)

    def seen_by(name):
        return Nomination.objects.visible_to(county.people[name]).exists()

    people = ("member", "reviewer", "leader", "mentor", "neighbour", "partner", "stranger")
    assert [seen_by(name) for name in people] == [True] + [False] * 6
    nominations.submit(written, by=county.member)
    assert [seen_by(name) for name in people] == [True] * 4 + [False] * 3


def test_a_partner_sees_nothing_of_what_was_entered_for_his_office(county, cycle):
    nomination = of_the_office(county, cycle)
    assert nomination in Nomination.objects.visible_to(county.leader)
    assert not Nomination.objects.visible_to(county.partner).exists()


def test_a_draft_can_be_discarded_and_nothing_that_was_handed_in(county, cycle):
    nominations.discard_nomination(draft(county, cycle), by=county.member)
    assert not Nomination.objects.exists()
    handed_in = nominated(county, cycle)
    with pytest.raises(Refused):
        nominations.discard_nomination(handed_in, by=county.member)


def test_what_was_handed_in_is_changed_only_after_it_was_returned(county, cycle):
    nomination = nominated(county, cycle)
    content = {name: getattr(nomination, name) for name in nominations.CONTENT}
    with pytest.raises(Refused):
        nominations.save_nomination(nomination, by=county.member, **content)
    returned = nominations.send_back(nomination, by=county.reviewer, opinion="事迹太短。")
    content["deeds"] = "三年护林三千亩。"
    saved = nominations.save_nomination(returned, by=county.member, **content)
    again = nominations.submit(saved, by=county.member)
    assert (again.state, again.deeds) == ("nominated", "三年护林三千亩。")
    assert [row.verb for row in again.log] == ["submit", "send_back", "submit"]


# --- Who decides --------------------------------------------------------------------------------


def test_the_reviewer_checks_and_the_approver_decides(county, cycle):
    nomination = approved(county, nominated(county, cycle), minutes_number="第3号")
    assert nomination.state == "approved"
    assert [(row.act, row.by) for row in nomination.log[1:]] == [
        ("review", county.reviewer),
        ("approve", county.approver),
    ]
    assert nomination.log[-1].minutes_number == "第3号"


def test_nobody_both_reviews_and_approves(county, cycle):
    nomination = nominations.review(nominated(county, cycle), by=county.allrounder, opinion=OPINION)
    with pytest.raises(NotPermitted, match="相邻环节"):
        nominations.approve(nomination, by=county.allrounder, opinion=OPINION)


@pytest.mark.parametrize("name", ["mentor", "former_mentor", "staff_member", "parent_member"])
def test_whoever_is_tied_to_the_organisation_decides_nothing(county, cycle, name):
    first, second = nominated(county, cycle), nominated(county, cycle, award_type="official")
    reviewed(county, second)
    Nomination.objects.update(began_on=days_ago(5))
    person = county.people[name]
    person.is_superuser = True
    person.save()
    for verb, nomination in [
        (nominations.review, first),
        (nominations.send_back, first),
        (nominations.decline, first),
        (nominations.approve, second),
        (nominations.decline, second),
    ]:
        with pytest.raises(NotPermitted) as caught:
            verb(nomination, by=person, opinion=OPINION)
        assert "回避" in caught.value.reason
    assert caught.value.who_can == Nomination.objects.get(pk=second.pk).who_can("decline")
    assert county.approver in caught.value.who_can


def test_who_guided_a_unit_before_the_matter_began_is_free(county, cycle):
    nomination = nominations.review(
        nominated(county, cycle), by=county.early_mentor, opinion=OPINION
    )
    assert nomination.state == "reviewed"


def test_a_change_of_mentor_entered_with_an_earlier_date_frees_nobody(county, cycle):
    nomination = nominated(county, cycle)
    Nomination.objects.update(began_on=days_ago(5))
    county.unit.mentor_assignments.filter(ends_on=None).update(starts_on=days_ago(60))
    assign_mentor(
        county.unit,
        by=county.administrator,
        mentor=county.second_approver,
        starts_on=days_ago(5),
        reason="轮换",
    )
    with pytest.raises(NotPermitted, match="回避"):
        nominations.review(nomination, by=county.mentor, opinion=OPINION)


def test_membership_binds_where_there_is_no_pilot_unit_too(county, cycle):
    nomination = of_the_office(county, cycle)
    assert nomination.pilot_unit is None
    MembershipFactory(user=county.allrounder, organisation=county.office)
    with pytest.raises(NotPermitted, match="回避"):
        nominations.review(nomination, by=county.allrounder, opinion=OPINION)
    assert reviewed(county, nomination).state == "reviewed"


def test_guiding_an_organisation_binds_in_whatever_programme_it_is_a_pilot_unit(county, cycle):
    elsewhere = PilotUnitFactory(organisation=county.office)
    MentorAssignmentFactory(pilot_unit=elsewhere, mentor=county.allrounder)
    with pytest.raises(NotPermitted, match="回避"):
        nominations.review(of_the_office(county, cycle), by=county.allrounder, opinion=OPINION)


@pytest.mark.parametrize(
    "name", ["approver", "cashier", "leader", "member", "superuser", "retired"]
)
def test_only_a_reviewer_reviews(county, cycle, name):
    with pytest.raises(NotPermitted):
        nominations.review(nominated(county, cycle), by=county.people[name], opinion=OPINION)


# --- Passing over a pilot nominee -----------------------------------------------------------------


@pytest.mark.parametrize("level", ["city", "above"])
@pytest.mark.parametrize("how", ["undecided", "declined"])
def test_passing_over_a_pilot_nominee_needs_a_written_reason(county, level, how):
    cycle = open_cycle(county, level=level)
    pilot = nominated(county, cycle)
    if how == "declined":
        nominations.decline(pilot, by=county.reviewer, opinion=OPINION)
    other = reviewed(county, of_the_office(county, cycle))
    said, field = refusal(nominations.approve, other, by=county.approver, opinion=OPINION)
    assert field == "passed_over_reason"
    assert NAME in said
    other = nominations.approve(
        other, by=county.approver, opinion=OPINION, passed_over_reason="事迹更突出。"
    )
    assert (other.state, other.passed_over_reason) == ("approved", "事迹更突出。")
    assert other.log[-1].details == {"passed_over": [NAME], "reason": "事迹更突出。"}


@pytest.mark.parametrize("case", ["county level", "another type", "approved", "a draft"])
def test_nobody_is_passed_over_otherwise(county, case):
    cycle = open_cycle(county, level="county" if case == "county level" else "city")
    if case == "a draft":
        draft(county, cycle)
    else:
        pilot = nominated(county, cycle, award_type="official" if "type" in case else "member")
        if case == "approved":
            approved(county, pilot)
    other = approved(county, of_the_office(county, cycle), passed_over_reason="多余的理由")
    assert (other.state, other.passed_over_reason) == ("approved", "")


def test_a_pilot_nominee_wins_nothing_by_itself(county, cycle):
    declined = nominations.decline(
        nominated(county, cycle), by=county.reviewer, opinion="事迹不实。"
    )
    assert declined.state == "declined"


def test_pilot_nominees_are_listed_first_at_city_level_and_above(county):
    for level, first in [("city", [True, False]), ("county", [False, True])]:
        cycle = open_cycle(county, level=level)
        of_the_office(county, cycle, award_type="official")
        nominated(county, cycle)
        listed = Nomination.objects.listed_for(cycle)
        assert [nomination.pilot_unit is not None for nomination in listed] == first


def test_after_the_notice_is_posted_nothing_is_nominated_or_decided(county, cycle):
    approved(county, nominated(county, cycle))
    written = draft(county, cycle, award_type="official")
    posted(county, cycle)
    for call in (
        lambda: nominations.submit(written, by=county.member),
        lambda: draft(county, cycle, nominee_name="郑 · 护林员"),
    ):
        assert refusal(call)[0] == "本次评优已公示或结束，不再办理推荐。"
