"""账户与岗位: people, duties, memberships (DOMAIN, People)."""

import pytest
from django.urls import reverse

from accounts import actions
from accounts.matters import NotPermitted
from accounts.models import Duty, DutyGrant, User
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_date
from tests.accounts.conftest import browser
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, days_ago
from units import actions as units

pytestmark = pytest.mark.django_db
PEOPLE = "/accounts/people/"


def url(name, person):
    return reverse(f"accounts:{name}", args=[person.pk])


@pytest.fixture
def office(administrator):
    return browser(administrator)


def test_a_new_person_is_created_and_then_given_a_way_in(office):
    fields = {"username": "wangwu", "name": "王五", "post": "干事", "name_key": ""}
    answer = office.post(reverse("accounts:new_person"), fields)
    person = User.objects.get(username="wangwu")
    assert answer.url == url("credentials", person)
    assert not person.has_usable_password()
    assert person.name_key == "wang2wu3"


def test_a_sign_in_name_in_use_is_refused_beside_the_field_with_everything_kept(office, person):
    fields = {"username": person.username, "name": "王五", "post": "干事", "name_key": ""}
    answer = office.post(reverse("accounts:new_person"), fields)
    assert answer.context["form"].errors == {"username": ["这个登录名已有人使用。"]}
    assert 'value="干事"' in answer.content.decode()


def test_sign_in_names_that_differ_in_capitals_only_are_one(office, person):
    answer = office.post(
        reverse("accounts:new_person"), {"name": "张四", "username": person.username.upper()}
    )
    assert "不分大小写" in answer.context["form"].errors["username"][0]


@pytest.mark.parametrize("name", ["temporary_password", "registration_code"])
def test_a_secret_is_shown_once_and_kept_nowhere(office, person, name):
    answer = office.post(url(name, person))
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert secret not in str(dict(office.session))
    for page in [url("credentials", person), person.get_absolute_url()]:
        assert secret not in office.get(page).content.decode()
    assert office.get(url(name, person)).status_code == 405


def test_a_code_for_a_switched_off_person_is_refused(office, person, administrator):
    actions.switch_off(person, by=administrator)
    answer = office.post(url("registration_code", person), follow=True)
    assert "账户已停用" in answer.content.decode()
    assert not person.registration_codes.exists()


def test_a_duty_is_given_for_a_period_and_ended_early(office, person):
    fields = {"duty": "cashier", "starts_on": days_ago(1), "ends_on": days_ago(-9), "reason": "代"}
    assert office.post(url("grant_duty", person), fields).url == person.get_absolute_url()
    grant = person.duty_grants.get()
    assert (grant.duty, grant.ends_on, grant.reason) == (Duty.CASHIER, days_ago(-9), "代")
    office.post(reverse("accounts:end_duty", args=[grant.pk]), {"ends_on": clock.today()})
    grant.refresh_from_db()
    assert grant.ends_on == clock.today()


def test_a_duty_held_already_in_that_time_is_refused_beside_its_field(office, person):
    DutyGrant.objects.create(user=person, duty=Duty.CASHIER, starts_on=days_ago(1))
    answer = office.post(url("grant_duty", person), {"duty": "cashier", "starts_on": days_ago(0)})
    assert "已有“财务”职责" in answer.context["form"].errors["duty"][0]
    assert person.duty_grants.count() == 1


def test_the_last_administrator_keeps_his_duty_and_his_account(office, administrator):
    grant = administrator.duty_grants.get()
    page = reverse("accounts:end_duty", args=[grant.pk])
    answer = office.post(page, {"ends_on": clock.today()})
    assert answer.context["form"].non_field_errors() == ["这是最后一位系统管理员，请先指定接任者。"]
    office.post(url("switch_off", administrator))
    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_switched_off_person_is_signed_out_and_can_be_switched_on_again(office, person):
    his = browser(person)
    assert his.get("/accounts/password/").status_code == 200
    office.post(url("switch_off", person))
    assert his.get("/accounts/password/").status_code == 302
    office.post(url("switch_on", person))
    person.refresh_from_db()
    assert person.is_active


def test_a_person_joins_an_organisation_and_leaves_it(office, person):
    organisation = OrganisationFactory()
    fields = {"organisation": organisation.pk, "starts_on": days_ago(2)}
    office.post(reverse("mentors:join", args=[person.pk]), fields)
    membership = person.memberships.get()
    page = reverse("mentors:end_membership", args=[membership.pk])
    office.post(page, {"ends_on": days_ago(1)})
    membership.refresh_from_db()
    assert (membership.organisation, membership.ends_on) == (organisation, days_ago(1))
    assert person.memberships.current().count() == 0


def test_joining_twice_and_ending_before_the_start_are_refused(administrator, person):
    membership = MembershipFactory(user=person, starts_on=days_ago(2))
    with pytest.raises(Refused, match="已是"):
        units.join(membership.organisation, by=administrator, user=person, starts_on=clock.today())
    with pytest.raises(Refused, match="不能早于"):
        units.end_membership(membership, by=administrator, ends_on=days_ago(3))


def test_a_person_is_corrected_and_the_history_keeps_the_old_name(office, person):
    fields = {"username": "zhangsan", "name": "章三", "post": "科员", "name_key": ""}
    office.post(url("edit_person", person), fields)
    assert [row.name for row in person.history.all()][:2] == ["章三", "张三"]


@pytest.mark.parametrize("duty", [d for d in Duty if d != Duty.ADMINISTRATOR])
def test_only_administrators_manage_people(duty, person):
    other = UserFactory(duties=[duty])
    with pytest.raises(NotPermitted):
        actions.grant_duty(person, by=other, duty=Duty.APPROVER, starts_on=clock.today())
    for verb in (actions.set_temporary_password, actions.issue_registration_code):
        with pytest.raises(NotPermitted):
            verb(person, by=other)
    with pytest.raises(NotPermitted):
        units.join(OrganisationFactory(), by=other, user=person, starts_on=clock.today())


@pytest.mark.parametrize("duty", [Duty.APPROVER, Duty.REVIEWER, Duty.CASHIER])
def test_nobody_gives_himself_a_duty_that_decides(administrator, duty):
    with pytest.raises(Refused, match="不能给自己"):
        actions.grant_duty(administrator, by=administrator, duty=duty, starts_on=clock.today())


def test_a_duty_for_a_period_is_listed_with_its_last_day(office, administrator, person):
    actions.grant_duty(
        person, by=administrator, duty=Duty.CASHIER, starts_on=days_ago(1), ends_on=clock.today()
    )
    assert f"财务（至{cn_date(clock.today())}）" in office.get(PEOPLE).content.decode()


def test_leaders_read_the_list_and_change_nothing(person):
    leader = browser(UserFactory(duties=[Duty.LEADER]))
    page = leader.get(PEOPLE).content.decode()
    assert "张三" in page
    assert "新建人员" not in page
    assert "授予职责" not in leader.get(person.get_absolute_url()).content.decode()
    assert leader.get(url("grant_duty", person)).status_code == 403
    assert leader.post(url("temporary_password", person)).status_code == 403


def test_everybody_sees_his_own_page_and_nobody_elses(person):
    his = browser(person)
    assert his.get(person.get_absolute_url()).status_code == 200
    assert his.get(UserFactory().get_absolute_url()).status_code == 404


def test_the_list_is_found_by_name_duty_and_state(office, person, administrator):
    cashier = UserFactory(name="李四", duties=[Duty.CASHIER])
    gone = UserFactory(name="赵六", is_active=False)

    def shown(query):
        return {row.record for row in office.get(PEOPLE + query).context["table"].page}

    assert shown("") == {person, administrator, cashier, gone}
    assert shown("?q=张三") == {person}
    assert shown("?q=zhangsan") == {person}
    assert shown("?duty=cashier") == {cashier}
    assert shown("?active=0") == {gone}


def test_the_list_takes_the_same_queries_with_one_row_and_with_thirty(
    office, django_assert_max_num_queries
):
    office.get(PEOPLE)
    UserFactory.create_batch(30, duties=[Duty.REVIEWER, Duty.LEADER])
    with django_assert_max_num_queries(12):
        assert len(office.get(PEOPLE + "?per_page=50").context["table"].page) == 31
