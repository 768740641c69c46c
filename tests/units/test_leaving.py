"""A unit that leaves the pilot: who says so, until when, and that it is written down."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.matters import NotPermitted
from pilotwork import clock
from pilotwork.refusals import Refused
from tests.people import County
from units.actions import finish, leave, resume
from units.models import UnitState

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def county():
    return County()


def test_leaving_keeps_the_last_day_and_says_who_and_why(county):
    unit = leave(county.unit, by=county.administrator, last_day=clock.today(), opinion="合并")
    assert (unit.state, unit.left_on) == (UnitState.LEFT, clock.today())
    (row,) = unit.log
    assert (row.source, row.target, row.by, row.opinion) == (
        "active",
        "left",
        county.administrator,
        "合并",
    )


@pytest.mark.parametrize("verb", [leave, finish])
def test_the_last_day_lies_between_the_first_one_and_today(county, verb):
    for last_day in (county.unit.joined_on - DAY, clock.today() + DAY):
        with pytest.raises(Refused) as refused:
            verb(county.unit, by=county.administrator, last_day=last_day, opinion="合并")
        assert refused.value.field == "last_day"
    assert not county.unit.log


def test_only_an_administrator_takes_a_unit_out_and_back(county):
    for person in (county.approver, county.mentor, county.member, county.leader):
        with pytest.raises(NotPermitted):
            leave(county.unit, by=person, last_day=clock.today(), opinion="合并")
    finish(county.unit, by=county.administrator, last_day=clock.today(), opinion="任务完成")
    with pytest.raises(NotPermitted):
        resume(county.unit, by=county.approver, opinion="恢复")


def test_a_unit_that_is_out_cannot_leave_again_until_it_is_back(county):
    leave(county.unit, by=county.administrator, last_day=clock.today(), opinion="合并")
    with pytest.raises(Refused):
        finish(county.unit, by=county.administrator, last_day=clock.today(), opinion="再来")
    unit = resume(county.unit, by=county.administrator, opinion="恢复")
    assert (unit.state, unit.left_on) == (UnitState.ACTIVE, None)


def test_the_unit_s_page_leads_the_administrator_to_the_form(client, county):
    page = reverse("reports:unit", args=[county.unit.pk])
    address = reverse("units:act_on_unit", args=[county.unit.pk, "leave"])
    client.force_login(county.administrator)
    assert address in client.get(page).content.decode()
    form = client.post(address, {"last_day": "", "opinion": ""}).context["form"]
    assert set(form.errors) == {"last_day", "opinion"}
    typed = {"last_day": str(clock.today()), "opinion": "合并", "seen": "0"}
    assert client.post(address, typed, follow=True).redirect_chain[-1][0] == page
    assert "退出" in client.get(page).content.decode()
    client.force_login(county.approver)
    assert address not in client.get(page).content.decode()
    assert client.post(address, typed).status_code == 403
