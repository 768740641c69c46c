"""工作台, the rail, the units' files and the guide."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Duty, DutyGrant, TransitionLog
from mentors.actions import records
from pairings.actions import pair
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.workdays import week_of
from reports.guide import guide_page
from reports.happenings import happenings_for
from reports.home import fund_figures
from reports.programmes.opening import open_programme
from tests.factories import days_ago
from tests.journeys import SITUATIONS, bring, draft, file_change
from tests.mentors.five_ones import visit
from tests.people import County, receive
from units.actions import suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return County()


def get(client, person, address, **query):
    """The page at `address` as `person` sees it."""
    client.force_login(person)
    return client.get(address, query)


def text_of(response):
    return response.content.decode()


def rail_of(response):
    """The labels of the rail: {label: count}."""
    return {
        item.label: item.count
        for group in response.context["navigation"]
        for item in group["items"]
    }


# --- The home page ------------------------------------------------------------------------------


def test_home_shows_what_waits_with_one_click_to_act(client, county):
    application = bring(county, "reviewed")
    page = get(client, county.approver, "/")
    assert reverse("funds:act", args=[application.pk, "approve"]) in text_of(page)
    assert "有 1 件事等您处理" in text_of(page)
    assert "可用 ¥10,000" in text_of(page)


def test_home_says_what_to_do_next_when_nothing_waits(client, county):
    assert reverse("funds:new_application") in text_of(get(client, county.member, "/"))


def test_a_leader_reads_an_overview_and_is_offered_nothing_to_do(client, county):
    bring(county, "reviewed")
    page = text_of(get(client, county.leader, "/"))
    assert "试点工作基金" in page
    assert "待我处理" not in page


def test_the_unit_sees_what_is_available_and_not_the_books(client, county):
    bring(county, "approved")
    page = text_of(get(client, county.member, "/"))
    assert "9,200.00" in page
    assert reverse("funds:account", args=[county.fund.pk]) not in page
    assert reverse("funds:account", args=[county.fund.pk]) in text_of(
        get(client, county.approver, "/")
    )


def test_the_card_of_applications_says_whose_they_are(client, county):
    own, guided = "<h2>本单位的申请</h2>", "<h2>所指导单位的申请</h2>"
    DutyGrant.objects.filter(user=county.mentor).delete()
    for person, said, unsaid in [(county.member, own, guided), (county.mentor, guided, own)]:
        page = text_of(get(client, person, "/"))
        assert said in page, person
        assert unsaid not in page, person


def test_a_partner_sees_his_pairing(client, county):
    pair(county.unit, county.office, by=county.administrator, starts_on=clock.today())
    page = text_of(get(client, county.partner, "/"))
    assert "顺丰林木种植专业合作社团支部 — 县林业局团支部" in page
    assert "试点工作基金" not in page


def test_a_stranger_sees_neither_fund_nor_happenings(client, county):
    bring(county, "approved")
    page = get(client, county.stranger, "/")
    assert page.status_code == 200
    assert "试点工作基金" not in text_of(page)
    assert page.context["happenings"] == []


def test_the_administrator_is_warned_when_nobody_can_decide(client, county):
    assert "目前无法办完" not in text_of(get(client, county.administrator, "/"))
    DutyGrant.objects.filter(duty=Duty.CASHIER).delete()
    assert "目前无法办完" in text_of(get(client, county.administrator, "/"))


@pytest.mark.parametrize(
    ("hour", "words"),
    [(3, "夜深了"), (9, "上午好"), (12, "中午好"), (15, "下午好"), (20, "晚上好")],
)
def test_the_greeting_knows_the_time_of_day(client, county, hour, words):
    client.force_login(county.approver)
    with clock.at(clock.local(clock.now()).replace(hour=hour)):
        assert words in text_of(client.get("/"))


@pytest.mark.long
def test_home_takes_at_most_fifteen_queries_for_everybody(client, county):
    for situation in SITUATIONS:
        bring(county, situation)
    file_change(county, bring(county, "approved"))
    suggest(by=county.member, text="能否晚上开会？")
    get(client, county.approver, "/")
    for username, person in county.everybody():
        if person.is_active:
            client.force_login(person)
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/").status_code == 200
            assert len(queries) <= 15, (username, [q["sql"][:200] for q in queries])


def test_home_and_list_take_the_same_queries_with_one_row_as_with_many(client, county):
    bring(county, "reviewed")
    client.force_login(county.approver)
    addresses = ["/", reverse("reports:todo"), reverse("reports:units")]

    def count():
        counted = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counted.append(len(queries))
        return counted

    with_one = count()
    for _ in range(8):
        bring(county, "reviewed", requested="100")
    assert count() == with_one


def test_home_asks_for_the_figures_of_the_report_once_it_stands(client, county):
    """They count every visit: the page itself does not wait for that."""
    address = reverse("reports:so_far")
    assert f'hx-get="{address}"' in text_of(get(client, county.leader, "/"))
    assert address not in text_of(get(client, county.member, "/"))
    piece = client.get(address, headers={"HX-Request": "true"})
    assert piece.status_code == 403
    client.force_login(county.leader)
    piece = text_of(client.get(address, headers={"HX-Request": "true"}))
    assert piece.strip() in text_of(client.get(address))
    assert "<html" not in piece


def test_the_figures_so_far_are_the_reports_and_lead_to_their_records(client, county):
    visit(county.unit, clock.today())
    money = {"amount": to_yuan("4000"), "on": clock.today(), "received_on": clock.today()}
    records.coordinate(county.unit, by=county.mentor, source="镇政府", **money)
    client.force_login(county.approver)
    figures = client.get(reverse("reports:so_far")).context["figures"]
    assert [(figure["words"], figure["number"], figure["unit"]) for figure in figures] == [
        ("走访", "1", "次"),
        ("设计活动", "0", "个"),
        ("解决困难", "0", "件"),
        ("协调经费", "4,000", "元"),
    ]
    assert [client.get(figure["url"]).status_code for figure in figures] == [200] * 4


# --- The whole list -----------------------------------------------------------------------------


def test_the_whole_list_has_pages(client, county):
    for number in range(21):
        suggest(by=county.member, text=f"建议之{number}。")
    first = get(client, county.approver, reverse("reports:todo"))
    second = get(client, county.approver, reverse("reports:todo"), page=2)
    assert [item.title for item in first.context["page"]][0] == "建议之0。"
    assert len(first.context["page"]) == 20
    assert [item.title for item in second.context["page"]] == ["建议之20。"]
    assert "共 21 条" in text_of(first)


# --- The rail -----------------------------------------------------------------------------------


def test_the_rail_counts_what_waits(client, county):
    bring(county, "reviewed")
    suggest(by=county.member, text="能否晚上开会？")
    rail = rail_of(get(client, county.approver, "/"))
    assert (rail["工作台"], rail["基金申请"], rail["意见建议"]) == (2, 1, 1)


def test_the_books_and_the_administration_are_in_the_rail_of_those_who_may_open_them(
    client, county
):
    for person, books, administration in [
        (county.approver, True, False),
        (county.leader, True, False),
        (county.administrator, True, True),
        (county.member, False, False),
        (county.partner, False, False),
    ]:
        rail = rail_of(get(client, person, "/"))
        assert ("资金账户" in rail, "账户与岗位" in rail) == (books, administration), person


@pytest.mark.long
def test_every_place_in_the_rail_opens(client, county):
    for person in (county.administrator, county.member, county.mentor, county.partner):
        page = get(client, person, "/")
        for group in page.context["navigation"]:
            for item in group["items"]:
                assert client.get(item.url, follow=True).status_code == 200, (person, item.label)


def test_the_rail_marks_one_place(client, county):
    for address, label in [
        ("/", "工作台"),
        (reverse("reports:todo"), "工作台"),
        (reverse("reports:unit", args=[county.unit.pk]), "试点单位"),
        (reverse("units:suggest"), "意见建议"),
    ]:
        groups = get(client, county.approver, address).context["navigation"]
        marked = [item.label for group in groups for item in group["items"] if item.is_current]
        assert marked == [label]


def test_the_bottom_bar_holds_three_places(client, county):
    for person in (county.approver, county.member, county.partner, county.administrator):
        assert len(get(client, person, "/").context["bottom_bar"]) == 3


def test_the_top_bar_says_which_week_of_the_pilot_it_is(client, county):
    programme, week = county.programme, dt.timedelta(days=7)
    monday = week_of(programme.starts_on)
    for day, words in [
        (programme.starts_on, f"{programme} · 第 1 周<"),
        (monday + week, f"{programme} · 第 2 周<"),
        (monday + 2 * week - dt.timedelta(days=1), f"{programme} · 第 2 周<"),
        (programme.ends_on + week, f"{programme}<"),
    ]:
        client.force_login(county.administrator)
        with clock.at(dt.datetime.combine(day, dt.time(12), clock.SHANGHAI)):
            assert words in text_of(client.get(reverse("reports:help")))


# --- Figures and happenings -----------------------------------------------------------------------


def test_the_fund_figures_are_those_of_the_ledger(county):
    receive(county, "500")
    bring(county, "partly_paid")
    figures = fund_figures(county.fund)
    balances = county.fund.balances
    assert figures.available == balances.available
    assert figures.reserved == balances.reserved
    assert figures.received == to_yuan("10500")
    assert figures.paid == to_yuan("300")


def test_what_came_back_is_neither_paid_nor_received(county):
    bring(county, "closed")
    figures = fund_figures(county.fund)
    assert figures.received == to_yuan("10000")
    assert figures.paid == to_yuan("200")
    assert figures.available == to_yuan("9800")


def test_nobody_learns_of_what_he_may_not_see(county):
    submitted, unseen = bring(county, "submitted"), draft(county)
    titles = {h.url for h in happenings_for(county.approver, 50)}
    assert reverse("funds:application", args=[submitted.pk]) in titles
    assert reverse("funds:application", args=[unseen.pk]) not in titles
    assert happenings_for(county.neighbour, 50) == []
    assert TransitionLog.objects.exists()


def test_what_happened_in_every_kind_of_matter_is_news_for_who_may_see_it(county):
    said = records.raise_difficulty(county.unit, by=county.member, description="缺场地。")
    records.solve_difficulty(said, by=county.mentor, opinion="借到。", on=clock.today())
    for person in (county.leader, county.member, county.mentor):
        told = happenings_for(person, 6)
        assert [(row.label, row.title) for row in told] == [
            ("报告已解决困难", "缺场地。"),
            ("提出困难", "缺场地。"),
        ]
        assert told[0].url == reverse("mentors:difficulty", args=[said.pk])
        assert clock.local(told[0].when).date() == clock.today()
    assert happenings_for(county.neighbour, 6) == []


# --- Units and the guide ------------------------------------------------------------------------


def test_a_unit_file_shows_who_it_is_and_what_it_does(client, county):
    application = bring(county, "partly_paid")
    page = text_of(get(client, county.leader, reverse("reports:unit", args=[county.unit.pk])))
    for words in ("沿庄镇团委", str(county.mentor), application.name, "800.00", "300.00"):
        assert words in page


def test_a_draft_is_not_in_the_units_file_for_the_county(client, county):
    application = draft(county)
    address = reverse("reports:unit", args=[county.unit.pk])
    assert application.name in text_of(get(client, county.member, address))
    assert application.name not in text_of(get(client, county.leader, address))


def test_a_unit_is_unknown_to_strangers_and_partners(client, county):
    address = reverse("reports:unit", args=[county.unit.pk])
    assert get(client, county.former_mentor, address).status_code == 200
    for person in (county.stranger, county.partner, county.neighbour):
        assert get(client, person, address).status_code == 404


def test_units_are_found_by_an_alias(client, county):
    county.branch.aliases = "林木合作社"
    county.branch.save()
    page = get(client, county.leader, reverse("reports:units"), q="林木合作")
    assert [row.pk for row in page.context["page"]] == [county.unit.pk]


def test_the_guide_names_every_button_it_speaks_of(client, county):
    page = text_of(get(client, county.member, reverse("reports:help")))
    assert "申请被退回了怎么办" in page
    for entry in guide_page()["toc"]:
        assert f'href="#{entry["id"]}"' in page
        assert f'id="{entry["id"]}"' in page


@pytest.mark.parametrize("name", ["reports:units", "mentors:five_ones"])
def test_a_programme_without_units_says_so_to_the_county_and_to_others_what_they_would_see(
    client, county, name
):
    county.programme.units.update(
        programme=open_programme(
            by=county.administrator,
            name="以前的试点",
            year=2020,
            starts_on=days_ago(900),
            ends_on=days_ago(600),
        )
    )
    address = reverse(name) + f"?programme={county.programme.pk}"
    setup = reverse("reports:setup_units")
    for person, said, may_register in [
        (county.administrator, "本次试点还没有登记单位", True),
        (county.approver, "本次试点还没有登记单位", False),
        (county.member, "还没有您可以查看的试点单位", False),
    ]:
        client.force_login(person)
        page = client.get(address).content.decode()
        assert said in page, person
        assert (f'class="btn" href="{setup}"' in page) == may_register, person
