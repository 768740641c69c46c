"""Assigning and replacing mentors, handing over, and the unit's signature activities."""

import pytest

from accounts.matters import NotPermitted
from accounts.models import Duty, DutyGrant
from mentors.actions import (
    advance_activity,
    assign_mentor,
    hand_over,
    register_activity,
)
from mentors.models import MentorAssignment
from pilotwork.refusals import Refused
from tests.factories import PilotUnitFactory, UserFactory, days_ago


def guides_now(unit):
    return MentorAssignment.objects.current().get(pilot_unit=unit).mentor


def test_a_new_mentor_replaces_the_present_one_from_his_first_day_on(county):
    assign_mentor(
        county.unit,
        by=county.administrator,
        mentor=county.leader,
        starts_on=days_ago(0),
        reason="工作调动",
    )
    old, new = MentorAssignment.objects.filter(pilot_unit=county.unit).order_by("starts_on")[2:]
    assert (old.mentor, old.ends_on) == (county.mentor, days_ago(1))
    assert (new.mentor, new.starts_on, new.ends_on) == (county.leader, days_ago(0), None)
    assert new.change_reason == "工作调动"
    assert guides_now(county.unit) == county.leader


def test_a_replacement_needs_a_reason_another_person_and_a_later_day(county):
    for mentor, start, reason, message in [
        (county.mentor, 0, "轮换", "已是该单位的指导员。"),
        (county.leader, 0, "", "更换指导员须说明原因。"),
        (county.leader, 2, "轮换", "接任日期须晚于这一天"),
    ]:
        with pytest.raises(Refused, match=message):
            assign_mentor(
                county.unit,
                by=county.administrator,
                mentor=mentor,
                starts_on=days_ago(start),
                reason=reason,
            )
    assert guides_now(county.unit) == county.mentor


def test_only_an_administrator_assigns_and_hands_over(county):
    for name, person in county.everybody():
        if name in {"administrator", "superuser"}:
            continue
        with pytest.raises(NotPermitted, match="只有系统管理员"):
            assign_mentor(
                county.unit, by=person, mentor=county.leader, starts_on=days_ago(0), reason="x"
            )
        with pytest.raises(NotPermitted, match="只有系统管理员"):
            hand_over(county.mentor, county.leader, by=person, on=days_ago(0), reason="x")


def test_a_handover_moves_duties_and_mentorships_and_keeps_the_history(county):
    successor = UserFactory()
    moved = hand_over(
        county.mentor, successor, by=county.administrator, on=days_ago(0), reason="离任"
    )
    assert moved == (3, 1)
    old = DutyGrant.objects.filter(user=county.mentor)
    assert {(grant.duty, grant.ends_on) for grant in old} == {
        (duty, days_ago(1)) for duty in ("approver", "reviewer", "cashier")
    }
    new = DutyGrant.objects.filter(user=successor)
    assert {(grant.duty, grant.starts_on, grant.ends_on, grant.reason) for grant in new} == {
        (duty, days_ago(0), None, "离任") for duty in ("approver", "reviewer", "cashier")
    }
    assert {grant.granted_by for grant in new} == {county.administrator}
    assert guides_now(county.unit) == successor
    assert MentorAssignment.objects.filter(mentor=county.mentor).get().ends_on == days_ago(1)


def test_a_handover_of_a_duty_for_a_period_keeps_its_end(county):
    leaver, successor = UserFactory(), UserFactory()
    DutyGrant.objects.create(
        user=leaver, duty=Duty.CASHIER, starts_on=days_ago(5), ends_on=days_ago(-5)
    )
    hand_over(leaver, successor, by=county.administrator, on=days_ago(0), reason="离任")
    assert DutyGrant.objects.get(user=successor).ends_on == days_ago(-5)


def test_a_handover_is_refused_where_it_makes_no_sense(county):
    new = UserFactory(duties=[])
    DutyGrant.objects.create(user=new, duty=Duty.CASHIER, starts_on=days_ago(0))
    for leaver, successor, message in [
        (county.mentor, county.mentor, "接任人不能是本人。"),
        (county.mentor, county.switched_off, "接任人的账户已停用。"),
        (county.stranger, county.leader, "没有可交接的职责和指导员任务。"),
        (new, county.leader, "交接日期须晚于职责“财务”的开始日期。"),
    ]:
        with pytest.raises(Refused, match=message):
            hand_over(leaver, successor, by=county.administrator, on=days_ago(0), reason="x")
    assert not DutyGrant.objects.filter(user=county.leader, duty=Duty.CASHIER).exists()


def test_a_duty_the_successor_holds_for_a_shorter_time_does_not_end_with_the_handover(county):
    successor = UserFactory()
    DutyGrant.objects.create(
        user=successor, duty=Duty.CASHIER, starts_on=days_ago(9), ends_on=days_ago(-3)
    )
    hand_over(county.cashier, successor, by=county.administrator, on=days_ago(0), reason="离任")
    for day in (0, -3, -4, -400):
        held = DutyGrant.objects.current(days_ago(day)).filter(user=successor)
        assert [grant.duty for grant in held] == [Duty.CASHIER], day


def test_members_and_the_mentor_register_activities_nobody_else(county):
    for name, person in county.everybody():
        if name in {"member", "staff_member", "mentor"}:
            assert register_activity(county.unit, by=person, name=name).stage == "designed"
        else:
            with pytest.raises(NotPermitted, match="特色活动由试点单位成员或现任指导员登记。"):
                register_activity(county.unit, by=person, name=name)


def test_an_activity_goes_from_designed_to_held_to_brand(county):
    activity = register_activity(county.unit, by=county.member, name="林下课堂")
    stages = [advance_activity(activity, by=county.mentor).stage for _ in range(2)]
    assert stages == ["held", "brand"]
    with pytest.raises(Refused, match="该活动已成牌。"):
        advance_activity(activity, by=county.member)
    with pytest.raises(NotPermitted):
        advance_activity(activity, by=county.neighbour)
    with pytest.raises(Refused, match="设计日期不能晚于今天。"):
        register_activity(county.unit, by=county.member, name="x", designed_on=days_ago(-1))


def test_an_activity_of_a_unit_without_people_is_registered_by_nobody(county):
    with pytest.raises(NotPermitted):
        register_activity(PilotUnitFactory(programme=county.programme), by=county.mentor, name="x")
