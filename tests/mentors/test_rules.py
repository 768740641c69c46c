"""Recusal, adjoining acts, duties with dates (DOMAIN, People)."""

import datetime as dt

import pytest

from accounts.actions import end_duty, grant_duty, switch_off, switch_on
from accounts.matters import NotPermitted
from accounts.models import Act, Duty, DutyGrant, User
from funds.actions import applications, closures
from funds.models import Application
from mentors.actions import assign_mentor, hand_over
from mentors.rules import may_approve, may_pay, may_review
from pilotwork import clock
from pilotwork.refusals import Refused
from tests.factories import MembershipFactory, UserFactory, days_ago
from tests.journeys import OPINION, bring, draft, fresh, go_on, pay
from tests.people import DECIDING, EVERYBODY

MENTOR = "您是（或在本事项期间曾是）该单位的指导员，按回避规定只能提出意见。"
MEMBER = "您是该单位或其上级团组织的成员，按回避规定只能提出意见。"
ACTS = {Act.REVIEW: may_review, Act.APPROVE: may_approve, Act.PAY: may_pay}
# Why each person with a duty may not decide on `unit`; nobody else is kept from it.
RECUSED = {
    "mentor": MENTOR,
    "former_mentor": MENTOR,
    "parent_member": MEMBER,
    "staff_member": MEMBER,
}


def reason(matter, person, permission=may_approve):
    return permission.why_not(fresh(matter), User.objects.get(pk=person.pk))


# --- Recusal ------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ACTS)
def test_ties_to_the_unit_keep_from_every_act_and_nothing_else_does(county, act):
    application = bring(county, "submitted")
    for name in ("allrounder", "early_mentor", "other_mentor", "county_member"):
        assert reason(application, county.people[name], ACTS[act]) == ""
    for name, sentence in RECUSED.items():
        assert reason(application, county.people[name], ACTS[act]) == sentence


def test_whoever_guided_the_unit_when_the_matter_began_is_bound_after_the_handover(county):
    application = bring(county, "reviewed")
    assign_mentor(
        county.unit,
        by=county.administrator,
        mentor=county.second_approver,
        starts_on=days_ago(0),
        reason="轮换",
    )
    assert reason(application, county.mentor) == MENTOR
    assert reason(application, county.second_approver) == MENTOR
    with pytest.raises(NotPermitted, match="指导员"):
        applications.approve(
            application, by=county.mentor, amount=application.requested_amount, opinion=OPINION
        )


def test_a_change_entered_with_an_earlier_date_lets_nobody_into_a_matter_under_way(county):
    application = bring(county, "reviewed")
    county.unit.mentor_assignments.filter(ends_on=None).update(starts_on=days_ago(60))
    assign_mentor(
        county.unit,
        by=county.administrator,
        mentor=county.second_approver,
        starts_on=application.began_on,
        reason="轮换",
    )
    assert reason(fresh(application), county.mentor) == MENTOR
    waiting = Application.objects.filter(pk=application.pk)
    assert not waiting.without_conflict(county.mentor, Act.APPROVE).exists()


def test_a_handover_in_the_middle_binds_both_and_whoever_takes_over_later(county):
    application = bring(county, "reviewed")
    successor = UserFactory(duties=[Duty.APPROVER])
    assert reason(application, successor) == ""
    hand_over(county.mentor, successor, by=county.administrator, on=days_ago(0), reason="离任")
    assert reason(application, successor) == MENTOR
    # The duties of the leaver have moved; the tie stays.
    assert reason(application, county.mentor) == "您没有审批职责。"
    assert MENTOR in [sentence for _, sentence in may_approve.needs]
    grant_duty(county.mentor, by=county.administrator, duty=Duty.APPROVER, starts_on=days_ago(0))
    assert reason(application, county.mentor) == MENTOR


def test_a_matter_that_begins_after_the_handover_does_not_bind_the_former_mentor(county):
    with_him = bring(county, "submitted")
    assert reason(with_him, county.former_mentor) == MENTOR
    Application.objects.filter(pk=with_him.pk).update(began_on=days_ago(3))
    assert reason(with_him, county.former_mentor) == MENTOR
    Application.objects.filter(pk=with_him.pk).update(began_on=days_ago(2))
    assert reason(with_him, county.former_mentor) == ""


def test_a_duty_that_ended_at_midnight_is_gone_in_the_first_minute_of_the_day(county):
    application = bring(county, "reviewed")
    assert reason(application, county.approver) == ""
    county.approver.duty_grants.update(ends_on=days_ago(0))
    assert reason(application, county.approver) == ""
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert reason(application, county.approver) == "您没有审批职责。"


def test_the_mentor_of_one_unit_decides_on_another(county):
    application = go_on(county, draft(county, unit=county.other_unit, by=county.neighbour))
    assert reason(application, county.mentor) == ""
    assert reason(application, county.other_mentor) == MENTOR
    assert reason(application, county.parent_member) == ""
    assert reason(application, county.county_member) == ""


def test_superusers_have_no_more_rights_than_others(county):
    application = bring(county, "reviewed")
    User.objects.update(is_superuser=True)
    assert county.people.keys() == set(EVERYBODY)
    for name, sentence in RECUSED.items():
        assert reason(application, county.people[name]) == sentence
    for name in ("superuser", "administrator", "leader", "stranger"):
        assert reason(application, county.people[name]) == "您没有审批职责。"
        assert User.objects.get(username=name).has_perm("funds.change_application")
    assert fresh(application).verbs_for(User.objects.get(username="superuser")) == []


def test_a_membership_that_begins_in_the_middle_binds_at_once(county):
    application = bring(county, "reviewed")
    assert reason(application, county.approver) == ""
    MembershipFactory(user=county.approver, organisation=county.town)
    assert reason(application, county.approver) == MEMBER


def test_a_mentor_gives_an_opinion_all_the_same(county):
    application = bring(county, "submitted")
    applications.mentor_opinion(application, by=county.mentor, opinion="支持。")
    (row,) = [row for row in fresh(application).log if row.verb == "mentor_opinion"]
    assert (row.by, row.opinion, row.source, row.target) == (
        county.mentor,
        "支持。",
        "submitted",
        "submitted",
    )


# --- Adjoining acts --------------------------------------------------------------------------------


def test_nobody_approves_what_he_reviewed(county):
    application = go_on(county, draft(county), "submit")
    applications.review(application, by=county.allrounder, opinion=OPINION)
    assert "初审" in reason(application, county.allrounder)
    with pytest.raises(NotPermitted, match="相邻环节不能由同一人办理") as refusal:
        applications.reject(application, by=county.allrounder, opinion=OPINION)
    assert county.approver in refusal.value.who_can
    assert county.allrounder not in refusal.value.who_can


def test_nobody_pays_what_he_approved_nor_reviews_its_closure(county):
    application = go_on(county, draft(county), "submit", "review")
    amount = application.requested_amount
    applications.approve(application, by=county.allrounder, amount=amount, opinion=OPINION)
    with pytest.raises(NotPermitted, match="审批与拨付不能由同一人办理"):
        pay(county, application, "300", by=county.allrounder)
    go_on(county, application, "pay_part", "file_closure")
    with pytest.raises(NotPermitted, match="初审与审批不能由同一人办理"):
        closures.review_closure(application, by=county.allrounder, opinion=OPINION)


def test_whoever_paid_does_not_close(county):
    application = bring(county, "approved")
    pay(county, application, "200", by=county.allrounder)
    go_on(county, application, "file_closure", "review_closure")
    with pytest.raises(NotPermitted, match="相邻环节"):
        closures.close(application, by=county.allrounder, opinion=OPINION)


def test_reviewing_and_paying_do_not_adjoin(county):
    application = go_on(county, draft(county), "submit")
    applications.review(application, by=county.allrounder, opinion=OPINION)
    go_on(county, application, "approve")
    assert pay(county, application, "300", by=county.allrounder).by == county.allrounder


def test_returning_and_rejecting_count_as_the_act_of_their_step(county):
    application = go_on(county, draft(county), "submit")
    applications.send_back(application, by=county.allrounder, opinion=OPINION)
    go_on(county, application, "resubmit", "review")
    assert "相邻环节" in reason(application, county.allrounder)


def test_acts_in_one_matter_do_not_bind_in_another(county):
    first = go_on(county, draft(county), "submit")
    applications.review(first, by=county.allrounder, opinion=OPINION)
    second = bring(county, "reviewed")
    assert reason(second, county.allrounder) == ""


def test_opinions_are_no_acts(county):
    application = bring(county, "submitted")
    assign_mentor(
        county.unit,
        by=county.administrator,
        mentor=county.second_approver,
        starts_on=days_ago(0),
        reason="轮换",
    )
    applications.mentor_opinion(application, by=county.second_approver, opinion=OPINION)
    assert fresh(application).standing_of(county.second_approver).acts == frozenset()


# --- Duties -----------------------------------------------------------------------------------------


def test_a_duty_holds_on_its_first_and_on_its_last_day(county):
    application = bring(county, "reviewed")
    for start, end, holds in [(0, 0, True), (1, 0, True), (0, -1, True), (2, 1, False)]:
        person = UserFactory()
        DutyGrant.objects.create(
            user=person, duty=Duty.APPROVER, starts_on=days_ago(start), ends_on=days_ago(end)
        )
        assert (reason(application, person) == "") == holds
    assert reason(application, county.retired) == "您没有审批职责。"
    assert reason(application, county.coming) == "您没有审批职责。"


def test_the_duty_is_asked_of_the_database_now_not_of_what_the_session_knew(county):
    application = bring(county, "reviewed")
    assert Duty.APPROVER in county.approver.duties
    grant = county.approver.duty_grants.get()
    end_duty(grant, by=county.administrator, ends_on=days_ago(1))
    assert Duty.APPROVER in county.approver.duties
    with pytest.raises(NotPermitted, match="您没有审批职责。"):
        applications.approve(
            application, by=county.approver, amount=application.requested_amount, opinion=OPINION
        )


def test_a_duty_does_not_end_before_what_was_done_by_it(county):
    bring(county, "paid")
    for person, label in [(county.approver, "审批"), (county.cashier, "财务")]:
        grant = person.duty_grants.get()
        with pytest.raises(Refused, match=f"还以“{label}”职责办理过事项，这项职责不能在那之前结束"):
            end_duty(grant, by=county.administrator, ends_on=days_ago(2))
        # Of the day of a handover, which is the successor's first, the leaver has what he did.
        assert end_duty(grant, by=county.administrator, ends_on=days_ago(1)).ends_on == days_ago(1)


def test_what_was_done_by_a_later_grant_keeps_no_earlier_one(county):
    grant = county.cashier.duty_grants.get()
    end_duty(grant, by=county.administrator, ends_on=days_ago(3))
    grant_duty(county.cashier, by=county.administrator, duty=Duty.CASHIER, starts_on=days_ago(1))
    bring(county, "paid")
    assert end_duty(grant, by=county.administrator, ends_on=days_ago(5)).ends_on == days_ago(5)


def test_a_closed_account_may_nothing_until_it_is_opened_again(county):
    application = bring(county, "reviewed")
    signed_in_before = User.objects.get(pk=county.approver.pk)
    switch_off(county.approver, by=county.administrator)
    assert reason(application, county.approver) == "账户已停用。"
    with pytest.raises(NotPermitted):
        applications.reject(application, by=signed_in_before, opinion=OPINION)
    assert county.approver not in fresh(application).who_can("approve")
    switch_on(county.approver, by=county.administrator)
    assert reason(application, county.approver) == ""


@pytest.mark.parametrize("act", ACTS)
def test_the_lists_leave_out_exactly_what_the_rules_refuse(county, act):
    applications_ = [bring(county, situation) for situation in ("submitted", "paid", "closing")]
    applications_.append(draft(county, unit=county.other_unit, by=county.neighbour))
    for _, person in county.everybody():
        free = set(Application.objects.without_conflict(person, act).values_list("pk", flat=True))
        for application in applications_:
            why_not = ACTS[act].why_not(fresh(application), person)
            conflicts = why_not in {MENTOR, MEMBER} or "同一人" in why_not
            # Who lacks the duty may have a conflict besides, which the rule then does not say.
            if set(DECIDING) <= person.duties and person.is_active:
                assert (application.pk not in free) == conflicts, person


def test_the_standing_of_everybody_concerned_takes_one_query(county, django_assert_num_queries):
    named = "pilot_unit__organisation", "pilot_unit__programme"
    application = Application.objects.select_related(*named).get(pk=bring(county, "reviewed").pk)
    fresh(application).who_can("approve")  # content types are remembered from here on
    with django_assert_num_queries(1):
        for person in application.people_concerned():
            application.standing_of(person)
            may_approve.why_not(application, person)
