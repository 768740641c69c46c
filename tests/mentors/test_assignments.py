"""Assignments, handover and who can decide on which unit (DOMAIN, People and Mentors)."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Duty, DutyGrant
from mentors.actions.visits import record_visit
from mentors.coverage import coverage, units_without_decider, without_decider
from mentors.forms.people import possible_mentors
from mentors.models import MentorAssignment
from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_date
from reports.programmes.archiving import archive_programme
from tests.factories import (
    MembershipFactory,
    MentorAssignmentFactory,
    OrganisationFactory,
    PilotUnitFactory,
    UserFactory,
    days_ago,
)
from tests.journeys import bring
from tests.people import County
from units.actions import end_programme, finish, leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    client = Client()
    administrator = UserFactory(name="管理员", duties=[Duty.ADMINISTRATOR])
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def staff():
    """One reviewer, two approvers, one cashier."""
    return {
        "reviewer": UserFactory(duties=[Duty.REVIEWER]),
        "approver": UserFactory(duties=[Duty.APPROVER]),
        "deputy": UserFactory(duties=[Duty.APPROVER]),
        "cashier": UserFactory(duties=[Duty.CASHIER]),
    }


def cover_of(unit):
    return next(cover for cover in coverage() if cover.unit == unit)


# --- Who can decide -------------------------------------------------------------------------


def test_the_current_mentor_does_not_decide_on_his_unit_but_on_others(staff):
    unit, other = PilotUnitFactory(), PilotUnitFactory()
    MentorAssignmentFactory(pilot_unit=unit, mentor=staff["deputy"])
    assert cover_of(unit).approvers == [staff["approver"]]
    assert cover_of(unit).recused == [staff["deputy"]]
    assert set(cover_of(other).approvers) == {staff["approver"], staff["deputy"]}


def test_a_mentor_who_has_stopped_decides_on_new_matters_again(staff):
    unit = PilotUnitFactory()
    MentorAssignmentFactory(pilot_unit=unit, mentor=staff["deputy"], ends_on=days_ago(1))
    assert staff["deputy"] in cover_of(unit).approvers


@pytest.mark.parametrize("where", ["unit", "parent"])
def test_members_of_the_unit_and_of_its_parent_do_not_decide(staff, where):
    parent = PilotUnitFactory().organisation
    unit = PilotUnitFactory(organisation__parent=parent)
    organisation = {"unit": unit.organisation, "parent": parent}[where]
    MembershipFactory(user=staff["reviewer"], organisation=organisation)
    assert cover_of(unit).reviewers == []
    assert cover_of(unit).gaps == ["没有人可以初审"]


def test_belonging_to_the_county_committee_binds_nobody(staff):
    county = OrganisationFactory(is_county=True)
    unit = PilotUnitFactory(organisation__parent=county)
    MembershipFactory(user=staff["reviewer"], organisation=county)
    assert cover_of(unit).gaps == []


def test_a_unit_that_nobody_can_pay_is_warned_of(staff, office):
    unit = PilotUnitFactory()
    assert units_without_decider() == []
    assert "无法办完" not in office.get(reverse("mentors:coverage")).content.decode()
    MentorAssignmentFactory(pilot_unit=unit, mentor=staff["cashier"])
    assert [(cover.unit, cover.gaps) for cover in units_without_decider()] == [
        (unit, ["没有人可以拨付"])
    ]
    page = office.get(reverse("mentors:coverage")).content.decode()
    assert "1 个单位的事项目前无法办完" in page
    assert "没有人可以拨付" in page


def test_the_page_is_narrowed_to_the_units_whose_cover_has_gaps(staff, office):
    tied, free = PilotUnitFactory(), PilotUnitFactory()
    below = PilotUnitFactory(organisation__parent=tied.organisation)
    guided = MentorAssignmentFactory(mentor=staff["cashier"]).pilot_unit
    MembershipFactory(user=staff["reviewer"], organisation=tied.organisation)
    MembershipFactory(user=UserFactory(), organisation=free.organisation)
    with_gaps = {cover.unit for cover in coverage() if cover.gaps}
    assert with_gaps == {tied, below, guided}
    assert set(without_decider()) == {unit.pk for unit in with_gaps}
    shown = office.get(reverse("mentors:coverage"), {"only": "gaps"}).context["covers"]
    assert {cover.unit for cover in shown} == with_gaps


def test_one_person_alone_cannot_do_adjoining_acts():
    PilotUnitFactory()
    everything = UserFactory(duties=[Duty.REVIEWER, Duty.APPROVER, Duty.CASHIER])
    assert units_without_decider()[0].gaps == ["相邻环节只有同一个人可以办理"]
    DutyGrant.objects.create(user=UserFactory(), duty=Duty.APPROVER, starts_on=days_ago(1))
    assert units_without_decider() == []
    assert everything in coverage()[0].reviewers


def test_duties_that_have_ended_or_belong_to_a_closed_account_do_not_count(staff):
    unit = PilotUnitFactory()
    staff["cashier"].is_active = False
    staff["cashier"].save()
    staff["reviewer"].duty_grants.update(ends_on=days_ago(1))
    assert cover_of(unit).gaps == ["没有人可以初审", "没有人可以拨付"]


def test_who_only_reads_or_keeps_the_accounts_is_not_offered_as_mentor():
    readers = [UserFactory(duties=[Duty.LEADER]), UserFactory(duties=[Duty.ADMINISTRATOR])]
    others = [UserFactory(duties=[]), UserFactory(duties=[Duty.LEADER, Duty.REVIEWER])]
    offered = set(possible_mentors())
    assert offered.isdisjoint(readers)
    assert offered >= set(others)


def test_units_that_have_left_are_not_asked_for(staff):
    unit = PilotUnitFactory(joined_on=days_ago(30))
    assert [row.unit for row in coverage()] == [unit]
    administrator = UserFactory(duties=[Duty.ADMINISTRATOR])
    leave(unit, by=administrator, last_day=days_ago(1), opinion="合并")
    assert coverage() == []


def test_units_are_asked_for_after_the_end_until_their_programme_is_archived(staff):
    unit = MentorAssignmentFactory(mentor=staff["deputy"]).pilot_unit
    finished = PilotUnitFactory(programme=unit.programme, joined_on=days_ago(30))
    administrator = UserFactory(duties=[Duty.ADMINISTRATOR])
    finish(finished, by=administrator, last_day=days_ago(1), opinion="提前结束")
    end_programme(unit.programme, by=administrator, opinion="试点结束")
    staff["cashier"].duty_grants.update(ends_on=days_ago(1))
    assert {row.unit for row in coverage()} == {unit, finished}
    assert set(without_decider()) == {unit.pk, finished.pk}
    assert staff["deputy"] in cover_of(unit).recused
    archive_programme(unit.programme, by=administrator, opinion="归档")
    assert coverage() == without_decider() == []


def test_coverage_takes_four_queries_however_many_units_there_are(staff, django_assert_num_queries):
    MentorAssignmentFactory(mentor=staff["deputy"])
    with django_assert_num_queries(4):
        coverage()
    MentorAssignmentFactory.create_batch(30)
    with django_assert_num_queries(4):
        assert len(coverage()) == 31


# --- Mentors --------------------------------------------------------------------------------


def test_a_unit_gets_its_first_mentor_and_another_one_only_with_a_reason(office):
    unit, first, second = PilotUnitFactory(), UserFactory(), UserFactory()
    page = reverse("mentors:change_mentor", args=[unit.pk])
    office.post(page, {"mentor": first.pk, "starts_on": days_ago(20), "reason": ""})
    refused = office.post(page, {"mentor": second.pk, "starts_on": days_ago(0), "reason": ""})
    assert list(refused.context["form"].errors) == ["reason"]
    office.post(page, {"mentor": second.pk, "starts_on": days_ago(0), "reason": "工作调动"})
    assert list(unit.mentor_assignments.values_list("mentor", "ends_on", "change_reason")) == [
        (second.pk, None, "工作调动"),
        (first.pk, days_ago(1), ""),
    ]
    assert "工作调动" in office.get(page).content.decode()


def test_a_new_mentor_cannot_start_before_the_present_one(office):
    assignment = MentorAssignmentFactory(starts_on=days_ago(5))
    page = reverse("mentors:change_mentor", args=[assignment.pilot_unit_id])
    fields = {"mentor": UserFactory().pk, "starts_on": days_ago(5), "reason": "调动"}
    answer = office.post(page, fields)
    assert "须晚于" in answer.context["form"].errors["starts_on"][0]
    assert MentorAssignment.objects.count() == 1


def test_members_of_a_unit_are_not_offered_as_mentors(office):
    member = MembershipFactory().user
    page = reverse("mentors:change_mentor", args=[PilotUnitFactory().pk])
    assert member not in office.get(page).context["form"].fields["mentor"].queryset


def test_the_list_shows_each_unit_s_mentor_and_who_has_none(office):
    assignment, without = MentorAssignmentFactory(), PilotUnitFactory()
    page = office.get(reverse("mentors:assignments") + "?programme=all").content.decode()
    assert str(assignment.mentor) in page
    assert str(without) in page
    assert page.count("空缺") == 1


def test_a_mentor_sees_the_units_he_guides_only():
    assignment, other = MentorAssignmentFactory(), MentorAssignmentFactory()
    client = Client()
    client.force_login(assignment.mentor, "django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("mentors:assignments")).content.decode()
    assert str(assignment.pilot_unit) in page
    assert str(other.pilot_unit) not in page


def test_the_list_of_mentors_takes_the_same_queries_with_one_unit_and_with_thirty(
    office, django_assert_max_num_queries
):
    MentorAssignmentFactory.create_batch(30)
    with django_assert_max_num_queries(12):
        answer = office.get(reverse("mentors:assignments") + "?programme=all&per_page=50")
    assert len(answer.context["table"].page) == 30


# --- Handover -------------------------------------------------------------------------------


def handover(office, leaver, successor, **more):
    fields = {"leaver": leaver.pk, "successor": successor.pk, "on": clock.today(), "reason": "调离"}
    return office.post(reverse("mentors:handover"), fields | more)


def confirmed(office, leaver, successor):
    preview = handover(office, leaver, successor).context["preview"]
    return handover(office, leaver, successor, confirmed=preview)


def test_a_confirmation_of_something_else_than_was_shown_is_shown_again(office):
    leaver, successor, other = UserFactory(duties=[Duty.CASHIER]), UserFactory(), UserFactory()
    preview = handover(office, leaver, successor).context["preview"]
    assert handover(office, leaver, other, confirmed=preview).status_code == 200
    assert leaver.duty_grants.get().ends_on is None


def test_a_handover_is_previewed_and_changes_nothing_until_it_is_confirmed(office):
    leaver, successor = UserFactory(duties=[Duty.CASHIER]), UserFactory()
    unit = MentorAssignmentFactory(mentor=leaver).pilot_unit
    preview = handover(office, leaver, successor).content.decode()
    assert "职责：财务" in preview
    assert f"指导员：{unit}" in preview
    assert successor.duty_grants.count() == 0
    assert confirmed(office, leaver, successor).url == successor.get_absolute_url()
    assert successor.duty_grants.current().get().duty == Duty.CASHIER
    assert leaver.duty_grants.get().ends_on == days_ago(1)
    assert unit.mentor_assignments.get(ends_on=None).mentor == successor
    assert unit.mentor_assignments.get(mentor=leaver).ends_on == days_ago(1)


def test_a_handover_says_before_which_visits_move_and_where_nobody_can_pay_any_more(office, staff):
    leaver, successor = staff["cashier"], UserFactory()
    guided = MentorAssignmentFactory(mentor=leaver).pilot_unit
    left_alone = MentorAssignmentFactory(mentor=successor).pilot_unit
    today = clock.today()
    record_visit(guided, by=leaver, key=uuid.uuid4(), visited_on=today, progress="看了。")
    answer = handover(office, leaver, successor)
    assert f"{cn_date(today)}起已登记的 1 次走访归接任人" in answer.content.decode()
    assert answer.context["left_alone"] == [left_alone]
    assert f"交接以后，{left_alone}没有人可以办完新的事项" in answer.content.decode()


def test_a_duty_used_since_is_not_handed_over_backdated(office):
    county = County()
    bring(county, "paid")
    answer = handover(office, county.cashier, UserFactory(), on=days_ago(1))
    assert "还以“财务”职责办理过事项" in answer.context["form"].errors["on"][0]
    assert not answer.context["preview"]
    assert confirmed(office, county.cashier, UserFactory()).status_code == 302


def test_what_would_be_refused_is_said_before_it_is_confirmed(office):
    leaver, successor = UserFactory(), UserFactory()
    DutyGrant.objects.create(user=leaver, duty=Duty.REVIEWER, starts_on=days_ago(0))
    answer = handover(office, leaver, successor)
    assert list(answer.context["form"].errors) == ["on"]
    assert not answer.context["preview"]


def test_a_handover_to_oneself_or_of_nothing_is_refused(office):
    leaver, successor = UserFactory(duties=[Duty.CASHIER]), UserFactory()
    answer = handover(office, leaver, leaver)
    assert answer.context["form"].errors == {"successor": ["接任人不能是本人。"]}
    answer = confirmed(office, successor, leaver)
    assert "没有可交接" in answer.context["form"].errors["leaver"][0]
    assert leaver.duty_grants.get().ends_on is None
