"""What deciding and paying do and refuse, with the figures they name."""

import uuid

from funds.actions import applications, ledger, payments
from funds.models import Entry, State
from funds.models.ledger import CommitmentKind
from pilotwork.money import to_yuan
from tests.funds.acts import approve, refusal_of
from tests.journeys import (
    OPINION,
    bring,
    fresh,
    go_on,
    pay,
    recover,
)
from tests.people import FUND

# --- Decision -------------------------------------------------------------------------------------


def test_approval_reserves_and_says_so_in_the_log(county):
    application = bring(county, "reviewed")
    approve(county, application, "600", minutes_number="〔3〕号")
    after = fresh(application)
    assert (after.state, after.approved_amount, after.payment_state) == ("approved", 600, "未拨付")
    assert after.commitment.kind == CommitmentKind.APPLICATION
    assert county.fund.balances.available == FUND - 600
    assert county.fund.balances.cash == FUND
    row = after.log[-1]
    assert (row.verb, row.act, row.by, row.minutes_number) == (
        "approve",
        "approve",
        county.approver,
        "〔3〕号",
    )
    assert row.details == {"amount": "600.00"}


def test_approval_refuses_more_than_was_asked_or_is_there_and_names_both_figures(county):
    application = bring(county, "reviewed")
    assert refusal_of(approve, county, application, "0").message == "核定金额必须大于零。"
    refusal = refusal_of(approve, county, application, "800.01")
    assert refusal.message == "核定金额 800.01 元超过申请金额 800.00 元。"
    assert refusal.field == "amount"
    large = bring(county, "reviewed", to_yuan("12000"))
    refusal = refusal_of(approve, county, large, "10000.01")
    assert refusal.message == "核定金额 10,000.01 元超过基金可用余额 10,000.00 元。"
    assert fresh(large).state == State.REVIEWED
    approve(county, large, "10000")
    refusal = refusal_of(approve, county, application, "0.01")
    assert refusal.message == "核定金额 0.01 元超过基金可用余额 0.00 元。"


def test_where_nothing_came_in_the_refusal_says_who_books_it(county):
    application = bring(county, "reviewed")
    receipt = Entry.objects.of_account(county.fund).get()
    ledger.reverse(receipt, by=county.cashier, reason="记错")
    refusal = refusal_of(approve, county, application, "800")
    assert refusal.message.endswith("账上没有钱：钱到账后，先请财务在资金账户里办理“入账”。")


def test_reduction_releases_the_difference_within_its_limits(county):
    application = bring(county, "partly_paid")
    for amount in ("800", "299.99", "0", "900"):
        refusal = refusal_of(
            applications.reduce,
            application,
            by=county.approver,
            amount=to_yuan(amount),
            opinion=OPINION,
        )
        assert refusal.message == (
            "核减后的金额应低于现核定金额 800.00 元，且不低于已拨付的 300.00 元。"
        )
    applications.reduce(application, by=county.approver, amount=to_yuan("300"), opinion=OPINION)
    after = fresh(application)
    assert (after.approved_amount, after.sums.unpaid, after.payment_state) == (300, 0, "已拨付")
    assert county.fund.balances.available == FUND - 300


def test_revocation_needs_that_nothing_is_paid_or_all_of_it_is_reversed(county):
    application = bring(county, "partly_paid")
    revoking = {"by": county.approver, "opinion": OPINION}
    refusal = refusal_of(applications.revoke, application, **revoking)
    assert refusal.message == "已有拨付，不能撤销立项；请终止项目，或先冲销全部拨付。"
    payment = Entry.objects.get(kind="disburse")
    payments.reverse(application, by=county.cashier, entry=payment, opinion="付错")
    applications.revoke(application, **revoking)
    assert fresh(application).state == State.REVOKED
    assert county.fund.balances.available == county.fund.balances.cash == FUND


def test_termination_fixes_what_is_due_back_and_releases_the_rest(county):
    application = bring(county, "partly_paid")
    terminating = {"by": county.approver, "opinion": OPINION}
    for due_back in ("-1", "300.01"):
        refusal = refusal_of(
            applications.terminate, application, due_back=to_yuan(due_back), **terminating
        )
        assert refusal.message == "应退金额应在已收回的 0.00 元与已拨付的 300.00 元之间。"
    applications.terminate(application, due_back=to_yuan("120"), **terminating)
    after = fresh(application)
    assert (after.state, after.balance_due, after.sums.unpaid) == ("terminated", 120, 0)
    assert county.fund.balances.available == FUND - 300
    assert refusal_of(recover, county, application, "120.01").message == (
        "收回金额 120.01 元超过应退结余 120.00 元。"
    )
    recover(county, application, "120")
    assert fresh(application).balance_due == 0
    unpaid = bring(county, "approved")
    refusal = refusal_of(applications.terminate, unpaid, due_back=to_yuan("0"), **terminating)
    assert refusal.message == "尚未拨付，不必终止；可以撤销立项。"


# --- Stale pages ----------------------------------------------------------------------------------


def test_a_page_that_is_out_of_date_is_refused_and_told_what_happened(county):
    application = bring(county, "submitted")
    seen = application.last_number
    applications.mentor_opinion(application, by=county.mentor, opinion="反对。")
    refusal = refusal_of(
        applications.review, application, by=county.reviewer, opinion=OPINION, seen=seen
    )
    assert refusal.message.startswith(f"您打开页面之后，{county.mentor}办理了“指导员意见”。")
    assert not refusal.stale
    now = fresh(application).last_number
    applications.review(application, by=county.reviewer, opinion=OPINION, seen=now)
    refusal = refusal_of(
        applications.review, application, by=county.reviewer, opinion=OPINION, seen=now
    )
    assert refusal.stale
    assert f"{county.reviewer}已于" in refusal.message
    assert refusal.message.endswith("“初审同意”，本事项现为“待审批”，不能再“初审同意”。")


# --- Payment --------------------------------------------------------------------------------------


def test_instalments_never_exceed_what_was_approved(county):
    application = bring(county, "approved")
    entry = pay(county, application, "300", reference="记-5", memo="首期")
    assert (entry.counterparty, entry.counterparty_account, entry.reference) == (
        application.payee_name,
        application.payee_account,
        "记-5",
    )
    assert fresh(application).payment_state == "部分拨付"
    refusal = refusal_of(pay, county, application, "500.01")
    assert refusal.message == "本事项尚未拨付的占用为 500.00 元，不足 500.01 元。"
    assert refusal.field == "amount"
    pay(county, application, "500")
    assert fresh(application).payment_state == "已拨付"
    assert refusal_of(pay, county, application, "0.01").message == "核定金额已全部拨付。"
    log = [row.details for row in fresh(application).log if row.verb == "pay"]
    assert [row["amount"] for row in log] == ["300.00", "500.00"]
    assert log[0]["voucher"] == entry.voucher_number


def test_a_form_sent_again_pays_once_even_after_the_matter_went_on(county):
    application, key = bring(county, "approved"), uuid.uuid4()
    first = pay(county, application, "800", request_key=key)
    assert pay(county, application, "800", request_key=key) == first
    go_on(county, application, "file_closure")
    assert pay(county, application, "800", request_key=key) == first
    assert fresh(application).sums.disbursed == 800
    assert len([row for row in fresh(application).log if row.verb == "pay"]) == 1
    other = bring(county, "approved")
    assert refusal_of(pay, county, other, "1", request_key=key).message == (
        "表单已失效，请重新打开页面。"
    )


def test_a_reversal_is_refused_in_a_final_state_until_the_matter_is_reopened(county):
    application = bring(county, "terminated")
    payment = Entry.objects.get(kind="disburse")
    reversing = {"by": county.cashier, "entry": payment, "opinion": "付错"}
    refusal = refusal_of(payments.reverse, application, **reversing)
    assert refusal.message == "事项已办结，须由审批人说明理由“重新办理”后才能冲销。"
    go_on(county, application, "reopen")
    payments.reverse(application, **reversing)
    assert fresh(application).sums.disbursed == 0
    other = bring(county, "partly_paid")
    refusal = refusal_of(payments.reverse, other, **reversing)
    assert refusal.message == "该分录不属于本事项。"
    mine = other.commitment.entries.get(kind="disburse")
    opposite = payments.reverse(other, **reversing | {"entry": mine})
    assert opposite.reverses == mine
    refusal = refusal_of(payments.reverse, other, **reversing | {"entry": mine})
    assert refusal.message == "没有可以冲销的拨付。"


def test_a_payment_that_a_reviewed_closure_spent_is_not_reversed(county):
    application = go_on(county, bring(county, "partly_paid"), "file_closure", "review_closure")
    refusal = refusal_of(
        payments.reverse,
        application,
        by=county.cashier,
        entry=Entry.objects.get(kind="disburse"),
        opinion="付错",
    )
    assert "结项列支基金支出 200.00 元" in refusal.message
    assert "请先退回结项" in refusal.message
