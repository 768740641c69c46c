"""数据走势: visits by their week, money by the month in which it was booked."""

import datetime as dt
import json
import re

import pytest
from django.urls import reverse

from accounts.models import Duty
from funds.actions import ledger
from mentors.models import Mode, VisitState
from pilotwork import clock
from pilotwork.money import ZERO, to_yuan
from reports.home import fund_figures
from reports.trends import month_lines, programme_before, week_lines
from tests.factories import (
    FundAccountFactory,
    PilotProgrammeFactory,
    PilotUnitFactory,
    UserFactory,
)
from tests.journeys import bring
from tests.mentors.five_ones import assign, day, excuse, guided_unit, living_on, visit
from tests.people import receive
from units.models import PilotProgramme

pytestmark = pytest.mark.django_db
TRENDS = "reports:trends"
# Five ordinary weeks of 2026 from Monday, 8 June; no holiday in the first and the last two.
START, END = day(6, 8), day(7, 12)


def shanghai(year, month, day, hour=12, minute=0):
    return dt.datetime(year, month, day, hour, minute, tzinfo=clock.SHANGHAI)


def weeks_on(unit, on):
    """(visits, due, covered, missing) of every week as seen on the day `on`."""
    with living_on(on):
        lines = week_lines(unit.programme)
    return [(line.visits, line.due, line.covered, line.missing) for line in lines]


# --- Visits ---------------------------------------------------------------------------------------


def test_a_week_counts_what_counts_and_says_who_was_due_and_who_was_covered():
    unit = guided_unit(START, END)
    other = PilotUnitFactory(programme=unit.programme, joined_on=START)
    assign(other, START)
    for on in (day(6, 8), day(6, 8), day(6, 10)):
        visit(unit, on)
    visit(other, day(6, 9), mode=Mode.REMOTE)
    visit(other, day(6, 29), state=VisitState.LATE)
    excuse(other, day(6, 29))
    visit(unit, day(6, 30))
    assert weeks_on(unit, day(7, 5))[0] == (2, 2, 1, 1)
    assert weeks_on(unit, day(7, 5))[3] == (1, 2, 2, 0)


def test_weeks_end_with_the_present_one_and_are_numbered_from_the_pilots_first():
    unit = guided_unit(START, END)
    with living_on(day(6, 24)):
        lines = week_lines(unit.programme)
    assert [(line.number, line.monday) for line in lines] == [
        (1, day(6, 8)),
        (2, day(6, 15)),
        (3, day(6, 22)),
    ]


def test_a_pilot_of_several_years_shows_its_last_52_weeks():
    unit = guided_unit(day(1, 5), day(12, 31, 2028))
    with living_on(day(6, 30, 2028)):
        lines = week_lines(unit.programme)
    assert len(lines) == 52
    assert (lines[-1].number, lines[-1].monday) == (130, day(6, 26, 2028))


def everyone():
    """All programmes, as the page has them."""
    return PilotProgramme.objects.all()


def test_another_programmes_visits_stand_beside_the_same_week_and_are_not_counted():
    before, unit = guided_unit(day(3, 2), day(4, 5)), guided_unit(START, END)
    visit(before, day(3, 10))
    visit(unit, day(6, 8))
    with living_on(day(6, 24)):
        lines = week_lines(unit.programme, programme_before(unit.programme, everyone()))
    assert [(line.visits, line.before) for line in lines] == [(1, 0), (0, 1), (0, 0)]


def test_the_programme_before_is_the_last_that_began_earlier(county):
    for ago in (900, 400):
        PilotProgrammeFactory(starts_on=clock.today() - dt.timedelta(days=ago))
    PilotProgrammeFactory(starts_on=clock.today())
    before = programme_before(county.programme, everyone())
    assert (clock.today() - before.starts_on).days == 400
    assert programme_before(programme_before(before, everyone()), everyone()) is None


# --- Money ----------------------------------------------------------------------------------------


@pytest.fixture
def books(county):
    """The fund of a programme that began in March of next year, still empty."""
    year = clock.today().year + 1
    programme = PilotProgrammeFactory(starts_on=dt.date(year, 3, 1), ends_on=dt.date(year, 12, 31))
    FundAccountFactory(programme=programme)
    return programme


def lines_of(programme, on):
    with clock.at(on):
        return month_lines(programme)


def test_money_counts_in_the_month_in_which_it_was_booked_in_shanghai(county, books):
    year = books.year
    with clock.at(shanghai(year, 3, 31, 23, 59)):
        receive(county, "100", books.fund_account)
    with clock.at(shanghai(year, 4, 1, 0, 1)):
        receive(county, "30", books.fund_account)
    lines = lines_of(books, shanghai(year, 5, 2))
    assert [(line.month.month, line.received, line.cash) for line in lines] == [
        (3, 100, 100),
        (4, 30, 130),
        (5, 0, 130),
    ]


def test_a_reversal_counts_in_its_own_month(county, books):
    year = books.year
    with clock.at(shanghai(year, 3, 5)):
        entry = receive(county, "100", books.fund_account)
    with clock.at(shanghai(year, 4, 5)):
        ledger.reverse_receipt(entry, by=county.cashier, reason="记错。")
    lines = lines_of(books, shanghai(year, 4, 9))
    assert [(line.received, line.paid, line.cash) for line in lines] == [
        (100, 0, 100),
        (-100, 0, 0),
    ]


def test_the_months_add_up_to_the_fund_at_a_glance(county):
    bring(county, "closed")
    bring(county, "partly_paid")
    lines, figures = month_lines(county.programme), fund_figures(county.fund)
    assert sum((line.received for line in lines), ZERO) == figures.received == to_yuan("10000")
    assert sum((line.paid for line in lines), ZERO) == figures.paid == to_yuan("500")
    assert lines[-1].available == figures.available
    assert lines[-1].cash - lines[-1].available == figures.reserved


def test_what_the_programme_before_had_paid_stands_beside_the_month_of_the_same_number(
    county, books
):
    bring(county, "partly_paid")
    start, today = county.programme.starts_on, clock.today()
    number = (today.year - start.year) * 12 + today.month - start.month
    with clock.at(shanghai(books.year, 12, 31)):
        lines = month_lines(books, county.programme)
    assert [line.before for line in lines] == [
        to_yuan("300") if n == number else ZERO for n in range(10)
    ]


def test_a_programme_without_account_has_no_months():
    assert month_lines(PilotProgrammeFactory()) == []


# --- The page -------------------------------------------------------------------------------------


def test_picture_and_table_say_the_same(client, county):
    bring(county, "partly_paid")
    visit(county.unit, clock.today())
    client.force_login(county.leader)
    page = client.get(reverse(TRENDS))
    html = page.content.decode()
    drawn = re.search(r'<script id="money-chart" type="application/json">(.*?)</script>', html)
    received, paid, available = (row["values"] for row in json.loads(drawn[1])["series"])
    assert received == [str(line.received) for line in page.context["months"]]
    assert paid == [str(line.paid) for line in page.context["months"]]
    assert available[-1] == "9200.00"
    for words in ("共走访 1 次", "拨付 300 元", "9,200.00", "看数据"):
        assert words in html


def test_only_this_page_loads_the_charts(client, county):
    client.force_login(county.approver)
    assert "chart.umd.min.js" in client.get(reverse(TRENDS)).content.decode()
    assert "charts" not in client.get(reverse("home")).content.decode()


def test_another_programme_is_chosen_by_the_address(client, county):
    other = PilotProgrammeFactory(starts_on=clock.today() - dt.timedelta(days=400))
    client.force_login(county.approver)
    for asked, shown in [(other.pk, other), ("", county.programme), ("x", county.programme)]:
        page = client.get(reverse(TRENDS), {"programme": asked})
        assert page.context["chosen"] == shown


def test_before_any_programme_the_page_says_what_will_be_there(client, db):
    client.force_login(UserFactory(duties=[Duty.ADMINISTRATOR]))
    assert "还没有可以显示的数据" in client.get(reverse(TRENDS)).content.decode()
