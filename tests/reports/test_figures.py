"""The figures of the 情况汇报: what they state of the demo, and the page behind each (DOMAIN, report)."""

import datetime as dt
import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.urls import resolve
from lxml import html

from accounts.models import User
from funds.actions import applications
from mentors.actions import assign_mentor
from mentors.actions.visits import confirm_visit, record_visit
from mentors.models import Mode
from pilotwork import clock
from pilotwork.money import to_yuan
from reports.briefing.material import gather
from reports.demo import load
from reports.figures import FIGURES, ISSUES, PAGED, figure_url, in_words, measure
from tests import journeys
from tests.factories import (
    FundAccountFactory,
    MentorAssignmentFactory,
    PilotProgrammeFactory,
    PilotUnitFactory,
    days_ago,
)
from tests.mentors.five_ones import visit
from tests.people import receive
from units.models import PilotProgramme

# What the office's own report states of its first months.
OFFICE = {
    "units": "5",
    "mentors": "5",
    "pairs": "5",
    "fund_received": "10000",
    "fund_from_working": "3000",
    "fund_from_donation": "7000",
    "units_applied": "2",
    "visits": "15",
    "activities_designed": "5",
    "difficulties_solved": "7",
    "coordinated_amount": "4000",
    "seminars": "6",
    "agreements": "7",
    "extra_unit_places": "1",
    "extra_youth_places": "1",
    "reward_setting": "500",
}
# What else the demo holds.
DEMO = OFFICE | {
    "applications": "2",
    "approved_amount": "1800",
    "disbursed_amount": "1000",
    "recovered_amount": "0",
    "fund_carried_in": "0",
    "fund_carried_out": "0",
    "dues_refunded": "1440",
    "rewards_amount": "500",
    "plaques": "5",
    "research": "6",
    "plans_confirmed": "4",
}


class Page:
    """What a person reads on the page of a figure."""

    def __init__(self, client, address):
        response = client.get(address)
        assert response.status_code == 200, address
        self.tree = html.fromstring(response.content.decode())
        self.text = " ".join(self.tree.text_content().split())

    @property
    def number(self):
        """The figure, as the report prints it."""
        return self.tree.find_class("counted")[0].text_content().strip()

    @property
    def rows(self):
        """The records: [(texts of the cells, address of the record's page)]."""
        found = self.tree.xpath("//table[contains(@class, 'table-list')]/tbody/tr")
        return [
            ([" ".join(c.text_content().split()) for c in r], r.xpath(".//a/@href")) for r in found
        ]

    @property
    def shares(self):
        """How the total splits: {unit or source: number in words}."""
        found = self.tree.xpath("//table[contains(@class, 'shares')]/tbody/tr")
        return {r.xpath("string(th)").strip(): r.xpath("string(td)").strip() for r in found}

    def adds_up(self, figure):
        """The number that the list of records itself comes to."""
        if figure.is_money and not figure.setting:
            amounts = [cells[-1].replace(",", "") for cells, _ in self.rows]
            return in_words(figure.key, sum(map(Decimal, amounts), Decimal("0.00")))
        words = getattr(figure.tally, "words", None)
        return str(sum(1 for cells, _ in self.rows if not words or words not in cells[-1]))


def page_of(client, key, programme, on=None, **more):
    """The page behind a figure, as the report links to it, all records on one page."""
    query = "".join(f"&{name}={value}" for name, value in {"per_page": 100, **more}.items())
    return Page(client, figure_url(key, programme, on or clock.today()) + query)


@pytest.fixture
def reader(client, county):
    """The leader's browser, who may read everything."""
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_demos_figures_are_those_of_the_office_and_every_page_adds_up_to_its_own(db, client):
    load()
    programme, today = PilotProgramme.objects.get(), clock.today()
    measured = measure(programme, today)
    assert {key: in_words(key, value) for key, value in measured.items()} == DEMO
    assert [*measured] == [*FIGURES]
    leader = User.objects.get(username="leader")
    client.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")
    records = {}
    for key, value in measured.items():
        page = check_page(client, key, programme, today, value)
        for address in page.rows[0][1] if page.rows else ():
            records[resolve(urlsplit(address).path).view_name] = address
    # A record of each kind leads to a page that the reader may open.
    assert len(records) > 12
    for address in records.values():
        assert client.get(address).status_code == 200, address
    earlier = today - dt.timedelta(days=14)
    measured = measure(programme, earlier)
    for key in ("visits", "difficulties_solved", "coordinated_amount", "rewards_amount"):
        assert measured[key] < measure(programme, today)[key]
        check_page(client, key, programme, earlier, measured[key])
    for on in (today, earlier):
        material = gather(programme, on)
        for key in ISSUES:
            assert material.address_of(key) == figure_url(key, programme, on)
            check_page(client, key, programme, on, material.values[key])
        assert f"programme={programme.pk}" in material.address_of("overdue_weeks")


def check_page(client, key, programme, on, value):
    """The page of a figure states `value`, and both its list and its split add up to it."""
    figure, page = PAGED[key], page_of(client, key, programme, on)
    assert page.number == in_words(key, value), key
    assert figure.meaning in page.text
    if not figure.setting:
        assert page.adds_up(figure) == page.number, key
    if figure.unit_path is not None or figure.split_by:
        assert sum(map(Decimal, page.shares.values())) == value, key
    return page


def test_the_figures_take_one_query_whatever_there_is(county, django_assert_num_queries):
    measure(county.programme, clock.today())
    with django_assert_num_queries(1):
        assert measure(county.programme, clock.today())["fund_received"] == 10_000


def test_money_is_printed_whole_where_it_is_and_without_commas():
    assert in_words("fund_received", to_yuan("10000")) == "10000"
    assert in_words("fund_received", to_yuan("1409.5")) == "1409.50"
    # As a frozen report keeps it.
    assert in_words("fund_received", "1409.50") == "1409.50"
    assert in_words("visits", 1500) == "1500"


# --- What counts, by name; the rest is compared in test_figures_at_a_cutoff.py --------------------


def test_two_visits_of_one_day_count_once_and_both_are_listed(county, reader):
    for on in (days_ago(2), days_ago(2), days_ago(1)):
        visit(county.unit, on)
    visit(county.unit, days_ago(1), mode=Mode.REMOTE)
    page = page_of(reader, "visits", county.programme)
    assert page.number == page.adds_up(FIGURES["visits"]) == "2"
    assert len(page.rows) == 3
    assert ["当天已计" in cells[-1] for cells, _ in page.rows] == [False, True, False]
    assert page.shares == {county.branch.label: "2"}


def test_a_unit_that_applied_twice_counts_once(county, reader):
    for situation in ("submitted", "rejected", "withdrawn", "draft"):
        journeys.bring(county, situation, requested=to_yuan("100"))
    found = measure(county.programme, clock.today())
    assert (found["units_applied"], found["applications"]) == (1, 2)
    page = page_of(reader, "units_applied", county.programme)
    assert ["该单位已计" in cells[-1] for cells, _ in page.rows].count(True) == 1


def test_who_guides_two_units_is_one_mentor(county, reader):
    assert measure(county.programme, clock.today())["mentors"] == 2
    assign_mentor(
        county.other_unit,
        by=county.administrator,
        mentor=county.mentor,
        starts_on=clock.today(),
        reason="调整",
    )
    assert measure(county.programme, clock.today())["mentors"] == 1
    assert measure(county.programme, days_ago(1))["mentors"] == 2
    page = page_of(reader, "mentors", county.programme)
    assert (page.number, len(page.rows)) == ("1", 2)
    assert page.shares == {county.branch.label: "1", county.other.label: "1"}


def test_what_a_day_brings_counts_to_its_last_moment_in_shanghai(county):
    day = days_ago(-10)
    last = clock.end_of(day) - dt.timedelta(microseconds=1)
    with clock.at(last):
        receive(county, "1")
    with clock.at(clock.end_of(day)):
        receive(county, "2")
    amounts = [measure(county.programme, day + dt.timedelta(days=n)) for n in (-1, 0, 1)]
    assert [found["fund_received"] for found in amounts] == [10_000, 10_001, 10_003]


def test_what_was_approved_then_is_exact_to_the_fen(county):
    amounts = [to_yuan(text) for text in ("0.29", "1.15", "8.03", "1409.50")]
    for amount in amounts:
        journeys.bring(county, "approved", requested=amount)
    assert measure(county.programme, clock.today())["approved_amount"] == sum(amounts)


def test_what_was_approved_counts_whatever_came_of_it_but_a_revocation(county, reader):
    for situation in ("approved", "closed", "terminated", "revoked", "rejected"):
        journeys.bring(county, situation)
    assert measure(county.programme, clock.today())["approved_amount"] == 2400
    application = journeys.bring(county, "approved", requested=to_yuan("500"))
    with clock.at(clock.now() + dt.timedelta(days=1)):
        applications.reduce(application, by=county.approver, amount=to_yuan("30"), opinion="减")
        assert measure(county.programme, days_ago(1))["approved_amount"] == 2900
        assert measure(county.programme, clock.today())["approved_amount"] == 2430
        page = page_of(reader, "approved_amount", county.programme)
        assert [cells[-1] for cells, _ in page.rows] == ["30.00", *["800.00"] * 3]
        page = page_of(reader, "approved_amount", county.programme, days_ago(1))
        assert sorted({cells[-1] for cells, _ in page.rows}) == ["500.00", "800.00"]


def test_a_late_visit_counts_from_its_confirmation_and_another_one_by_its_own_day(county):
    late = record_visit(
        county.unit, by=county.mentor, key=uuid4(), visited_on=days_ago(20), progress="补录。"
    )
    visit(county.unit, days_ago(9))
    # Nobody had to confirm this one: it counted when it was entered.
    visit(county.unit, days_ago(8), state="confirmed")
    with clock.at(clock.now() + dt.timedelta(days=3)):
        confirm_visit(late, by=county.reviewer)
        found = {on: measure(county.programme, days_ago(on))["visits"] for on in (13, 12, 11, 1, 0)}
    assert found == {13: 0, 12: 1, 11: 2, 1: 2, 0: 3}


def test_figures_never_mix_programmes(county, reader):
    other = PilotProgrammeFactory(name="下一次试点", reward_amount=to_yuan("800"))
    FundAccountFactory(programme=other)
    unit = MentorAssignmentFactory(pilot_unit=PilotUnitFactory(programme=other)).pilot_unit
    visit(unit, days_ago(1))
    visit(county.unit, days_ago(1))
    visit(county.unit, days_ago(2))
    journeys.bring(county, "paid")
    here, there = (measure(one, clock.today()) for one in (county.programme, other))
    differ = {key: (in_words(key, here[key]), in_words(key, there[key])) for key in here}
    assert {key: both for key, both in differ.items() if both[0] != both[1]} == {
        "units": ("2", "1"),
        "mentors": ("2", "1"),
        "fund_received": ("10000", "0"),
        "fund_from_donation": ("10000", "0"),
        "units_applied": ("1", "0"),
        "applications": ("1", "0"),
        "approved_amount": ("800", "0"),
        "disbursed_amount": ("800", "0"),
        "reward_setting": ("500", "800"),
        "visits": ("2", "1"),
    }
    assert page_of(reader, "visits", other).shares == {unit.organisation.label: "1"}


# --- The page --------------------------------------------------------------------------------------


def test_the_split_leads_to_the_records_of_one_unit(county, reader):
    visit(county.unit, days_ago(2))
    visit(county.other_unit, days_ago(2))
    visit(county.other_unit, days_ago(1))
    page = page_of(reader, "visits", county.programme)
    (link,) = page.tree.xpath(f"//th[. = '{county.other.label}']/../td/a/@href")
    query = parse_qs(urlsplit(link).query)
    assert query["unit"] == [str(county.other_unit.pk)]
    assert query["on"] == [clock.today().isoformat()]
    narrowed = Page(reader, link)
    assert [cells[1] for cells, _ in narrowed.rows] == [county.other.label] * 2
    # The number stays that of the report.
    assert narrowed.number == "3"
    assert f"只看{county.other.label}：2 次" in narrowed.text
    by_name = page_of(reader, "visits", county.programme, q=county.branch.name[:3])
    assert [cells[1] for cells, _ in by_name.rows] == [county.branch.label]


@pytest.mark.parametrize("on", ["2026-99-99", "昨天", "1999-12-31", "9999-12-31", ""])
def test_a_cutoff_that_is_no_date_is_said_beside_the_field(county, reader, on):
    page = Page(reader, f"/reports/figures/visits/?on={on}")
    assert page.tree.find_class("counted") == []
    (field,) = page.tree.xpath("//input[@name='on']")
    assert (field.get("value") or "") == on
    assert page.tree.get_element_by_id("id_on_error").text_content().strip()


@pytest.mark.parametrize(
    "address",
    [
        "nothing/",
        "visits/?programme=0",
        "visits/?programme=x",
        "visits/?programme=99999999999999999999",
        "visits/?unit=0",
    ],
)
def test_what_does_not_exist_is_not_found(county, reader, address):
    assert reader.get("/reports/figures/visits/").status_code == 200
    assert reader.get(f"/reports/figures/{address}").status_code == 404


def test_a_figures_page_leads_back_to_the_report_of_the_same_day(county, reader):
    crumbs = page_of(reader, "visits", county.programme, days_ago(2)).tree.xpath(
        "//ol[@class='crumbs']//a/@href"
    )
    assert crumbs == [f"/reports/briefing/{county.programme.pk}/report/?on={days_ago(2)}"]


def test_a_day_to_come_is_said_to_be_one(county, reader):
    assert "这一天还没有到" in page_of(reader, "units", county.programme, days_ago(-1)).text
    assert "这一天还没有到" not in page_of(reader, "units", county.programme).text


def test_only_an_administrator_is_led_to_the_setting_behind_a_rule(county, client):
    setting = f"/admin/units/pilotprogramme/{county.programme.pk}/change/"
    for person, is_led in [(county.administrator, True), (county.approver, False)]:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = page_of(client, "reward_setting", county.programme)
        assert page.number == "500"
        assert (setting in page.tree.xpath("//main//a/@href")) == is_led
    assert re.search("规定.*与截止日期无关", page.text)
