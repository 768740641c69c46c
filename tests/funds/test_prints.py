"""The A4 forms: every opinion in its cell, room to sign by hand, and who may print them."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from funds.actions import applications, closures, payments
from funds.models import Entry, EntryKind
from pilotwork.appendonly import append_only_models
from pilotwork.money import to_yuan, yuan
from tests.journeys import bring, file_closure, fresh, go_on, pay, recover
from tests.people import receive

SIGN = "签字："


def form(client, application, name="approval_form"):
    """The printed form as text, without the line breaks of its source."""
    answer = client.get(reverse(f"funds:{name}", args=[application.pk]))
    assert answer.status_code == 200
    return re.sub(r"\s*\n\s*", "", answer.content.decode()).replace("<br />", "<br>")


def cell(page, heading):
    """The text of the row whose heading is `heading` in an approval or closure form."""
    start = page.index(f'<th scope="row">{heading}</th>')
    return page[start : page.index("</tr>", start)]


@pytest.fixture
def as_leader(client, county):
    client.force_login(county.leader)
    return client


def test_every_opinion_stands_in_its_own_cell(as_leader, county):
    application = bring(county, "submitted")
    applications.mentor_opinion(application, by=county.mentor, opinion="指导员说好。")
    applications.review(application, by=county.reviewer, opinion="初审说好。")
    applications.approve(
        application,
        by=county.approver,
        amount=to_yuan("700"),
        opinion="审批说好。",
        minutes_number="纪要〔第3号〕",
    )
    page = form(as_leader, application)
    assert "指导员说好。" in cell(page, "指导员<br>意见")
    assert "初审说好。" in cell(page, "团县委<br>初审意见")
    approval = cell(page, "团县委<br>审批意见")
    for words in ("审批说好。", "会议纪要号：纪要〔第3号〕", "¥700.00", "人民币柒佰元整"):
        assert words in approval
    assert "（未收到）" in cell(page, "上级<br>团组织<br>意见")


def test_the_form_keeps_the_amount_that_was_approved_and_says_what_came_after(as_leader, county):
    application = bring(county, "approved")
    approved = application.approved_amount
    applications.reduce(application, by=county.approver, amount=approved - 20, opinion="场地免费。")
    page = as_leader.get(reverse("funds:approval_form", args=[application.pk])).content.decode()
    assert f"核定金额：¥{yuan(approved)}" in page
    assert f"核减为 ¥{yuan(approved - 20)}" in page
    assert "场地免费。" in page


@pytest.mark.parametrize(
    ("situation", "words"),
    [("revoked", "撤销立项，释放 ¥800.00"), ("terminated", "终止项目，应退 ¥")],
)
def test_the_form_of_a_project_that_came_to_nothing_says_so(as_leader, county, situation, words):
    page = form(as_leader, bring(county, situation))
    assert words in page


def test_the_opinions_cells_leave_room_for_signature_seal_and_date(as_leader, county):
    page = form(as_leader, bring(county, "submitted"))
    for heading in ("申请单位<br>意见", "团县委<br>初审意见", "团县委<br>审批意见"):
        assert SIGN in cell(page, heading)
        assert "年　　月　　日" in cell(page, heading)
    assert "（盖章）" in cell(page, "团县委<br>审批意见")
    assert "<img" not in page


def test_an_opinion_on_the_version_before_is_not_printed_on_the_next(as_leader, county):
    application = bring(county, "submitted")
    applications.send_back(application, by=county.reviewer, opinion="请改预算。")
    assert "请改预算。" in form(as_leader, application)
    go_on(county, application, "resubmit")
    page = form(as_leader, application)
    assert "请改预算。" not in page
    assert "初审同意" not in page


def test_the_closure_form_shows_spending_by_line_and_the_balance(as_leader, county):
    application = bring(county, "closure_reviewed")
    page = form(as_leader, application, "closure_form")
    for words in ("三次课全部完成。", "附单据 1 张", "讲课费", "收据"):
        assert words in page
    assert "100.00" in cell(page, "应退结余")
    assert "40.00" in cell(page, "应退结余")
    assert "60.00" in cell(page, "已核销")
    assert "意见。" in cell(page, "团县委<br>初审意见")


def test_without_a_closure_in_force_there_is_no_closure_form(as_leader, county):
    application = bring(county, "closing")
    closures.send_back_closure(application, by=county.reviewer, opinion="票据不清。")
    url = reverse("funds:closure_form", args=[application.pk])
    assert as_leader.get(url).status_code == 404
    file_closure(county, fresh(application))
    assert as_leader.get(url).status_code == 200


def voucher(client, entry):
    answer = client.get(reverse("funds:voucher", args=[entry.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_payments_voucher_says_all_an_office_files(as_leader, county):
    application = bring(county, "approved")
    entry = pay(county, application, "300", memo="首期", reference="记-12")
    page = voucher(as_leader, entry)
    for words in (
        '<h1 class="sheet-title">拨付凭单</h1>',
        entry.voucher_number,
        "¥300.00",
        "人民币叁佰元整",
        application.payee_name,
        application.payee_bank,
        application.payee_account,
        "银行转账",
        "记-12",
        "首期",
        str(county.cashier),
        str(county.reviewer),
        str(county.approver),
        entry.digest[:12],
        entry.digest,
    ):
        assert words in page
    assert page.count(SIGN) == 4
    assert "已冲销" not in page


def test_a_reversed_payments_voucher_is_marked(as_leader, county):
    application = bring(county, "approved")
    entry = pay(county, application, "300")
    opposite = payments.reverse(
        fresh(application), by=county.cashier, entry=entry, opinion="重复。"
    )
    page = voucher(as_leader, entry)
    assert f"以 {opposite.voucher_number} 号冲销，本凭单作废" in page
    assert "冲销凭单</h1>" in voucher(as_leader, opposite)


def test_money_that_comes_in_has_a_receipt_voucher(as_leader, county):
    application = bring(county, "closing")
    for entry in (receive(county, "50"), recover(county, application, "10")):
        assert "收款凭单</h1>" in voucher(as_leader, entry)


def test_a_reservation_has_no_voucher(as_leader, county):
    bring(county, "approved")
    entry = Entry.objects.get(kind=EntryKind.RESERVE)
    assert as_leader.get(reverse("funds:voucher", args=[entry.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("leader", 200),
        ("member", 200),
        ("mentor", 200),
        ("neighbour", 404),
        ("partner", 404),
        ("stranger", 404),
        ("superuser", 404),
    ],
)
def test_the_forms_are_the_countys_the_units_and_its_mentors(client, county, name, status):
    application = bring(county, "closed")
    payment = Entry.objects.filter(kind=EntryKind.DISBURSE).first()
    client.force_login(getattr(county, name))
    for url in (
        reverse("funds:approval_form", args=[application.pk]),
        reverse("funds:closure_form", args=[application.pk]),
        reverse("funds:voucher", args=[payment.pk]),
    ):
        assert client.get(url).status_code == status
        assert client.post(url).status_code == (405 if status == 200 else status)


def test_a_receipts_voucher_is_the_countys_alone(client, county):
    client.force_login(county.member)
    receipt = Entry.objects.get(number=1)
    assert client.get(reverse("funds:voucher", args=[receipt.pk])).status_code == 404


def test_printing_writes_nothing_but_its_audit_event(as_leader, county):
    application = bring(county, "closed")
    kept = [model for model in append_only_models() if model is not AuditEvent]
    before, events = [model.objects.count() for model in kept], AuditEvent.objects.count()
    form(as_leader, application)
    form(as_leader, application, "closure_form")
    assert [model.objects.count() for model in kept] == before
    assert AuditEvent.objects.count() == events + 2
