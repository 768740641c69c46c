"""Seminars and agreements: entered by one side, confirmed by the other (DOMAIN, Joint pairing)."""

import pytest

from accounts.matters import NotPermitted
from mentors.actions import assign_mentor
from pairings.actions import end_pairing, pair
from pairings.actions.agreements import add_results, correct_agreement, enter_agreement
from pairings.actions.joint import confirm, confirm_on_behalf, take_back, withdraw
from pairings.actions.seminars import correct_seminar, enter_seminar
from pairings.models import Agreement, JointState, Seminar, SeminarPhoto, Topic
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.refusals import Refused
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, days_ago
from tests.pairings.together import ENTER, OBJECTION, agreement, bring, deal, seminar, talk
from units.models import Kind

KINDS = pytest.mark.parametrize("kind", [Seminar, Agreement])
PHOTO = Accepted("照片.png", "image/png", b"png")


def names(people):
    """Their user names, sorted."""
    return sorted(person.username for person in people)


def refused_field(verb, *args, **values):
    """The field beside which a verb's refusal stands."""
    with pytest.raises(Refused) as refusal:
        verb(*args, **values)
    return refusal.value.field


# --- Entering and confirming ----------------------------------------------------------------


@KINDS
def test_what_one_side_enters_counts_once_the_other_side_confirms(county, pairing, kind):
    joint = ENTER[kind](county, pairing)
    assert (joint.state, joint.entered_side) == ("recorded", "unit")
    assert not kind.objects.counting().exists()
    assert names(joint.who_can("confirm")) == ["partner"]
    confirm(joint, by=county.partner)
    assert kind.objects.counting().get() == joint


@KINDS
def test_the_partner_enters_and_the_unit_confirms(county, pairing, kind):
    joint = ENTER[kind](county, pairing, by=county.partner)
    assert joint.entered_side == "partner"
    assert names(joint.who_can("confirm")) == ["member", "staff_member"]
    confirm(joint, by=county.member)
    assert kind.objects.get().state == JointState.CONFIRMED


@KINDS
def test_only_members_of_the_two_sides_enter(county, pairing, kind):
    for name in ("neighbour", "parent_member", "mentor", "reviewer", "administrator", "superuser"):
        with pytest.raises(NotPermitted, match="由结对双方的成员登记"):
            ENTER[kind](county, pairing, by=county.people[name])
    assert not kind.objects.exists()


@KINDS
def test_the_side_that_entered_it_does_not_confirm_it(county, pairing, kind):
    joint = ENTER[kind](county, pairing)
    for name in ("member", "staff_member", "mentor", "reviewer", "superuser", "leader"):
        with pytest.raises(NotPermitted, match="由登记方的对方确认"):
            confirm(joint, by=county.people[name])


def test_who_belongs_to_both_sides_does_not_confirm(county, pairing):
    both = UserFactory(username="both")
    for organisation in (county.branch, county.office):
        MembershipFactory(user=both, organisation=organisation)
    joint = seminar(county, pairing)
    with pytest.raises(NotPermitted, match="同时是结对双方的成员"):
        confirm(joint, by=both)
    assert names(joint.who_can("confirm")) == ["partner"]
    assert seminar(county, pairing, by=both, title="第二次").entered_side == "unit"


def test_who_entered_it_does_not_confirm_it_after_changing_sides(county, pairing):
    joint = seminar(county, pairing)
    membership = county.member.memberships.get()
    membership.organisation = county.office
    membership.save(update_fields=["organisation"])
    with pytest.raises(NotPermitted, match="这是您登记或更正的"):
        confirm(joint, by=county.member)


def test_who_corrected_it_does_not_confirm_it_either(county, pairing):
    joint = bring(county, pairing, Seminar, "disputed")
    joint = correct_seminar(joint, by=county.staff_member, **talk(place="镇政府"))
    membership = county.staff_member.memberships.get()
    membership.organisation = county.office
    membership.save(update_fields=["organisation"])
    with pytest.raises(NotPermitted, match="这是您登记或更正的"):
        confirm(joint, by=county.staff_member)


# --- Dates and repetition -------------------------------------------------------------------


def test_a_day_in_the_future_is_refused(county, pairing):
    tomorrow = days_ago(-1)
    assert refused_field(seminar, county, pairing, held_on=tomorrow) == "held_on"
    assert refused_field(agreement, county, pairing, signed_on=tomorrow) == "signed_on"


def test_a_day_before_the_pair_is_refused_and_the_period_named(county, pairing):
    with pytest.raises(Refused, match="不在结对期内") as refusal:
        seminar(county, pairing, held_on=days_ago(10))
    assert f"{pairing.starts_on.day}日至今" in refusal.value.message
    assert seminar(county, pairing, held_on=days_ago(9)).held_on == pairing.starts_on


def test_an_ended_pair_enters_and_confirms_what_lies_within_its_dates(county, pairing):
    end_pairing(pairing, by=county.administrator, ends_on=days_ago(2))
    assert refused_field(seminar, county, pairing, held_on=days_ago(1)) == "held_on"
    joint = seminar(county, pairing, held_on=days_ago(2))
    assert confirm(joint, by=county.partner).state == "confirmed"


def test_an_agreement_has_a_term_inside_the_pair_and_a_topic(county, pairing):
    assert refused_field(agreement, county, pairing, ends_on=days_ago(4)) == "ends_on"
    assert refused_field(agreement, county, pairing, starts_on=days_ago(10)) == "starts_on"
    assert refused_field(agreement, county, pairing, topics=[]) == "topics"
    assert not Agreement.objects.exists()


def test_an_agreement_counts_once_whatever_its_topics(county, pairing):
    topics = [Topic.TAX_LAW, Topic.TAX_RELIEF, Topic.TAX_LAW]
    joint = confirm(agreement(county, pairing, topics=topics), by=county.partner)
    assert joint.topic_labels == ["税法知识讲解", "减免税政策"]
    assert Agreement.objects.counting().count() == 1


@KINDS
def test_the_same_thing_is_entered_once_until_it_is_withdrawn(county, pairing, kind):
    first = ENTER[kind](county, pairing)
    assert refused_field(ENTER[kind], county, pairing, by=county.partner) == "title"
    withdraw(first, by=county.reviewer, opinion="误登。")
    assert ENTER[kind](county, pairing).state == "recorded"


# --- Dispute and correction -----------------------------------------------------------------


def test_a_disputed_one_is_corrected_and_waits_again_and_its_earlier_words_stay(county, pairing):
    joint = bring(county, pairing, Seminar, "disputed")
    assert joint.main_verb == "correct"
    assert names(joint.who_can("correct")) == ["member", "staff_member"]
    joint = correct_seminar(joint, by=county.member, **talk(place="镇政府"))
    assert (joint.state, joint.main_verb, joint.place) == ("recorded", "confirm", "镇政府")
    written = [row.details["written"] for row in joint.log if "written" in row.details]
    assert [version["place"] for version in written] == ["活动室", "镇政府"]
    assert [row.verb for row in joint.log] == ["enter", "dispute", "correct"]
    assert joint.log[1].opinion == OBJECTION


def test_an_agreements_correction_keeps_its_earlier_topics_in_the_log(county, pairing):
    joint = bring(county, pairing, Agreement, "disputed")
    correct_agreement(joint, by=county.member, **deal(topics=[Topic.STUDENT_AID, Topic.OTHER]))
    joint = Agreement.objects.get()
    assert joint.topic_labels == ["帮困助学", "其他"]
    assert joint.log[0].details["written"]["topics"] == ["林木养护技能"]
    assert joint.log[-1].details["written"]["topics"] == ["帮困助学", "其他"]


def test_a_correction_is_refused_as_an_entry_is(county, pairing):
    joint = bring(county, pairing, Seminar, "disputed")
    wrong = talk(held_on=days_ago(-1))
    assert refused_field(correct_seminar, joint, by=county.member, **wrong) == "held_on"
    with pytest.raises(NotPermitted, match="由登记方的成员更正"):
        correct_seminar(joint, by=county.partner, **talk())


@KINDS
def test_what_counts_is_corrected_no_more(county, pairing, kind):
    joint = bring(county, pairing, kind, "confirmed")
    assert "correct" not in joint.verbs_for(county.member)
    assert "dispute" not in joint.verbs_for(county.partner)


def test_at_most_nine_photos_and_those_taken_off_are_kept(county, pairing):
    content = talk()
    assert (
        refused_field(enter_seminar, pairing, by=county.member, photos=[PHOTO] * 10, **content)
        == "photos"
    )
    joint = enter_seminar(pairing, by=county.member, photos=[PHOTO] * 9, **content)
    first = joint.photos.first()
    correct_seminar(joint, by=county.member, photos=[PHOTO], removed_photos=[first.pk], **content)
    assert joint.photos.count() == 10
    assert SeminarPhoto.objects.visible_to(county.partner).count() == 9
    assert not SeminarPhoto.objects.visible_to(county.neighbour).exists()


# --- 代录 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enter", "content", "kind"),
    [(enter_seminar, talk, Seminar), (enter_agreement, deal, Agreement)],
)
def test_for_a_side_without_account_the_reviewer_enters_and_it_counts_at_once(
    county, lonely, enter, content, kind
):
    joint = enter(lonely, by=county.reviewer, on_behalf=True, **content())
    assert (joint.state, joint.entered_side, joint.is_on_behalf) == ("confirmed", "partner", True)
    assert kind.objects.counting().get() == joint
    assert [(row.label, row.by) for row in joint.log] == [("代录", county.reviewer)]


def test_where_both_sides_have_accounts_nothing_is_entered_on_behalf(county, pairing):
    with pytest.raises(Refused, match="双方都有账户"):
        enter_seminar(pairing, by=county.reviewer, on_behalf=True, **talk())


def test_the_reviewer_confirms_for_a_side_without_account_alone(county, lonely):
    joint = seminar(county, lonely)
    assert joint.main_verb == "confirm_on_behalf"
    assert names(joint.who_can("confirm_on_behalf")) == [
        "allrounder",
        "county_member",
        "early_mentor",
        "other_mentor",
        "reviewer",
    ]
    joint = confirm_on_behalf(joint, by=county.reviewer)
    assert (joint.state, joint.log[-1].label) == ("confirmed", "代对方确认")


def test_with_an_account_the_other_side_confirms_itself(county, pairing):
    with pytest.raises(Refused, match="由对方确认"):
        confirm_on_behalf(seminar(county, pairing), by=county.reviewer)


def test_a_switched_off_account_is_none(county, pairing):
    county.partner.is_active = False
    county.partner.save(update_fields=["is_active"])
    assert seminar(county, pairing).main_verb == "confirm_on_behalf"


RECUSED = ("mentor", "former_mentor", "staff_member", "parent_member", "superuser", "cashier")


@pytest.mark.parametrize("name", RECUSED)
def test_recusal_holds_for_what_the_county_does_for_a_pair(county, lonely, name):
    person = county.people[name]
    joint = seminar(county, lonely, held_on=days_ago(8))
    with pytest.raises(NotPermitted):
        enter_seminar(lonely, by=person, on_behalf=True, **talk(title="另一次"))
    with pytest.raises(NotPermitted):
        confirm_on_behalf(joint, by=person)
    with pytest.raises(NotPermitted):
        withdraw(joint, by=person, opinion="误登。")


def test_a_reviewer_of_the_partner_takes_no_decision_on_the_pair(county, pairing):
    MembershipFactory(user=county.reviewer, organisation=county.office)
    joint = bring(county, pairing, Seminar, "confirmed")
    with pytest.raises(NotPermitted, match="结对单位的成员"):
        withdraw(joint, by=county.reviewer, opinion="误登。")


def test_a_mentor_of_the_seminars_day_is_tied_to_it_after_he_left(county, pairing):
    seminar(county, pairing, held_on=days_ago(5))
    assign_mentor(
        county.unit,
        by=county.administrator,
        mentor=county.reviewer,
        starts_on=clock.today(),
        reason="调整",
    )
    joint = Seminar.objects.get()
    for person in (county.former_mentor, county.mentor, county.reviewer):
        assert "withdraw" not in joint.verbs_for(person)
    assert "withdraw" in joint.verbs_for(county.early_mentor)


# --- Afterwards -----------------------------------------------------------------------------


@KINDS
def test_a_withdrawn_one_is_kept_with_the_reason_and_counts_no_more(county, pairing, kind):
    joint = bring(county, pairing, kind, "withdrawn")
    assert kind.objects.get().state == "withdrawn"
    assert not kind.objects.counting().exists()
    assert joint.log[-1].opinion == "重复登记。"
    assert [joint.verbs_for(county.people[n]) for n in ("reviewer", "member", "partner")] == [
        []
    ] * 3


@KINDS
@pytest.mark.parametrize("state", ["recorded", "disputed"])
def test_the_side_that_entered_it_takes_it_back_while_it_is_not_confirmed(
    county, pairing, kind, state
):
    joint = bring(county, pairing, kind, state)
    for name in ("partner", "mentor", "reviewer", "superuser"):
        with pytest.raises(NotPermitted, match="由登记方的成员撤回"):
            take_back(joint, by=county.people[name], opinion="登错了。")
    joint = take_back(joint, by=county.member, opinion="登错了。")
    assert (joint.state, joint.log[-1].opinion) == ("withdrawn", "登错了。")
    assert ENTER[kind](county, pairing).state == "recorded"


@KINDS
def test_what_is_confirmed_is_no_longer_taken_back_by_one_side(county, pairing, kind):
    joint = bring(county, pairing, kind, "confirmed")
    with pytest.raises(Refused, match="已确认"):
        take_back(joint, by=county.member, opinion="登错了。")


def test_either_side_adds_results_below_those_that_are_there(county, pairing):
    joint = bring(county, pairing, Agreement, "confirmed", results="已讲一课。")
    add_results(joint, by=county.partner, opinion="又讲一课。")
    joint = add_results(joint, by=county.member, opinion="社员学会修剪。")
    first, second, third = joint.results.splitlines()
    assert (first, second.partition("：")[2]) == ("已讲一课。", "又讲一课。")
    assert third.endswith("日：社员学会修剪。")
    with pytest.raises(NotPermitted, match="由结对双方的成员补充"):
        add_results(joint, by=county.mentor, opinion="很好。")


def test_results_stop_where_the_field_is_full(county, pairing):
    joint = bring(county, pairing, Agreement, "confirmed", results="长" * 3995)
    assert refused_field(add_results, joint, by=county.member, opinion="再写。") == "opinion"


def test_results_come_after_the_confirmation(county, pairing):
    assert "add_results" not in agreement(county, pairing).verbs_for(county.member)


def test_each_sees_what_his_own_pair_did(county, pairing):
    office = OrganisationFactory(kind=Kind.ADMINISTRATIVE)
    other = pair(county.other_unit, office, by=county.administrator, starts_on=days_ago(9))
    mine = seminar(county, pairing)
    theirs = seminar(county, other, by=county.neighbour)
    seen = {
        name: set(Seminar.objects.visible_to(county.people[name]))
        for name in ("member", "partner", "neighbour", "mentor", "leader", "stranger", "superuser")
    }
    assert seen["member"] == seen["partner"] == {mine}
    assert seen["neighbour"] == {theirs}
    assert seen["mentor"] == seen["leader"] == {mine, theirs}
    assert seen["stranger"] == seen["superuser"] == set()
