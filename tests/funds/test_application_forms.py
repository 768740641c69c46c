"""What a unit writes: draft, attachments, closure, change; what a refused form keeps."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.models import Application, Change, State
from pilotwork.money import to_yuan
from tests import journeys
from tests.funds.desk import client_of, errors_of, leads_back, open_page, send, typed_draft
from tests.people import County

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 test"
LIST = "/funds/applications/"


@pytest.fixture
def county():
    return County()


# --- Writing --------------------------------------------------------------------------------------


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
    client = client_of(county.member)
    response = client.post(reverse("funds:new_application"), typed_draft(submit="1"))
    application = Application.objects.get()
    assert response.url == reverse("funds:application", args=[application.pk])
    assert leads_back(client, response, reverse("funds:act", args=[application.pk, "withdraw"]))
    assert (application.state, application.requested_amount) == (State.SUBMITTED, to_yuan("500"))


def test_what_is_missing_is_said_at_its_field_and_the_draft_is_kept(county):
    data = typed_draft(submit="1", plan="", uploads=SimpleUploadedFile("方案.pdf", PDF))
    client = client_of(county.member)
    response = client.post(reverse("funds:new_application"), data, follow=True)
    application = Application.objects.get()
    # The draft has its own address: to load the page again makes no second one.
    address = reverse("funds:edit_application", args=[application.pk])
    assert response.redirect_chain == [(f"{address}?asks=submit", 302)]
    assert "请先填写“活动方案”" in errors_of(response)
    page = response.content.decode()
    assert f'action="{reverse("funds:edit_application", args=[application.pk])}"' in page
    assert "方案.pdf" in page
    assert application.state == State.DRAFT


def test_all_that_is_missing_is_said_at_once(county):
    data = typed_draft(submit="1", plan="", place="", **{"lines-0-from_fund": "0"})
    client = client_of(county.member)
    errors = errors_of(client.post(reverse("funds:new_application"), data, follow=True))
    for words in ("请先填写“活动方案”", "请先填写“活动地点”", "由基金承担的金额"):
        assert words in errors


def test_what_is_missing_is_said_together_with_what_is_wrong(county):
    wrong = {"plan": "", "starts_on": "明天", "lines-0-from_fund": "0"}
    url, client = reverse("funds:new_application"), client_of(county.member)
    errors = errors_of(client.post(url, typed_draft(submit="1", **wrong)))
    for words in ("请填写正确的日期", "请先填写“活动方案”", "由基金承担的金额"):
        assert words in errors
    assert "请先填写“活动开始日期”" not in errors
    # A row with a mistake lacks nothing else yet, and who only saves is not asked for anything.
    wrong["lines-0-from_fund"] = "很多"
    assert "由基金承担的金额" not in errors_of(client.post(url, typed_draft(submit="1", **wrong)))
    assert "请先填写" not in errors_of(client.post(url, typed_draft(**wrong)))


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


def test_numbers_whose_product_is_too_large_are_refused_on_the_form(county):
    largest = "999999999999.99"
    data = typed_draft(**{"lines-0-quantity": largest, "lines-0-unit_price": largest})
    response = client_of(county.member).post(reverse("funds:new_application"), data)
    assert "合计超过" in errors_of(response)
    assert largest in response.content.decode()
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


def test_a_draft_saved_in_another_window_is_not_written_over_unasked(county):
    application = journeys.bring(county, "draft")
    client = client_of(county.member)
    url = reverse("funds:edit_application", args=[application.pk])
    seen = client.get(url).context["form"]["seen"].value()
    client.post(url, typed_draft(place="甲处", seen=seen))
    refused = client.post(url, typed_draft(place="乙处", seen=seen))
    assert "在别的窗口或由同事改过" in errors_of(refused)
    assert "乙处" in refused.content.decode()
    assert journeys.fresh(application).place == "甲处"
    newest = refused.context["form"]["seen"].value()
    client.post(url, typed_draft(place="乙处", seen=newest))
    assert journeys.fresh(application).place == "乙处"


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
    asking = client_of(county.member)
    asked = asking.post(url, typed_change(application, place="镇文化站"))
    change = Change.objects.get()
    assert leads_back(asking, asked, reverse("funds:act_on_change", args=[change.pk, "withdraw"]))
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


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("payee_account", "621O 0001", "账号只能用半角数字"),
        ("payee_account", "６２１０", "账号只能用半角数字"),
        ("phone", "郑某", "电话只能填数字"),
    ],
)
def test_what_is_no_account_or_telephone_number_is_said_beside_it_and_stays(
    county, field, typed, said
):
    page = client_of(county.member).post(
        reverse("funds:new_application"), typed_draft(**{field: typed})
    )
    assert said in page.context["form"].errors[field][0]
    assert typed in page.content.decode()
    assert not Application.objects.exists()
