"""开始使用: the guide that leads the administrator of an empty installation."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.models import Duty, DutyGrant, User
from funds.models import FundAccount, PlannedReceipt
from mentors.models import MentorAssignment
from pairings.models import Pairing
from pilotwork import clock
from reports.setup import actions
from reports.setup.guessing import kind_of, level_of, sign_in_name
from reports.setup.standing import Standing, is_incomplete
from tests.people import County
from units.models import Kind, Level, Membership, Organisation, PilotProgramme, PilotUnit

STEPS = ("setup_programme", "setup_people", "setup_units", "setup_accounts")


@pytest.fixture
def boss(db):
    """The first administrator, as `createsuperuser` leaves him: an account without duty."""
    return User.objects.create_superuser("boss", "not-a-secret-2026", name="王")


def rows(prefix, *typed, **beside):
    """A list as a browser posts it."""
    posted = {f"{prefix}-TOTAL_FORMS": len(typed), f"{prefix}-INITIAL_FORMS": 0, **beside}
    for number, row in enumerate(typed):
        posted |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return posted


def programme_typed(**changed):
    day = clock.today()
    typed = {"county_name": "共青团县委员会", "county_short_name": "团县委", "name": "试点"}
    typed |= {"year": day.year, "starts_on": day, "ends_on": day}
    return typed | {"working": "3,000", "donation": "7000"} | changed


def post(client, name, typed):
    return client.post(reverse(f"reports:{name}"), typed)


def hand_out(client, people, sheet=None, opened=None, way="passwords"):
    typed = {"way": way, "people": people, "sheet": sheet or uuid.uuid4()}
    typed["opened"] = (opened or clock.now()).isoformat()
    return post(client, "setup_hand_out", typed)


def enter_units(client, *typed):
    """Post the third step's list; the page with its errors, or None where it was kept."""
    typed = [{"level": "city", **row} for row in typed]
    return post(client, "setup_units", rows("units", *typed, joined_on=clock.today())).context


PEOPLE = rows(
    "people",
    {"name": "周", "duties": ["approver"]},
    {"name": "李", "duties": ["reviewer"]},
    {"name": "管", "duties": ["cashier"]},
    {"name": "牛", "post": "科员"},
)


def through_to_units(client):
    """The first three steps, done."""
    post(client, "setup_programme", programme_typed())
    post(client, "setup_people", PEOPLE)
    niu = User.objects.get(name="牛")
    unit = {"name": "顺丰合作社团支部", "parent": "沿庄镇团委", "level": "city", "mentor": niu.pk}
    typed = rows("units", unit | {"partner": "县林业局团支部"}, joined_on=clock.today())
    return post(client, "setup_units", typed)


def test_an_empty_installation_becomes_a_county_that_can_work_in_four_steps(client, boss):
    client.force_login(boss)
    assert is_incomplete()
    assert not through_to_units(client).context
    standing = Standing()
    assert [step.is_done for step in standing.steps] == [True, True, True, False]
    assert standing.gaps == []
    contacts = [{"organisation": one.pk} for one in standing.organisations_without_member]
    contacts[0]["name"] = "郑"
    post(client, "setup_accounts", rows("contacts", *contacts))
    assert is_incomplete()
    everybody = [person.pk for person in Standing().shut_out]
    slips = hand_out(client, everybody)
    assert Standing().is_ready
    assert not is_incomplete()
    for slip in slips.context["slips"]:
        assert slip.secret in slips.content.decode()
        assert User.objects.get(pk=slip.person.pk).check_password(slip.secret)
    unit = PilotUnit.objects.get()
    assert unit.organisation.parent.parent == Organisation.objects.get(is_county=True)
    assert MentorAssignment.objects.get().pilot_unit == unit
    assert Pairing.objects.get().partner.kind == Kind.ADMINISTRATIVE
    assert Membership.objects.get().user.name == "郑"


def test_the_last_step_of_a_large_county_shows_as_many_rows_as_are_filled_in_at_one_go(
    client, boss, monkeypatch
):
    monkeypatch.setattr("reports.views.setup.SHOWN", 1)
    client.force_login(boss)
    through_to_units(client)
    page = client.get(reverse("reports:setup_accounts"))
    standing = Standing()
    waiting = standing.organisations_without_member
    assert len(page.context["rows"].forms) == 1
    assert f"另有 {len(waiting) - 1} 个单位" in page.content.decode()
    offered = standing.offered_to(boss)
    assert page.context["offered"] == offered[:1]
    assert f"另有 {len(offered) - 1} 人" in page.content.decode()
    last = {"organisation": waiting[-1].pk, "name": "郑"}
    post(client, "setup_accounts", rows("contacts", last))
    assert Membership.objects.get(user__name="郑").organisation == waiting[-1]


def test_the_programme_comes_with_its_fund_and_what_is_planned(client, boss):
    client.force_login(boss)
    post(client, "setup_programme", programme_typed())
    fund = FundAccount.objects.get(programme=PilotProgramme.objects.get())
    planned = {row.source: int(row.amount) for row in PlannedReceipt.objects.filter(account=fund)}
    assert planned == {"working": 3000, "donation": 7000}


def test_a_step_that_cannot_be_kept_whole_keeps_nothing_and_says_in_which_row(client, boss):
    client.force_login(boss)
    assert post(client, "setup_programme", programme_typed(name="")).context["form"].errors
    assert not Organisation.objects.exists()
    post(client, "setup_programme", programme_typed())
    typed = rows("people", {"name": "周"}, {"name": "李", "username": "不 行"})
    page = post(client, "setup_people", typed)
    assert User.objects.count() == 1
    assert "username" in page.context["rows"].forms[1].errors
    nameless = rows("units", {"name": "王口镇团委"}, {"name": "不知何物"}, joined_on=clock.today())
    nameless |= {"units-0-level": "city", "units-1-level": "city"}
    page = post(client, "setup_units", nameless)
    assert not PilotUnit.objects.exists()
    assert list(page.context["rows"].forms[1].errors) == ["kind"]


def test_a_row_says_where_its_organisation_belongs_whichever_row_named_it_first(client, boss):
    client.force_login(boss)
    post(client, "setup_programme", programme_typed())
    kept = enter_units(
        client,
        {"name": "顺丰合作社团支部", "parent": "沿庄镇团委", "partner": "县林业局团支部"},
        {"name": "沿庄镇团委", "parent": "静海片区团委", "kind": "town"},
        {"name": "静海片区团委", "kind": "town"},
    )
    assert kept["rows"].forms[1].errors == {"kind": ["从名称看不出类别，请选择。"]}
    kept = enter_units(
        client,
        {"name": "静海片区团委", "kind": "town"},
        {"name": "顺丰合作社团支部", "parent": "沿庄镇团委", "partner": "县林业局团支部"},
        {"name": "沿庄镇团委", "parent": "静海片区团委", "kind": "town"},
    )
    assert kept is None
    above = {row.name: row.parent and row.parent.name for row in Organisation.objects.all()}
    assert above == {
        "共青团县委员会": None,
        "静海片区团委": "共青团县委员会",
        "沿庄镇团委": "静海片区团委",
        "顺丰合作社团支部": "沿庄镇团委",
        "县林业局团支部": "共青团县委员会",
    }


@pytest.mark.parametrize(
    ("typed", "row", "field"),
    [
        ([{"name": "王口镇团委", "parent": "王口镇 团委"}], 0, "parent"),
        (
            [
                {"name": "王口镇团委", "parent": "沿庄镇团委"},
                {"name": "沿庄镇团委", "parent": "王口镇团委"},
            ],
            1,
            "parent",
        ),
        ([{"name": "县税务局团委", "partner": "县税务局团委"}], 0, "partner"),
        ([{"name": "沿庄镇团委", "parent": "王口镇团委"}], 0, "parent"),
        ([{"name": "沿庄镇团委", "kind": "school"}], 0, "kind"),
    ],
    ids=["below itself", "below each other", "its own partner", "known elsewhere", "known as else"],
)
def test_organisations_that_cannot_stand_so_are_refused_beside_the_field(
    client, boss, typed, row, field
):
    client.force_login(boss)
    post(client, "setup_programme", programme_typed())
    if len(typed) == 1 and typed[0]["name"] == "沿庄镇团委":
        actions.Register(boss).unit("沿庄镇团委")
    before = Organisation.objects.count()
    page = enter_units(client, *typed)
    assert list(page["rows"].forms[row].errors) == [field]
    assert Organisation.objects.count() == before
    assert not PilotUnit.objects.exists()


def test_the_same_list_sent_twice_makes_nobody_twice(client, boss):
    client.force_login(boss)
    post(client, "setup_programme", programme_typed())
    assert post(client, "setup_people", PEOPLE).status_code == 302
    again = post(client, "setup_people", PEOPLE)
    assert "登录名 zhou" in again.context["rows"].forms[0].errors["name"][0]
    assert User.objects.filter(name="周").count() == 1


def test_a_sheet_of_slips_loaded_again_voids_no_code(client, boss):
    client.force_login(boss)
    through_to_units(client)
    [person] = User.objects.filter(name="周")
    sheet = uuid.uuid4()
    [slip] = hand_out(client, [person.pk], sheet).context["slips"]
    again = hand_out(client, [person.pk], sheet)
    assert again.status_code == 302
    assert User.objects.get(pk=person.pk).check_password(slip.secret)


@pytest.mark.parametrize("way", ["passwords", "codes"])
def test_a_second_window_voids_no_slip_that_the_first_one_gave(client, boss, way):
    client.force_login(boss)
    through_to_units(client)
    [person] = User.objects.filter(name="周")
    opened = clock.now()
    assert hand_out(client, [person.pk], opened=opened, way=way).context["slips"]
    refused = client.get(hand_out(client, [person.pk], opened=opened, way=way).url)
    assert "别的窗口或由同事发放过" in refused.content.decode()
    # Asked for on a page that knows of it, a new slip is given, and is as safe.
    opened = clock.now()
    assert hand_out(client, [person.pk], way=way).context["slips"]
    assert hand_out(client, [person.pk], opened=opened, way=way).status_code == 302


def test_slips_for_nobody_say_what_is_missing(client, boss):
    client.force_login(boss)
    through_to_units(client)
    page = client.get(hand_out(client, []).url)
    assert "没有勾选任何人" in page.content.decode()


def test_what_is_there_is_not_asked_again(client, boss):
    client.force_login(boss)
    through_to_units(client)
    page = client.get(reverse("reports:setup_programme"))
    assert not page.context["form"].fields
    post(client, "setup_programme", programme_typed(name="另一个"))
    assert PilotProgramme.objects.count() == 1


def test_whoever_has_a_password_of_his_own_is_not_given_another(client, boss):
    client.force_login(boss)
    through_to_units(client)
    people = list(User.objects.filter(name="周"))
    actions.hand_out(people, by=boss, with_codes=True)
    people[0].set_password("his-own-one-2026")
    people[0].save()
    people[0].registration_codes.update(used_at=clock.now())
    hand_out(client, [people[0].pk, boss.pk])
    assert User.objects.get(pk=people[0].pk).check_password("his-own-one-2026")
    assert User.objects.get(pk=boss.pk).check_password("not-a-secret-2026")


def test_who_comes_from_the_console_may_take_the_duty_of_administrator(client, boss):
    client.force_login(boss)
    post(client, "setup_own_duty", {})
    assert DutyGrant.objects.get(user=boss).duty == Duty.ADMINISTRATOR


def test_home_shows_the_guide_to_administrators_while_something_essential_is_missing(client, boss):
    client.force_login(boss)
    page = client.get(reverse("home"))
    assert page.context["setup"].next_step.name == "programme"
    assert [client.get(step.url).status_code for step in page.context["setup"].steps] == [200] * 4
    county = County()
    for person in (boss, county.administrator, county.approver):
        client.force_login(person)
        assert client.get(reverse("home")).context["setup"] is None


def test_the_sign_in_page_says_what_to_do_where_nobody_has_an_account(client, db):
    address = reverse("accounts:sign_in")
    assert "createsuperuser" in client.get(address).content.decode()
    User.objects.create_superuser("boss", "not-a-secret-2026", name="王")
    assert "createsuperuser" not in client.get(address).content.decode()


def test_a_name_tells_level_kind_and_a_sign_in_name_that_is_free():
    names = ("王口镇团委", "顺丰林木种植专业合作社团支部", "国家税务局县团总支", "瀛海学校团委")
    assert [kind_of(name) for name in names] == [
        Kind.TOWN,
        Kind.COOPERATIVE,
        Kind.ADMINISTRATIVE,
        Kind.SCHOOL,
    ]
    assert [level_of(name) for name in names[:3]] == [
        Level.COMMITTEE,
        Level.BRANCH,
        Level.GENERAL_BRANCH,
    ]
    assert kind_of("静海青年") is None
    assert sign_in_name("单小明", {"shanxiaoming", "shanxiaoming2"}) == "shanxiaoming3"


def test_what_a_list_of_units_made_known_is_named_and_a_unit_stands_in_one_row(client, boss):
    client.force_login(boss)
    post(client, "setup_programme", programme_typed())
    twice = enter_units(client, {"name": "甲村团支部"}, {"name": "甲村团支部"})
    assert twice["rows"].forms[1].errors["name"] == ["本表前面已有该单位，一个单位只填一行。"]
    early = {"joined_on": clock.today() - dt.timedelta(days=1)}
    typed = {"name": "甲村团支部", "level": "city", "parent": "某镇团委", "partner": "教育局团委"}
    page = post(client, "setup_units", rows("units", typed, **early)).context
    assert "加入日期不在试点期内" in page["joined"].errors["joined_on"][0]
    assert page["rows"].is_valid()
    answer = client.post(
        reverse("reports:setup_units"),
        rows("units", typed, joined_on=clock.today()),
        follow=True,
    )
    said = [str(message) for message in answer.context["messages"]]
    assert said == ["已登记 1 个试点单位。同时登记了某镇团委、教育局团委。"]


def test_a_contact_who_is_there_by_name_and_post_is_not_made_twice(client, boss):
    client.force_login(boss)
    post(client, "setup_programme", programme_typed())
    post(client, "setup_people", PEOPLE)
    enter_units(client, {"name": "甲村团支部"})
    unit = PilotUnit.objects.get()
    typed = {"organisation": unit.organisation_id, "name": "周"}
    page = post(client, "setup_accounts", rows("contacts", typed)).context
    assert "已登记过“周”" in page["rows"].forms[0].errors["name"][0]
    assert not Membership.objects.filter(organisation=unit.organisation).exists()


def test_the_last_step_says_that_nobody_is_registered_before_it_says_that_all_can_come(
    client, boss
):
    client.force_login(boss)
    assert "还没有登记别的人" in client.get(reverse("reports:setup_accounts")).content.decode()
