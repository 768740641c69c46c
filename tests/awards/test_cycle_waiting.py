"""What waits in an award cycle, and for whom."""

from accounts.todo import items_for
from awards.actions import contributions, cycles, nominations
from awards.cycle_todo import KINDS
from awards.models import Contribution, Nomination
from pilotwork import clock
from tests.awards.reading import opened, sent
from tests.awards.rounds import (
    DEEDS,
    OPINION,
    after_the_notice,
    approved,
    draft,
    nominated,
    of_the_office,
    posted,
    reviewed,
)
from tests.factories import days_ago


def waiting(person):
    """{verb: number} of what waits for the person in award cycles."""
    person = type(person).objects.get(pk=person.pk)
    verbs = [item.verb for item in items_for(KINDS, person)]
    return {verb: verbs.count(verb) for verb in verbs}


def test_what_waits_is_shown_to_those_who_may_do_it(county, cycle):
    nominated(county, cycle)
    reviewed(county, nominated(county, cycle, award_type="official"))
    returned = nominated(county, cycle, county.other, county.neighbour, award_type="official")
    nominations.send_back(returned, by=county.reviewer, opinion=OPINION)
    contributions.propose(county.unit, by=county.mentor, deeds=DEEDS)
    draft(county, cycle, award_type="branch")
    assert waiting(county.reviewer) == {"review": 1}
    assert waiting(county.approver) == {"approve": 1, "recognise": 1}
    assert waiting(county.neighbour) == {"submit": 1}
    for name in ("member", "mentor", "parent_member", "leader", "partner", "superuser"):
        assert waiting(county.people[name]) == {}, name


def test_a_returned_nomination_entered_for_others_waits_for_the_reviewers(county, cycle):
    nominations.send_back(of_the_office(county, cycle), by=county.reviewer, opinion=OPINION)
    assert waiting(county.reviewer) == {"submit": 1}
    assert waiting(county.partner) == {}


def test_objections_and_notices_that_are_over_wait_for_those_not_tied(county, cycle):
    nomination = approved(county, nominated(county, cycle))
    cycle = posted(county, cycle)
    typed = {"text": "事迹不实。", "received_on": clock.today(), "nomination": nomination}
    objection = cycles.log_objection(cycle, by=county.reviewer, **typed)
    assert waiting(county.reviewer) == {"answer": 1}
    with after_the_notice(cycle):
        assert waiting(county.mentor) == waiting(county.approver) == {}
        cycles.answer_objection(objection, by=county.reviewer, handling="查无此事。")
        assert waiting(county.approver) == {"conclude": 1}
        assert waiting(county.mentor) == {}


def test_the_list_of_what_waits_agrees_with_the_transitions(county, cycle):
    """Each kind's SQL and the transition's own permission say the same of everybody."""
    review = nominated(county, cycle)
    approve = reviewed(county, nominated(county, cycle, award_type="official"))
    recognise = contributions.propose(county.unit, by=county.mentor, deeds=DEEDS)
    Nomination.objects.update(began_on=days_ago(5))
    Contribution.objects.update(began_on=days_ago(5))
    active = [(name, person) for name, person in county.everybody() if person.is_active]
    for username, person in active:
        shown = waiting(person)
        for matter, verb in [(review, "review"), (approve, "approve"), (recognise, "recognise")]:
            fresh = type(matter).objects.get(pk=matter.pk)
            assert (verb in fresh.verbs_for(person)) == (verb in shown), f"{username} {verb}"


def test_before_the_notice_no_objection_is_asked_for_and_after_it_a_draft_says_what_to_do(
    client, county, cycle
):
    late = draft(county, cycle, award_type="branch")
    approved(county, nominated(county, cycle))
    assert "只有公示期间可以登记异议" in sent(client, county.reviewer, "log_objection", cycle.pk)
    assert "不能再提交" not in opened(client, county.member, "nomination", late.pk)
    posted(county, cycle)
    page = opened(client, county.member, "nomination", late.pk)
    assert "撤下公示以后再提交" in page
    assert "删除草稿" in page
