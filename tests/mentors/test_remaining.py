"""What was logged along with a late visit and stays when that is not confirmed: it is said so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentors.actions.records import confirm_difficulty, correct_coordination
from mentors.actions.visits import (
    CORRECTABLE,
    correct_visit,
    decline_visit,
    withdraw_visit,
)
from mentors.models import Coordination, Visit
from pilotwork.refusals import Refused
from tests.factories import days_ago
from tests.mentors.phone import EVERYTHING, client_of, log_visit

STAYS = "不随“不予确认”作废"
STAYED = "没有随之作废"


@pytest.fixture
def late(county):
    """A visit of fifteen days ago that waits, with everything logged along with it."""
    return log_visit(county, on=days_ago(15), besides=EVERYTHING)


def page_of(person, visit):
    """The visit's page as the person reads it: (HTML, the records that remain)."""
    response = client_of(person).get(reverse("mentors:visit", args=[visit.pk]))
    return response.content.decode(), response.context["remaining"]


def declined(county, visit):
    decline_visit(visit, by=county.reviewer, opinion="没有去过。")
    return visit


def test_who_may_decline_a_visit_reads_which_records_stay_and_where_they_are(county, late):
    page, remaining = page_of(county.reviewer, late)
    assert STAYS in page
    for words in ("经费协调 300.00 元（县总工会）", "林下课堂", "缺苗木", "走访了 12 户"):
        assert words in page
    assert {one.link for one in remaining} == {"查看"}
    form = reverse("mentors:act_on_visit", args=[late.pk, "decline"])
    assert STAYS in client_of(county.reviewer).get(form).content.decode()


def test_who_may_not_decline_it_is_not_told_what_would_remain(county, late):
    assert page_of(county.mentor, late)[1] == []
    assert page_of(county.leader, late)[1] == []


def test_who_is_about_to_withdraw_a_visit_reads_what_stays_and_afterwards_everybody(county):
    visit = log_visit(county, besides=EVERYTHING)
    assert page_of(county.mentor, visit)[1] == []
    form = reverse("mentors:act_on_visit", args=[visit.pk, "withdraw"])
    assert "不随“撤回走访”作废" in client_of(county.mentor).get(form).content.decode()
    assert client_of(county.mentor).post(form, {"opinion": "记错了单位。"}).status_code == 302
    page, remaining = page_of(county.member, visit)
    assert STAYED in page
    assert "记错了单位。" in page
    assert len(remaining) == 4


@pytest.mark.parametrize("who", ["mentor", "reviewer", "leader", "member"])
def test_once_declined_everybody_who_reads_it_is_told(county, late, who):
    page, remaining = page_of(county.people[who], declined(county, late))
    assert STAYED in page
    assert len(remaining) == 4


def test_the_mentor_is_led_to_the_forms_that_set_it_right(county, late):
    page, _ = page_of(county.mentor, declined(county, late))
    for name, record in [
        ("mentors:correct_coordination", late.coordination),
        ("mentors:correct_research", late.research),
        ("mentors:difficulty", late.difficulty),
    ]:
        url = reverse(name, args=[record.pk])
        assert f'href="{url}"' in page
        assert client_of(county.mentor).get(url).status_code == 200


def test_money_that_did_not_come_in_counts_no_more_once_its_day_is_cleared(county, late):
    declined(county, late)
    money = late.coordination
    assert "清空到位日期就不计入" in page_of(county.mentor, late)[0]
    correct_coordination(
        money, by=county.mentor, source=money.source, amount=money.amount, on=money.on
    )
    assert Coordination.objects.get().received_on is None
    assert "未到位，不计入" in page_of(county.mentor, late)[0]


def test_what_the_unit_has_confirmed_is_not_said_to_be_set_right(county, late):
    confirm_difficulty(late.difficulty, by=county.member)
    assert "单位已确认解决，不能再更正。" in page_of(county.reviewer, late)[0]


def test_a_visit_with_which_nothing_was_logged_says_nothing(county):
    visit = log_visit(county, on=days_ago(15))
    assert STAYS not in page_of(county.reviewer, visit)[0]
    assert STAYED not in page_of(county.reviewer, declined(county, visit))[0]


def test_saying_it_takes_few_queries(county, late):
    client, url = client_of(county.reviewer), reverse("mentors:visit", args=[late.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 12


def test_a_withdrawn_visit_counts_no_more_is_no_news_of_its_week_and_stays_to_be_read(county):
    visit, other = log_visit(county), log_visit(county, unit=county.other_unit, by=county.reviewer)
    assert set(Visit.objects.counting()) == {visit, other}
    withdraw_visit(visit, by=county.mentor, opinion="记错了单位。")
    assert list(Visit.objects.counting()) == [other]
    sheet = client_of(county.leader).get(reverse("mentors:weekly_sheet")).content.decode()
    assert sheet.count("看了林地。") == 1
    listed = client_of(county.leader).get(reverse("mentors:visits"), {"mark": "withdrawn"})
    assert [row.record for row in listed.context["table"].rows] == [visit]
    values = {name: getattr(visit, name) for name in CORRECTABLE}
    with pytest.raises(Refused, match="该走访已撤回，不能再更正。"):
        correct_visit(visit, by=county.mentor, **values)
