"""特色活动: registered by the unit or its mentor; designed, then held, then a brand."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.matters import NotPermitted
from mentors.actions import advance_activity, register_activity
from mentors.actions.visits import Besides, record_visit
from mentors.models import Mode, SignatureActivity
from pilotwork import clock
from pilotwork.refusals import Refused
from tests.people import County

pytestmark = pytest.mark.django_db
LIST = "mentors:activities"


@pytest.fixture
def county():
    return County()


@pytest.fixture
def activity(county):
    return register_activity(county.unit, by=county.member, name="林下课堂")


def post(client, person, address, **data):
    """Post `data` as `person` and follow the redirect."""
    client.force_login(person)
    return client.post(address, data, follow=True)


def log(unit, by, activity):
    """A visit of today on which `activity` was designed."""
    return record_visit(
        unit,
        by=by,
        key=uuid.uuid4(),
        visited_on=clock.today(),
        mode=Mode.ON_SITE,
        progress="有进展。",
        besides=Besides(activity=activity),
    )


@pytest.mark.parametrize("name", ["member", "mentor"])
def test_members_and_the_mentor_register_an_activity(client, county, name):
    address = reverse("mentors:register_activity", args=[county.unit.pk])
    data = {"name": "林下课堂", "note": "", "designed_on": clock.today()}
    page = post(client, getattr(county, name), address, **data)
    assert "特色活动已登记" in page.content.decode()
    assert SignatureActivity.objects.get().stage == "designed"


@pytest.mark.parametrize(
    ("name", "status"), [("former_mentor", 403), ("approver", 403), ("neighbour", 404)]
)
def test_nobody_else_registers_one(client, county, name, status):
    address = reverse("mentors:register_activity", args=[county.unit.pk])
    person = getattr(county, name)
    assert post(client, person, address, name="课堂").status_code == status
    with pytest.raises(NotPermitted):
        register_activity(county.unit, by=person, name="课堂")


def test_an_activity_named_again_on_another_visit_stays_one(county, activity):
    advance_activity(activity, by=county.member)
    for name in ("林下课堂", " 林下　课堂 "):
        log(county.unit, county.mentor, name)
    assert SignatureActivity.objects.get().stage == "held"
    log(county.other_unit, county.approver, "林下课堂")
    assert SignatureActivity.objects.count() == 2


def test_an_activity_is_not_registered_twice(client, county, activity):
    address = reverse("mentors:register_activity", args=[county.unit.pk])
    page = post(client, county.mentor, address, name="林下 课堂", designed_on=clock.today())
    assert "已登记过“林下课堂”（已设计）" in page.context["form"].errors["name"][0]
    assert SignatureActivity.objects.get() == activity


def test_an_activity_is_not_designed_in_the_future(client, county):
    address = reverse("mentors:register_activity", args=[county.unit.pk])
    tomorrow = clock.today() + dt.timedelta(days=1)
    page = post(client, county.member, address, name="林下课堂", designed_on=tomorrow)
    assert page.context["form"].errors["designed_on"]
    assert "林下课堂" in page.content.decode()
    assert not SignatureActivity.objects.exists()


def test_it_goes_from_designed_over_held_to_brand_and_no_further(county, activity):
    assert advance_activity(activity, by=county.mentor).stage == "held"
    assert advance_activity(activity, by=county.member).stage == "brand"
    with pytest.raises(Refused):
        advance_activity(activity, by=county.member)


def test_a_double_click_does_not_skip_a_stage(client, county, activity):
    address = reverse("mentors:advance_activity", args=[activity.pk])
    post(client, county.member, address, stage="designed")
    page = post(client, county.member, address, stage="designed")
    assert "请核对后再操作" in page.content.decode()
    assert SignatureActivity.objects.get().stage == "held"


def test_the_next_step_is_offered_to_who_may_take_it(client, county, activity):
    for name, offered in [("member", True), ("mentor", True), ("leader", False)]:
        client.force_login(getattr(county, name))
        page = client.get(reverse(LIST)).content.decode()
        assert "林下课堂" in page
        assert ("标记已开展" in page) == offered, name
    client.force_login(county.neighbour)
    assert "林下课堂" not in client.get(reverse(LIST)).content.decode()
