"""The page of an application: what it says and offers, and what a second click does."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.actions import applications
from funds.models import Entry, EntryKind, State
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests import journeys
from tests.funds.desk import client_of, errors_of, open_page, send, typed_draft
from tests.people import County

pytestmark = pytest.mark.django_db
LIST = "/funds/applications/"


@pytest.fixture
def county():
    return County()


# --- The decision page ----------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("situation", journeys.SITUATIONS)
@pytest.mark.parametrize("username", ["approver", "cashier", "mentor", "member", "leader"])
def test_every_situation_has_its_page_within_twelve_queries(county, situation, username):
    application, client = journeys.bring(county, situation), client_of(getattr(county, username))
    url = reverse("funds:application", args=[application.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    is_hidden = situation == "draft" and username != "member"
    assert response.status_code == (404 if is_hidden else 200)
    assert len(queries) <= 12
    assert response.content.decode().count("<h1") == 1


@pytest.mark.long
def test_the_page_offers_exactly_the_verbs_that_the_matter_allows(county):
    for situation in journeys.SITUATIONS:
        application = journeys.bring(county, situation)
        for person in (county.approver, county.reviewer, county.cashier, county.mentor):
            response = open_page(person, "application", application.pk)
            if response.status_code == 404:
                continue
            page = response.content.decode()
            address = re.escape(reverse("funds:application", args=[application.pk]))
            offered = set(re.findall(rf'"{address}(\w+)/"', page))
            expected = set(journeys.fresh(application).verbs_for(person))
            assert offered == expected, (situation, person.username)


def test_the_approver_sees_the_balance_before_and_after(county):
    application = journeys.bring(county, "reviewed")
    page = open_page(county.approver, "application", application.pk).content.decode()
    assert 'data-available="10000.00"' in page
    assert "data-balance-after" in page
    assert 'data-capitals-for="id_amount"' in page


def test_missing_opinions_are_said(county):
    application = journeys.bring(county, "submitted")
    page = open_page(county.reviewer, "application", application.pk).content.decode()
    assert "上级团组织意见尚未录入" in page
    assert "指导员意见尚未提出" in page
    own = journeys.draft(county, unit=county.other_unit, by=county.neighbour)
    journeys.applications.submit(own, by=county.neighbour)
    page = open_page(county.reviewer, "application", own.pk).content.decode()
    assert "指导员意见尚未提出" in page
    assert "上级团组织意见" not in page


def test_the_same_payment_typed_again_asks_whether_it_is_another(county, client):
    application = journeys.bring(county, "approved")
    journeys.pay(county, application, "20")
    client.force_login(county.cashier)
    address = reverse("funds:act", args=[application.pk, "pay"])
    typed = {"amount": "20", "occurred_on": str(clock.today()), "method": "银行转账"}
    answer = client.post(address, typed | {"request_key": str(uuid.uuid4())})
    assert "已拨付过 20.00 元" in answer.context["panel"].form.errors["is_another"][0]
    assert 'type="checkbox"' in str(answer.context["panel"].form["is_another"])
    # What cannot be paid at all is not asked whether it is another.
    journeys.pay(county, application, "700")
    large = typed | {"amount": "700", "request_key": str(uuid.uuid4())}
    errors = client.post(address, large).context["panel"].form.errors
    assert set(errors) == {"amount"}
    again = {"request_key": str(uuid.uuid4()), "is_another": "on"}
    assert client.post(address, typed | again).status_code == 302
    assert journeys.fresh(application).sums.disbursed == to_yuan("740")


def test_the_same_recovery_typed_again_asks_whether_it_is_another(county, client):
    application = journeys.bring(county, "closing")
    client.force_login(county.cashier)
    address = reverse("funds:act", args=[application.pk, "recover"])
    typed = {"amount": "40", "occurred_on": str(clock.today()), "method": "银行转账"}
    answer = client.post(address, typed | {"request_key": str(uuid.uuid4())})
    assert "已收回过 40.00 元" in answer.context["panel"].form.errors["is_another"][0]
    assert "这是另一笔收回" in answer.content.decode()
    again = {"request_key": str(uuid.uuid4()), "is_another": "on"}
    assert client.post(address, typed | again).status_code == 302
    assert journeys.fresh(application).sums.recovered == to_yuan("80")


def test_nothing_is_paid_before_the_day_of_the_approval(county):
    application = journeys.bring(county, "approved")
    with pytest.raises(Refused, match="不能早于立项日期"):
        journeys.pay(county, application, "20", occurred_on=clock.today() - dt.timedelta(days=1))


def test_another_form_of_mine_that_came_too_late_is_not_called_done(county, client):
    application = journeys.bring(county, "reviewed")
    client.force_login(county.approver)
    address = reverse("funds:act", args=[application.pk, "approve"])
    client.post(address, {"amount": "300", "opinion": "同意"})
    same = client.post(address, {"amount": "300.00", "opinion": "同意"}, follow=True)
    other = client.post(address, {"amount": "200", "opinion": "同意"}, follow=True)
    assert [[m.level_tag for m in page.context["messages"]][-1] for page in (same, other)] == [
        "success",
        "error",
    ]


def test_the_closure_form_prints_no_decision_that_was_taken_back(county):
    application = journeys.bring(county, "closed")
    applications.reopen(application, by=county.approver, opinion="金额有误。")
    page = open_page(county.leader, "closure_form", application.pk)
    assert page.context["opinions"]["approval"] is None
    assert page.context["opinions"]["review"]


def test_what_was_said_of_an_earlier_version_is_no_opinion_on_this_one(county):
    application = journeys.bring(county, "returned")
    page = open_page(county.reviewer, "application", application.pk)
    assert [o["verdict"] for o in page.context["opinions"]][-2:] == ["退回修改", ""]
    journeys.applications.resubmit(application, by=county.member)
    page = open_page(county.reviewer, "application", application.pk)
    assert [o["verdict"] for o in page.context["opinions"]][-2:] == ["", ""]


def test_a_refusal_leads_back_to_where_one_came_from(county, client):
    application = journeys.bring(county, "reviewed")
    page = reverse("funds:application", args=[application.pk])
    client.force_login(county.mentor)
    address = reverse("funds:act", args=[application.pk, "approve"])
    answer = client.get(address, headers={"referer": f"http://testserver{page}"})
    assert f'href="http://testserver{page}"' in answer.content.decode()
    elsewhere = client.get(address, headers={"referer": "http://elsewhere.example/"})
    assert "elsewhere" not in elsewhere.content.decode()


def test_the_mentor_is_told_why_he_may_not_decide_and_who_can(county):
    application = journeys.bring(county, "reviewed")
    page = open_page(county.mentor, "application", application.pk).content.decode()
    assert "按回避规定只能提出意见" in page
    assert str(county.approver) in page
    assert reverse("funds:act", args=[application.pk, "mentor_opinion"]) in page


def test_the_unit_reads_that_its_application_is_in_review(county):
    application = journeys.bring(county, "reviewed")
    assert "审核中" in open_page(county.member, "application", application.pk).content.decode()
    assert "待审批" in open_page(county.leader, "application", application.pk).content.decode()


def test_the_reviewer_sees_what_changed_since_the_last_submission(county):
    application = journeys.bring(county, "returned")
    url = reverse("funds:edit_application", args=[application.pk])
    client_of(county.member).post(url, typed_draft(submit="1", place="镇文化站"))
    page = open_page(county.reviewer, "application", application.pk).content.decode()
    assert "与上次提交相比" in page
    assert "<del>合作社林地</del>" in page
    assert "<ins>镇文化站</ins>" in page
    assert (
        "与上次提交相比"
        not in open_page(county.member, "version", application.pk, 1).content.decode()
    )


def test_an_earlier_version_stays_readable(county):
    application = journeys.bring(county, "returned")
    url = reverse("funds:edit_application", args=[application.pk])
    client_of(county.member).post(url, typed_draft(submit="1", place="镇文化站"))
    first = open_page(county.leader, "version", application.pk, 1).content.decode()
    assert "合作社林地" in first
    assert "镇文化站" not in first
    assert open_page(county.leader, "version", application.pk, 9).status_code == 404


# --- Verbs ----------------------------------------------------------------------------------------


def test_a_verb_button_beside_the_form_goes_back_with_everything_typed(county):
    application = journeys.bring(county, "reviewed")
    typed = {"shown": "approve", "amount": "678", "opinion": "", "minutes_number": "纪要7"}
    response = send(county.approver, application, "send_back", **typed)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="678"' in page
    assert "纪要7" in page
    assert errors_of(response)
    assert reverse("funds:act", args=[application.pk, "approve"]) in page
    assert journeys.fresh(application).state == State.REVIEWED


def test_a_verb_beside_the_form_uses_its_part_of_the_fields(county):
    application = journeys.bring(county, "reviewed")
    response = send(
        county.approver, application, "send_back", shown="approve", amount="x", opinion="请核减。"
    )
    assert response.status_code == 302
    assert journeys.fresh(application).state == State.RETURNED


def test_a_refused_amount_names_both_figures_and_keeps_the_opinion(county):
    application = journeys.bring(county, "reviewed")
    response = send(county.approver, application, "approve", amount="801", opinion="同意全额。")
    assert "801.00元超过申请金额800.00元" in errors_of(response)
    assert "同意全额。" in response.content.decode()


def test_a_page_that_was_overtaken_is_refused_once_and_then_accepted(county):
    application = journeys.bring(county, "reviewed")
    journeys.applications.mentor_opinion(application, by=county.mentor, opinion="支持。")
    stale = journeys.fresh(application).last_number - 1
    response = send(
        county.approver, application, "approve", seen=stale, amount="800", opinion="同意。"
    )
    assert "您打开页面之后" in errors_of(response)
    seen = re.search(r'name="seen" value="(\d+)"', response.content.decode()).group(1)
    response = send(
        county.approver, application, "approve", seen=seen, amount="800", opinion="同意。"
    )
    assert response.status_code == 302
    assert journeys.fresh(application).state == State.APPROVED


def test_a_second_click_on_approve_tells_what_was_done_and_does_nothing(county):
    application = journeys.bring(county, "reviewed")
    client = client_of(county.approver)
    url = reverse("funds:act", args=[application.pk, "approve"])
    data = {"seen": application.last_number, "amount": "800", "opinion": "同意。"}
    client.post(url, data)
    response = client.post(url, data, follow=True)
    assert "已同意立项" in response.content.decode()
    assert Entry.objects.filter(kind=EntryKind.RESERVE).count() == 1


def test_a_payment_sent_twice_is_booked_once(county):
    application = journeys.bring(county, "approved")
    page = open_page(county.cashier, "application", application.pk).content.decode()
    key = re.search(r'name="request_key" value="([^"]+)"', page).group(1)
    today = re.search(r'type="date" name="occurred_on" value="([^"]+)"', page).group(1)
    data = {"request_key": key, "amount": "300", "occurred_on": today, "method": "银行转账"}
    for _ in range(2):
        assert send(county.cashier, application, "pay", **data).status_code == 302
    assert journeys.fresh(application).sums.disbursed == to_yuan("300")


def test_a_verb_of_somebody_else_is_forbidden_by_get_and_by_post(county):
    application = journeys.bring(county, "reviewed")
    for person in (county.reviewer, county.mentor, county.member, county.superuser):
        url = reverse("funds:act", args=[application.pk, "approve"])
        expected = 404 if person == county.superuser else 403
        assert client_of(person).get(url).status_code == expected
        assert (
            send(person, application, "approve", amount="1", opinion="。").status_code == expected
        )


def test_a_verb_that_came_too_late_goes_back_to_the_page(county):
    application = journeys.bring(county, "submitted")
    url = reverse("funds:act", args=[application.pk, "approve"])
    response = client_of(county.approver).get(url, follow=True)
    assert "本事项现为“待初审”" in response.content.decode()


def test_an_opinion_that_came_too_late_is_given_back(county):
    application = journeys.bring(county, "approved")
    response = client_of(county.reviewer).post(
        reverse("funds:act", args=[application.pk, "review"]), {"opinion": "来晚了"}, follow=True
    )
    assert "您刚才填写的没有保存：“来晚了”" in response.content.decode()


def test_an_unknown_verb_has_no_page(county):
    application = journeys.bring(county, "submitted")
    assert client_of(county.approver).get(f"{LIST}{application.pk}/pray/").status_code == 404
