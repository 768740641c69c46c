"""单位档案: everything about a unit on one page, in the order of the five mechanisms."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import (
    Allocation,
    AwardCycle,
    AwardLevel,
    AwardType,
    Campaign,
    CampaignKind,
    Contribution,
    Nomination,
)
from awards.models.rewards import Reward, RewardLevel
from funds.models import Application, DuesRecord, Entry, EntryKind
from funds.models.plaque import Plaque, PlaqueState
from pairings.actions import pair
from pairings.actions.agreements import enter_agreement
from pairings.actions.joint import confirm
from pairings.actions.seminars import enter_seminar
from pilotwork import clock
from pilotwork.money import to_yuan
from reports.figures import measure
from tests.factories import MembershipFactory, UserFactory, days_ago
from tests.journeys import bring, fresh, go_on
from tests.pairings.together import deal, talk
from tests.people import County
from tests.reports.test_exports import column
from units.models import Organisation

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
MECHANISMS = ["一、经费", "二、人员", "三、方法", "四、政策", "五、机制"]


@pytest.fixture
def county():
    return County()


def read(client, county, person):
    """The text of the unit's file as `person` reads it."""
    client.force_login(person)
    answer = client.get(reverse("reports:unit", args=[county.unit.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_revoked_approval_counts_nowhere_and_a_terminated_one_shows_what_was_released(
    client, county
):
    """The file, home, the list's workbook and the report's figure say the same."""
    kept = [bring(county, "paid"), bring(county, "terminated")]
    bring(county, "revoked")
    granted = sum(application.approved_amount for application in kept)
    assert f'核定 <span class="amount">¥{granted:,.2f}</span>' in read(
        client, county, county.approver
    )
    (overview,) = [u for u in client.get("/").context["units"] if u.pk == county.unit.pk]
    assert overview.approved == granted
    figures = measure(county.programme, clock.today(), ["approved_amount"])
    assert figures["approved_amount"] == granted
    listed = column(county.approver, "核定金额（元）", "funds:applications")
    assert sum(amount or 0 for amount in listed) == granted
    page = client.get(reverse("funds:application", args=[kept[1].pk])).content.decode()
    released = kept[1].approved_amount - fresh(kept[1]).sums.disbursed
    assert released > 0
    assert re.search(rf"已释放.*?{released:,.2f}", page, re.S)


def test_what_the_unit_owes_back_is_said_until_it_came(client, county):
    owing = [bring(county, "closure_reviewed"), bring(county, "terminated")]
    words = "¥160.00</span>，请交回团县委"
    assert words in read(client, county, county.member)
    assert words in read(client, county, county.mentor)
    for application in owing:
        go_on(county, application, "recover_rest")
    assert "应退未退" not in read(client, county, county.member)


def honour(county, number=1):
    """A nomination, a contribution, an allocation, a reward, a plaque and a year's dues."""
    by = {"began_on": clock.today(), "pilot_unit": county.unit}
    contribution = Contribution.objects.create(
        deeds=f"带动苗木销售 {number}", proposed_by=county.member, **by
    )
    cycle, _ = AwardCycle.objects.get_or_create(
        programme=county.programme,
        year=2026,
        level=AwardLevel.COUNTY,
        extra_unit_places=1,
        extra_youth_places=1,
        notice_days=5,
    )
    Nomination.objects.create(
        cycle=cycle,
        organisation=county.branch,
        award_type=AwardType.MEMBER,
        nominee_name=f"郑{number}",
        deeds="事迹",
        contribution=contribution,
        entered_by=county.member,
        **by,
        state="nominated",
    )
    Reward.objects.create(
        level=RewardLevel.CITY,
        basis_title=f"表扬通报 {number}",
        amount=to_yuan("500"),
        proposed_on=clock.today(),
        **by,
    )
    Plaque.objects.create(
        text=f"试点单位 {number}",
        maker_name="广告公司",
        cost=to_yuan("180"),
        state=PlaqueState.WITHDRAWN,
        **by,
    )
    DuesRecord.objects.create(
        year=2020 + number, payable=to_yuan("96.30"), recorded_by=county.cashier, **by
    )
    campaign = Campaign.objects.create(
        programme=county.programme, kind=CampaignKind.HOPE, year=2026, name=f"圆梦行动 {number}"
    )
    Allocation.objects.create(
        campaign=campaign,
        organisation=county.branch,
        base_places=1,
        extra_places=1,
        base_amount=to_yuan("1000"),
        extra_amount=to_yuan("250.50"),
    )


def join(county, pairing, number=1):
    """A seminar and an agreement of the unit's pair."""
    enter_seminar(pairing, by=county.member, **talk(title=f"座谈 {number}"))
    joint = enter_agreement(pairing, by=county.member, **deal(title=f"协议 {number}"))
    confirm(joint, by=county.partner)


@pytest.fixture
def pairing(county):
    return pair(county.unit, county.office, by=county.administrator, starts_on=days_ago(9))


def test_the_five_mechanisms_stand_in_their_order(client, county):
    page = read(client, county, county.leader)
    places = [page.index(f"<h2>{words}") for words in MECHANISMS]
    assert places == sorted(places)
    assert "data-print" in page


def test_everything_about_the_unit_is_on_the_page(client, county, pairing):
    application = bring(county, "partly_paid")
    honour(county)
    join(county, pairing)
    for person in (county.member, county.mentor, county.reviewer, county.leader):
        page = read(client, county, person)
        for words in (
            application.name,
            "共 1 项，核定",
            str(county.mentor),
            str(county.former_mentor),
            str(county.member),
            "每周一次走访",
            "郑1",
            "2026年度 · 优秀共青团员",
            "带动苗木销售 1",
            "圆梦行动 1",
            "1,250.50",
            "表扬通报 1",
            "500.00",
            "试点单位 1",
            "180.00",
            ">2021</a>",
            "96.30",
            county.office.name,
            "座谈 1",
            "协议 1",
            "待对方确认",
        ):
            assert words in page, (person.username, words)


def test_the_sums_cover_all_applications_not_only_those_shown(client, county):
    for _ in range(6):
        bring(county, "partly_paid", to_yuan("400"))
    bring(county, "closed", to_yuan("400"))
    client.force_login(county.leader)
    context = client.get(reverse("reports:unit", args=[county.unit.pk])).context
    assert len(context["applications"]) == 5
    entries = Entry.objects.filter(commitment__application__pilot_unit=county.unit)
    paid = {kind: sum(abs(e.cash) for e in entries.filter(kind=kind)) for kind in EntryKind}
    approved = sum(a.approved_amount for a in Application.objects.all())
    sums = context["sums"]
    assert (sums.number, sums.closed, sums.approved) == (7, 1, approved)
    assert (sums.paid, sums.given_back) == (paid["disburse"], paid["recover"])
    assert sums.given_back > 0


def test_each_section_shows_the_newest_five_and_leads_to_all(client, county, pairing):
    for number in range(7):
        enter_seminar(
            pairing, by=county.member, **talk(title=f"第{number}次", held_on=days_ago(number))
        )
    client.force_login(county.leader)
    address = reverse("reports:unit", args=[county.unit.pk])
    sections = client.get(address).context["sections"]
    assert [line.title for line in sections["seminars"].lines] == [f"第{n}次" for n in range(5)]
    only_here = f"?unit={county.unit.pk}"
    assert sections["seminars"].all_url == reverse("pairings:seminars") + only_here
    assert [s.label for s in sections.values() if not s.all_url.endswith(only_here)] == []


def test_other_units_records_are_not_in_it(client, county, pairing):
    bring(county, "partly_paid")
    honour(county)
    join(county, pairing)
    client.force_login(county.leader)
    context = client.get(reverse("reports:unit", args=[county.other_unit.pk])).context
    assert context["applications"] == context["pairs"] == []
    assert all(not section.lines for section in context["sections"].values())


def test_a_draft_nomination_is_the_units_own_affair(client, county):
    honour(county)
    Nomination.objects.all().delete()
    Nomination.objects.create(
        cycle=AwardCycle.objects.get(),
        organisation=county.branch,
        pilot_unit=county.unit,
        award_type=AwardType.BRANCH,
        deeds="事迹",
        entered_by=county.member,
        began_on=clock.today(),
    )
    assert "五四红旗团支部" in read(client, county, county.member)
    assert "五四红旗团支部" not in read(client, county, county.leader)


def number_of_queries(client, county, person):
    """How many queries the page takes (looked at once before, for what a process keeps)."""
    read(client, county, person)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("reports:unit", args=[county.unit.pk]))
    return len(queries)


@pytest.mark.long
def test_the_file_takes_at_most_fifteen_queries_however_much_there_is(client, county, pairing):
    people = [county.member, county.mentor, county.leader, county.administrator]
    bring(county, "approved", to_yuan("1"))
    honour(county, 0)
    join(county, pairing, 0)
    few = [number_of_queries(client, county, person) for person in people]
    for number in range(1, 7):
        bring(county, "approved", to_yuan("1"))
        honour(county, number)
        join(county, pairing, number)
        MembershipFactory(
            user=UserFactory(), organisation=Organisation.objects.get(pk=county.branch.pk)
        )
    many = [number_of_queries(client, county, person) for person in people]
    assert many == few
    assert max(many) <= MOST_QUERIES
