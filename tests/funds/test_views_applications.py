"""The pages of applications: who sees what, what a refused form keeps, what a second click does."""

import datetime as dt
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.actions import applications
from funds.models import Application, Change, Entry, EntryKind, State
from pilotwork import clock
from pilotwork.lists import MOST_COUNTED, CappedPaginator
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests import journeys
from tests.people import County

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 test"
LIST = "/funds/applications/"


@pytest.fixture
def county():
    return County()


def client_of(person):
    """A browser in which `person` is signed in."""
    client = Client()
    client.force_login(person)
    return client


def open_page(person, name, *args):
    """GET a page of the funds room."""
    return client_of(person).get(reverse(f"funds:{name}", args=args))


def send(person, application, verb, **data):
    """POST a verb as its page would; `seen` is what the person's page showed by default."""
    url = reverse("funds:act", args=[application.pk, verb])
    data = {"seen": journeys.fresh(application).last_number, **data}
    return client_of(person).post(url, data)


def errors_of(response):
    """The words of the page's error summary."""
    found = re.search(r"data-error-summary.*?</div>", response.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", "", found.group(0)) if found else ""


def typed_draft(**changed):
    """A draft as the editor posts it: one budget line of 2 × 300, of which the fund bears 500."""
    return {
        "name": "林下课堂",
        "purpose": "学技术",
        "plan": "三次课",
        "starts_on": "2030-01-01",
        "ends_on": "2030-01-02",
        "place": "林地",
        "participants": "30 人",
        "contact": "郑",
        "phone": "022-0000 0000",
        "payee_name": "沿庄镇团委",
        "payee_bank": "县农商银行",
        "payee_account": "6210",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-item": "讲师",
        "lines-0-quantity": "2",
        "lines-0-unit_price": "300",
        "lines-0-from_fund": "500",
    } | changed


# --- The list -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "sees_submitted", "sees_draft"),
    [
        ("approver", True, False),
        ("leader", True, False),
        ("mentor", True, False),
        ("member", True, True),
        ("neighbour", False, False),
        ("partner", False, False),
    ],
)
def test_a_draft_is_the_units_own_until_it_is_submitted(
    county, username, sees_submitted, sees_draft
):
    person = getattr(county, username)
    submitted, draft = journeys.bring(county, "submitted"), journeys.bring(county, "draft")
    listed = client_of(person).get(LIST).content.decode()
    for application, is_seen in [(submitted, sees_submitted), (draft, sees_draft)]:
        url = reverse("funds:application", args=[application.pk])
        assert (f'href="{url}"' in listed) == is_seen
        expected = 200 if is_seen else 404
        assert client_of(person).get(url).status_code == expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=林下", True),
        ("q=顺丰", True),
        ("q=直播", False),
        ("state=submitted", True),
        ("state=closed", False),
        ("paid=none", False),
        ("year=1999", True),
    ],
)
def test_filters_stand_in_the_address(county, query, found):
    application = journeys.bring(county, "submitted")
    page = client_of(county.reviewer).get(f"{LIST}?{query}").content.decode()
    assert (reverse("funds:application", args=[application.pk]) in page) == found


def test_among_many_units_one_is_searched_for_and_a_link_still_narrows(county, monkeypatch):
    monkeypatch.setattr("funds.filters.MOST_UNITS", 1)
    application = journeys.bring(county, "submitted")
    client, url = client_of(county.reviewer), reverse("funds:application", args=[application.pk])
    for unit, is_found in ((county.unit, True), (county.other_unit, False)):
        page = client.get(f"{LIST}?unit={unit.pk}").content.decode()
        assert 'type="hidden" name="unit"' in page
        assert f"只看 <strong>{unit}</strong>" in page
        assert (url in page) == is_found
    assert '<select name="unit"' not in client.get(LIST).content.decode()


def test_a_unit_finds_what_is_in_review_whoever_has_it_on_the_table(county):
    application = journeys.bring(county, "reviewed")
    page = client_of(county.member).get(f"{LIST}?state=review").content.decode()
    assert reverse("funds:application", args=[application.pk]) in page
    assert "待审批" not in page
    empty = client_of(county.member).get(f"{LIST}?state=closed").content.decode()
    assert reverse("funds:application", args=[application.pk]) not in empty


@pytest.mark.parametrize(
    ("situation", "paid"), [("approved", "none"), ("partly_paid", "part"), ("paid", "all")]
)
def test_the_list_is_narrowed_by_what_is_paid(county, situation, paid):
    application = journeys.bring(county, situation)
    shown = [
        choice
        for choice in ("none", "part", "all")
        if application
        in client_of(county.leader).get(f"{LIST}?paid={choice}").context["table"].data
    ]
    assert shown == [paid]


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(county):
    journeys.bring(county, "submitted")
    client = client_of(county.reviewer)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(29):
        journeys.bring(county, "submitted")
    with CaptureQueriesContext(connection) as thirty:
        client.get(f"{LIST}?per_page=50")
    assert len(thirty) == len(one)
    assert len(thirty) <= 12


def test_only_the_offered_page_sizes_are_served(county):
    journeys.bring(county, "submitted")
    sizes = {
        asked: client_of(county.leader).get(f"{LIST}?per_page={asked}").context["table"].paginator
        for asked in ("50", "7", "x")
    }
    assert {asked: found.per_page for asked, found in sizes.items()} == {"50": 50, "7": 20, "x": 20}


def test_a_list_counts_no_further_than_a_person_reads(county, monkeypatch):
    journeys.bring(county, "submitted")
    journeys.bring(county, "submitted")
    assert CappedPaginator(Application.objects.all(), 20).count_label == "2"
    assert MOST_COUNTED == 1000
    monkeypatch.setattr("pilotwork.lists.MOST_COUNTED", 1)
    capped = CappedPaginator(Application.objects.all(), 20)
    assert (capped.count_label, capped.count) == ("1+", 1)


def test_an_empty_list_says_what_to_do_next(county):
    assert "新建立项申请" in client_of(county.member).get(LIST).content.decode()
    assert "新建立项申请" not in client_of(county.leader).get(LIST).content.decode()


# --- The decision page ------------------------------------------------------------------------------


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
    again = {"request_key": str(uuid.uuid4()), "is_another": "on"}
    assert client.post(address, typed | again).status_code == 302
    assert journeys.fresh(application).sums.disbursed == to_yuan("40")


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


# --- Writing ------------------------------------------------------------------------------------


def test_only_a_member_of_a_unit_under_way_may_write_an_application(county):
    url = reverse("funds:new_application")
    statuses = {
        name: client_of(getattr(county, name)).get(url).status_code
        for name in ("member", "neighbour", "partner", "approver", "mentor")
    }
    assert statuses == {
        "member": 200,
        "neighbour": 200,
        "partner": 403,
        "approver": 403,
        "mentor": 403,
    }


def test_a_draft_is_saved_with_gaps(county):
    url = reverse("funds:new_application")
    data = {"name": "想法", "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    response = client_of(county.member).post(url, data)
    application = Application.objects.get()
    assert response.url == reverse("funds:edit_application", args=[application.pk])
    assert (application.state, application.name) == (State.DRAFT, "想法")


def test_saving_and_submitting_hands_the_application_in(county):
    response = client_of(county.member).post(
        reverse("funds:new_application"), typed_draft(submit="1")
    )
    application = Application.objects.get()
    assert response.url == reverse("funds:application", args=[application.pk])
    assert (application.state, application.requested_amount) == (State.SUBMITTED, to_yuan("500"))


def test_what_is_missing_is_said_at_its_field_and_the_draft_is_kept(county):
    data = typed_draft(submit="1", plan="", uploads=SimpleUploadedFile("方案.pdf", PDF))
    response = client_of(county.member).post(reverse("funds:new_application"), data)
    application = Application.objects.get()
    assert "请先填写“活动方案”" in errors_of(response)
    page = response.content.decode()
    assert f'action="{reverse("funds:edit_application", args=[application.pk])}"' in page
    assert "方案.pdf" in page
    assert application.state == State.DRAFT


def test_all_that_is_missing_is_said_at_once(county):
    data = typed_draft(submit="1", plan="", place="", **{"lines-0-from_fund": "0"})
    errors = errors_of(client_of(county.member).post(reverse("funds:new_application"), data))
    for words in ("请先填写“活动方案”", "请先填写“活动地点”", "由基金承担的金额"):
        assert words in errors


def test_wrong_rows_keep_everything_and_a_removed_row_stays_away(county):
    data = typed_draft(
        **{
            "lines-TOTAL_FORMS": "3",
            "lines-0-unit_price": "三百",
            "lines-1-item": "删掉的",
            "lines-1-DELETE": "on",
        }
    )
    response = client_of(county.member).post(reverse("funds:new_application"), data)
    page = response.content.decode()
    assert "第1行单价" in errors_of(response)
    assert "第2行" not in errors_of(response)
    assert "三百" in page
    assert page.count("<tr data-row hidden>") == 1
    assert not Application.objects.exists()


def test_a_refused_file_is_named_in_chinese(county):
    data = typed_draft(uploads=SimpleUploadedFile("方案.pdf", b"MZ\x90"))
    response = client_of(county.member).post(reverse("funds:new_application"), data)
    assert "“方案.pdf”：这是可执行程序，不能上传。" in errors_of(response)


def test_a_returned_application_is_edited_below_the_reason(county):
    application = journeys.bring(county, "returned")
    response = open_page(county.member, "edit_application", application.pk)
    page = response.content.decode()
    assert "退回修改：" in page
    assert journeys.OPINION in page
    assert "合作社林地" in page


def test_what_is_with_the_county_is_no_longer_edited(county):
    application = journeys.bring(county, "submitted")
    url = reverse("funds:edit_application", args=[application.pk])
    client = client_of(county.member)
    for response in (client.get(url), client.post(url, typed_draft(name="改名"))):
        assert response.url == reverse("funds:application", args=[application.pk])
    assert journeys.fresh(application).name != "改名"
    assert open_page(county.approver, "edit_application", application.pk).status_code == 403


def test_a_draft_is_thrown_away_by_post_alone(county):
    application = journeys.bring(county, "draft")
    url = reverse("funds:discard_application", args=[application.pk])
    assert client_of(county.member).get(url).status_code == 405
    assert client_of(county.member).post(url).url == LIST
    assert not Application.objects.exists()


def test_what_was_submitted_is_not_thrown_away(county):
    application = journeys.bring(county, "returned")
    client_of(county.member).post(reverse("funds:discard_application", args=[application.pk]))
    assert Application.objects.filter(pk=application.pk).exists()


# --- Attachments ----------------------------------------------------------------------------------


def test_a_file_is_given_to_those_who_see_the_application_and_removed_ones_to_the_county(county):
    data = typed_draft(submit="1", uploads=SimpleUploadedFile("方案.pdf", PDF))
    client_of(county.member).post(reverse("funds:new_application"), data)
    application = Application.objects.get()
    file = application.attachments.get()

    def statuses():
        names = ("member", "mentor", "leader", "neighbour", "partner")
        return [
            open_page(getattr(county, name), "attachment", file.pk).status_code for name in names
        ]

    assert statuses() == [200, 200, 200, 404, 404]
    journeys.go_on(county, application, "send_back")
    edit = reverse("funds:edit_application", args=[application.pk])
    client_of(county.member).post(edit, typed_draft(removed=file.pk))
    # The mentor holds county duties here, so he sees what the county keeps as evidence.
    assert statuses() == [404, 200, 200, 404, 404]


# --- Closure and change ---------------------------------------------------------------------------


def typed_closure(application, **changed):
    """A closure as its page posts it: one voucher of 200 yuan, all from the fund."""
    return {
        "report": "三次课全部完成。",
        "document_count": "1",
        "expenses-TOTAL_FORMS": "1",
        "expenses-INITIAL_FORMS": "0",
        "expenses-0-budget_line": application.budget_lines.last().pk,
        "expenses-0-amount": "200",
        "expenses-0-from_fund": "200",
    } | changed


def test_the_unit_files_the_closure_and_the_balance_is_shown(county):
    application = journeys.bring(county, "partly_paid")
    assert open_page(county.member, "act", application.pk, "file_closure").status_code == 200
    send(county.member, application, "file_closure", **typed_closure(application))
    page = open_page(county.reviewer, "application", application.pk).content.decode()
    assert journeys.fresh(application).state == State.CLOSING
    assert "应退结余" in page
    assert "三次课全部完成。" in page


def test_a_refused_closure_keeps_its_rows(county):
    application = journeys.bring(county, "partly_paid")
    data = typed_closure(application, **{"expenses-0-amount": "801", "expenses-0-from_fund": "801"})
    response = send(county.member, application, "file_closure", **data)
    assert "801.00元" in errors_of(response)
    assert "800.00元" in errors_of(response)
    assert errors_of(response).count("801.00元") == 1
    assert 'value="801"' in response.content.decode()


def test_a_returned_closure_comes_back_filled_in(county):
    application = journeys.go_on(
        county, journeys.bring(county, "partly_paid"), "file_closure", "return_closure"
    )
    page = open_page(county.member, "act", application.pk, "file_closure").content.decode()
    assert "三次课全部完成。" in page
    assert 'value="200.00"' in page
    assert journeys.OPINION in page


def typed_change(application, **changed):
    """A change as its page posts it, everything as it is but what is `changed`."""
    data = {
        "reason": "天气原因。",
        "purpose": application.purpose,
        "plan": application.plan,
        "starts_on": f"{application.starts_on:%Y-%m-%d}",
        "ends_on": f"{application.ends_on:%Y-%m-%d}",
        "place": application.place,
        "participants": application.participants,
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "2",
    }
    for number, line in enumerate(application.budget_lines.all()):
        for name in ("item", "note", "quantity", "unit_price", "from_fund"):
            data[f"lines-{number}-{name}"] = str(getattr(line, name))
    return data | changed


def test_a_change_is_asked_for_reviewed_and_approved(county):
    application = journeys.bring(county, "approved")
    url = reverse("funds:file_change", args=[application.pk])
    assert client_of(county.member).get(url).status_code == 200
    client_of(county.member).post(url, typed_change(application, place="镇文化站"))
    change = Change.objects.get()
    page = open_page(county.reviewer, "change", change.pk).content.decode()
    assert "<del>合作社林地</del>" in page
    assert "<ins>镇文化站</ins>" in page
    for person, verb in [(county.reviewer, "review"), (county.approver, "approve")]:
        act = reverse("funds:act_on_change", args=[change.pk, verb])
        data = {"seen": Change.objects.get().last_number, "opinion": "同意。"}
        assert client_of(person).post(act, data).status_code == 302
    assert journeys.fresh(application).place == "镇文化站"
    assert "<del>合作社林地</del>" in open_page(county.leader, "change", change.pk).content.decode()


def test_once_a_change_is_decided_the_unit_may_go_on_from_its_page(county):
    application = journeys.bring(county, "paid")
    change = journeys.file_change(county, application)
    closure = reverse("funds:act", args=[application.pk, "file_closure"])
    page = open_page(county.member, "application", application.pk).content.decode()
    assert closure not in page
    journeys.changes.review_change(change, by=county.reviewer, opinion="同意。")
    journeys.changes.approve_change(change, by=county.approver, opinion="同意。")
    page = open_page(county.member, "application", application.pk).content.decode()
    assert "同意变更 · " in page
    assert closure in page
    assert reverse("funds:file_change", args=[application.pk]) in page
    assert client_of(county.member).get(closure).status_code == 200


def test_a_change_of_nothing_is_refused_and_kept(county):
    application = journeys.bring(county, "approved")
    url = reverse("funds:file_change", args=[application.pk])
    response = client_of(county.member).post(url, typed_change(application))
    assert "没有变更" in errors_of(response)
    assert "天气原因。" in response.content.decode()


def test_only_the_unit_asks_for_a_change(county):
    application = journeys.bring(county, "approved")
    assert open_page(county.approver, "file_change", application.pk).status_code == 403
    assert open_page(county.neighbour, "file_change", application.pk).status_code == 404


def test_the_page_of_a_change_takes_at_most_twelve_queries(county):
    change = journeys.file_change(county, journeys.bring(county, "approved"))
    client = client_of(county.reviewer)
    url = reverse("funds:change", args=[change.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 12
