"""What the verbs of an application do and refuse, with the figures they name."""

import datetime as dt
import uuid

import pytest

from accounts.matters import NotPermitted
from accounts.models import TransitionLog
from funds.actions import applications, changes, closures, drafts, payments
from funds.actions.changes import CHANGEABLE
from funds.models import Application, ApplicationAttachment, Change, Entry, Expense, State
from funds.models.ledger import CommitmentKind
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.factories import days_ago
from tests.journeys import (
    OPINION,
    bring,
    content_of,
    draft,
    expense,
    file_change,
    file_closure,
    fresh,
    go_on,
    line,
    lines_for,
    pay,
    recover,
)
from tests.people import FUND, receive
from units.actions import end_programme, leave, resume

SCAN = Accepted("意见.pdf", "application/pdf", b"%PDF-1.7")


def refusal_of(call, *args, **kwargs):
    """The Refused that the call raises."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value


def approve(county, application, amount, **kwargs):
    return applications.approve(
        application, by=county.approver, amount=to_yuan(amount), opinion=OPINION, **kwargs
    )


# --- Draft and submission -------------------------------------------------------------------------


def test_the_totals_follow_from_the_lines(county):
    application = drafts.save_draft(
        Application(pilot_unit=county.unit),
        by=county.member,
        content=content_of(county.unit),
        lines=[line("资料", "3", "33.33", "50"), line("讲师", "1.5", "0.33", "0.50")],
    )
    rows = application.budget_lines.all()
    assert [(row.position, row.amount, row.own_share) for row in rows] == [
        (1, to_yuan("99.99"), to_yuan("49.99")),
        (2, to_yuan("0.50"), 0),
    ]
    assert application.total_amount == to_yuan("100.49")
    assert application.requested_amount == to_yuan("50.50")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (line("讲师", "1", "100", "100.01"), "第 2 行：基金承担的金额不能超过该行金额。"),
        (line("讲师", "0", "100", "0"), "第 2 行：金额必须大于零。"),
    ],
)
def test_a_wrong_budget_line_is_named_by_its_row(county, wrong, message):
    application = draft(county)
    refusal = refusal_of(
        drafts.save_draft,
        application,
        by=county.member,
        content={"name": "改名"},
        lines=[line("展板", "1", "1", "1"), wrong],
    )
    assert (refusal.message, refusal.field) == (message, "lines")
    assert fresh(application).name == "林下经济青年课堂"


@pytest.mark.parametrize(
    ("changed", "message", "field"),
    [
        ({"plan": ""}, "请先填写“活动方案”，再提交。", "plan"),
        ({"payee_account": ""}, "请先填写“收款账号”，再提交。", "payee_account"),
        ({"starts_on": None}, "请先填写“活动开始日期”，再提交。", "starts_on"),
        ({"ends_on": days_ago(9)}, "活动结束日期不能早于开始日期。", "ends_on"),
    ],
)
def test_an_incomplete_draft_is_kept_but_not_submitted(county, changed, message, field):
    application = draft(county, **changed)
    refusal = refusal_of(applications.submit, application, by=county.member)
    assert (refusal.message, refusal.field) == (message, field)
    assert fresh(application).number is None


def test_a_draft_that_asks_the_fund_for_nothing_is_not_submitted(county):
    application = draft(county)
    drafts.save_draft(
        application, by=county.member, content={}, lines=[line("展板", "1", "5", "0")]
    )
    refusal = refusal_of(applications.submit, application, by=county.member)
    assert refusal.message == "请在预算中填写由基金承担的金额。"


def test_numbers_are_serial_by_year_and_a_refused_submission_uses_none(county):
    year = clock.today().year
    first, incomplete, second = draft(county), draft(county, plan=""), draft(county)
    applications.submit(first, by=county.member)
    refusal_of(applications.submit, incomplete, by=county.member)
    applications.submit(second, by=county.member)
    assert [fresh(a).number for a in (first, incomplete, second)] == [
        f"{year}-001",
        None,
        f"{year}-002",
    ]
    with clock.at(dt.datetime(year + 1, 1, 1, 0, 10, tzinfo=clock.SHANGHAI)):
        third = draft(county)
        applications.submit(third, by=county.member)
    assert fresh(third).number == f"{year + 1}-001"


def test_no_unit_applies_after_the_programme_or_its_own_pilot_ended(county):
    application, waiting = draft(county), bring(county, "reviewed")
    county.unit = leave(
        county.unit, by=county.administrator, last_day=clock.today(), opinion="合并"
    )
    message = "本次试点已结束或单位已退出，不能再提交申请。"
    assert refusal_of(applications.submit, application, by=county.member).message == message
    resume(county.unit, by=county.administrator, opinion="恢复")
    end_programme(county.programme, by=county.administrator, opinion=OPINION)
    assert refusal_of(applications.submit, application, by=county.member).message == message
    assert refusal_of(approve, county, waiting, "1").message == message


def test_only_the_unit_writes_and_only_while_it_has_the_application(county):
    application = bring(county, "submitted")
    saving = {"content": {"name": "改名"}, "lines": lines_for(5)}
    assert refusal_of(drafts.save_draft, application, by=county.member, **saving).stale
    own = draft(county)
    for name, person in county.everybody():
        if name not in {"member", "staff_member"}:
            with pytest.raises(NotPermitted):
                drafts.save_draft(own, by=person, **saving)
            with pytest.raises(NotPermitted):
                drafts.discard_draft(own, by=person)
    assert refusal_of(drafts.discard_draft, application, by=county.member).stale
    drafts.discard_draft(own, by=county.member)
    assert not Application.objects.filter(pk=own.pk).exists()


# --- Return and resubmission ----------------------------------------------------------------------


def retype(county, application, lines=None, **changed):
    """Save the returned application with other content or lines."""
    keys = ("item", "note", "quantity", "unit_price", "from_fund")
    typed = lines or list(application.budget_lines.values(*keys))
    return drafts.save_draft(application, by=county.member, content=changed, lines=typed)


@pytest.mark.parametrize(
    ("returned_by", "changed", "target"),
    [
        ("send_back", {"plan": "改期。"}, State.SUBMITTED),
        ("return", {"plan": "改期。"}, State.REVIEWED),
        ("return", {}, State.REVIEWED),
        ("return", {"payee_bank": "县建设银行"}, State.SUBMITTED),
        ("return", {"payee_account": "6210"}, State.SUBMITTED),
        ("return", {"payee_name": "沿庄镇团委"}, State.SUBMITTED),
        ("return", {"lines": lines_for(799)}, State.SUBMITTED),
    ],
)
def test_a_corrected_application_goes_back_to_where_it_came_from(
    county, returned_by, changed, target
):
    steps = ["submit"] if returned_by == "send_back" else ["submit", "review"]
    application = go_on(county, draft(county), *steps, returned_by)
    number = application.number
    retype(county, application, **changed)
    applications.resubmit(application, by=county.member)
    after = fresh(application)
    assert (after.state, after.number) == (target, number)
    assert [version.number for version in after.versions.all()] == [1, 2]


def test_earlier_versions_stay_as_they_were_handed_in(county):
    application = bring(county, "returned")
    retype(county, application, lines_for(500), place="镇文化站")
    applications.resubmit(application, by=county.member)
    first, second = application.versions.all()
    assert (first.content["place"], second.content["place"]) == ("合作社林地", "镇文化站")
    assert first.content["requested_amount"] == "800.00"
    assert second.content["requested_amount"] == "500.00"
    assert [row["item"] for row in first.content["lines"]] == ["展板", "讲师"]


# --- Opinions -------------------------------------------------------------------------------------


def test_the_superiors_opinion_needs_its_scan_and_another_superior(county):
    application = bring(county, "submitted")
    entering = {"by": county.reviewer, "opinion": "同意。"}
    refusal = refusal_of(applications.superior_opinion, application, uploads=[], **entering)
    assert (refusal.message, refusal.field) == ("请上传上级团组织意见的扫描件。", "uploads")
    applications.superior_opinion(application, uploads=[SCAN], **entering)
    assert ApplicationAttachment.objects.get().purpose == "superior"
    own = draft(county, unit=county.other_unit, by=county.neighbour)
    applications.submit(own, by=county.neighbour)
    refusal = refusal_of(applications.superior_opinion, own, uploads=[SCAN], **entering)
    assert refusal.message == "上级团组织就是团县委，无须另行提出上级意见。"


def test_at_most_twenty_files(county):
    application = draft(county)
    refusal = refusal_of(
        drafts.save_draft,
        application,
        by=county.member,
        content={},
        lines=lines_for(5),
        uploads=[SCAN] * 21,
    )
    assert (refusal.message, refusal.field) == ("附件最多 20 个。", "uploads")
    assert not ApplicationAttachment.objects.exists()


def test_opinions_are_chained_and_the_chain_holds_after_reading_them_again(county):
    application = bring(county, "closed")
    previous = ""
    for row in TransitionLog.objects.of(application):
        assert row.digest == row.computed_digest(previous)
        previous = row.digest
    assert len(application.log) == 8


# --- Decision ---------------------------------------------------------------------------------------


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


# --- Stale pages ------------------------------------------------------------------------------------


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


# --- Payment ----------------------------------------------------------------------------------------


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


# --- Change -----------------------------------------------------------------------------------------


def typed_lines(application):
    keys = ("item", "note", "quantity", "unit_price", "from_fund")
    return list(application.budget_lines.values(*keys))


def filing(county, application, lines=None, **changed):
    content = {field: getattr(application, field) for field in CHANGEABLE} | changed
    return changes.file_change(
        application,
        by=county.member,
        reason="天气原因。",
        content=content,
        lines=lines or typed_lines(application),
    )


def test_an_approved_change_becomes_the_next_version_and_the_one_before_stays(county):
    application = bring(county, "approved")
    lines = [line("展板", "2", "50", "100"), line("讲师", "1", "800", "700")]
    change = filing(county, application, lines, place="镇文化站", ends_on=days_ago(-9))
    assert fresh(application).place == "合作社林地"
    changes.review_change(change, by=county.reviewer, opinion=OPINION)
    changes.approve_change(change, by=county.approver, opinion=OPINION)
    after = fresh(application)
    assert (after.place, after.ends_on) == ("镇文化站", days_ago(-9))
    assert [row.from_fund for row in after.budget_lines.all()] == [100, 700]
    assert (after.requested_amount, after.approved_amount) == (800, 800)
    assert [v.content["place"] for v in after.versions.all()] == ["合作社林地", "镇文化站"]
    assert county.fund.balances.available == FUND - 800


def test_a_change_is_refused_without_difference_beyond_the_money_or_beside_another(county):
    application = bring(county, "reviewed")
    approve(county, application, "700")
    application = fresh(application)
    assert refusal_of(filing, county, application).message == "内容与现在一致，没有变更。"
    refusal = refusal_of(filing, county, application, lines_for("700.01"))
    assert refusal.message == "调整后由基金承担 700.01 元，超过核定金额 700.00 元。"
    refusal = refusal_of(filing, county, application, ends_on=days_ago(30))
    assert (refusal.message, refusal.field) == ("活动结束日期不能早于开始日期。", "ends_on")
    filing(county, application, lines_for("700"))
    refusal = refusal_of(filing, county, application, place="镇文化站")
    assert refusal.message == "已有一项变更申请正在办理。"
    early = bring(county, "reviewed")
    assert refusal_of(filing, county, early, place="x").message == (
        "只有已立项、未报结项的项目可以申请变更。"
    )
    with pytest.raises(NotPermitted):
        changes.file_change(application, by=county.neighbour, reason="x", content={}, lines=[])


def test_a_budget_shift_is_not_approved_once_the_amount_was_reduced_below_it(county):
    application = bring(county, "approved")
    lines = [line("展板", "2", "50", "100"), line("讲师", "1", "800", "700")]
    change = filing(county, application, lines)
    changes.review_change(change, by=county.reviewer, opinion=OPINION)
    applications.reduce(application, by=county.approver, amount=to_yuan("500"), opinion=OPINION)
    refusal = refusal_of(changes.approve_change, change, by=county.approver, opinion=OPINION)
    assert refusal.message == "调整后由基金承担 800.00 元，超过核定金额 500.00 元。"
    assert Change.objects.get().state == "reviewed"


def test_while_a_change_is_open_the_project_neither_ends_nor_closes(county):
    application = bring(county, "partly_paid")
    file_change(county, application)
    message = "有尚未办结的变更申请，请先办结。"
    assert refusal_of(file_closure, county, application).message == message
    refusal = refusal_of(
        applications.terminate,
        application,
        by=county.approver,
        due_back=to_yuan("0"),
        opinion=OPINION,
    )
    assert refusal.message == message


# --- Closure ----------------------------------------------------------------------------------------


def test_the_balance_is_what_was_paid_less_what_was_spent_of_the_fund(county):
    application = bring(county, "paid")
    file_closure(
        county, application, expense(application, "900", "650"), expense(application, "30", "0")
    )
    after = fresh(application)
    assert (after.active_closure.spent_total, after.active_closure.spent_from_fund) == (930, 650)
    assert (after.total_due_back, after.balance_due) == (150, 150)
    refusal = refusal_of(recover, county, application, "150.01")
    assert refusal.message == "收回金额 150.01 元超过应退结余 150.00 元。"
    recover(county, application, "50")
    assert fresh(application).balance_due == 100
    go_on(county, application, "review_closure")
    refusal = refusal_of(closures.close, application, by=county.approver, opinion=OPINION)
    assert refusal.message == "还有应退结余没有收回或核销，不能结项。"
    entries = Entry.objects.count()
    payments.waive(application, by=county.approver, opinion="已用于后续活动")
    assert Entry.objects.count() == entries
    assert fresh(application).log[-1].details == {"amount": "100.00"}
    closures.close(application, by=county.approver, opinion=OPINION)
    after = fresh(application)
    assert (after.state, after.waived_amount, after.balance_due) == ("closed", 100, 0)
    assert county.fund.balances.available == FUND - 750


def test_closing_releases_what_was_never_paid(county):
    application = bring(county, "closed")
    assert application.sums.unpaid == 0
    assert application.log[-1].details == {"released": "500.00"}
    assert county.fund.balances.available == county.fund.balances.cash == FUND - 200


def test_no_more_is_spent_of_the_fund_than_was_approved(county):
    application = bring(county, "partly_paid")
    refusal = refusal_of(file_closure, county, application, expense(application, "800.01"))
    assert "800.01" in refusal.message
    assert "800.00" in refusal.message
    assert refusal.field == "expenses"
    file_closure(county, application, expense(application, "800"))
    refusal = refusal_of(closures.review_closure, application, by=county.reviewer, opinion=OPINION)
    assert refusal.message == "结项列支的基金支出超过已拨付金额，请财务先拨付差额，或退回结项。"
    pay(county, application, "500")
    go_on(county, application, "review_closure", "close")
    assert fresh(application).state == State.CLOSED


def test_an_invoice_is_claimed_once_in_the_whole_system_and_freed_on_return(county):
    first, second = bring(county, "partly_paid"), bring(county, "partly_paid")
    number = {"invoice_code": "1234567890", "invoice_number": "00000001"}
    twice = [expense(first, "50", **number), expense(first, "60", **number)]
    refusal = refusal_of(file_closure, county, first, *twice)
    assert refusal.message == "第 2 行：发票号码 00000001 在本次结项中重复。"
    file_closure(county, first, expense(first, **number), expense(first, "1"), expense(first, "1"))
    refusal = refusal_of(
        file_closure, county, second, expense(second, "1"), expense(second, **number)
    )
    assert refusal.message == ("第 2 行：发票号码 00000001 已在其他结项中报销过，不能重复使用。")
    other_code = number | {"invoice_code": "9999999999"}
    file_closure(county, second, expense(second, **other_code))
    go_on(county, first, "return_closure")
    go_on(county, second, "return_closure")
    file_closure(county, second, expense(second, **number))
    assert Expense.objects.filter(is_claimed=True).count() == 1
    assert second.closures.count() == 2
    assert [c.is_active for c in second.closures.all()] == [True, False]


def test_a_returned_closure_forgets_what_was_waived(county):
    application = bring(county, "closure_reviewed")
    payments.waive(application, by=county.approver, opinion=OPINION)
    closures.send_back_closure(application, by=county.approver, opinion=OPINION)
    after = fresh(application)
    assert (after.state, after.waived_amount, after.active_closure) == ("approved", 0, None)
    file_closure(county, application)
    assert fresh(application).balance_due == 60


# --- Reopening --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "back_to"),
    [
        (["submit", "turn_down"], State.SUBMITTED),
        (["submit", "review", "reject"], State.REVIEWED),
        (["submit", "withdraw"], State.RETURNED),
        (["submit", "review", "withdraw"], State.RETURNED),
        (["submit", "review", "return", "withdraw"], State.RETURNED),
        (["submit", "review", "approve", "revoke"], State.APPROVED),
        (["submit", "review", "approve", "pay_part", "terminate"], State.APPROVED),
        (
            ["submit", "review", "approve", "pay_part", "file_closure"]
            + ["review_closure", "recover_rest", "close"],
            State.CLOSURE_REVIEWED,
        ),
    ],
)
def test_a_final_matter_is_taken_up_where_it_was_left_with_its_money(county, steps, back_to):
    application = go_on(county, draft(county), *steps)
    ended_on = application.log[-1].source
    number = application.number
    application = go_on(county, application, "reopen")
    assert application.state == back_to
    assert application.log[-1].opinion == OPINION
    assert application.number == number
    if back_to in {State.APPROVED, State.CLOSURE_REVIEWED}:
        assert ended_on == back_to
        sums = application.sums
        assert sums.unpaid + sums.disbursed == application.approved_amount
        assert county.fund.balances.reserved == sums.unpaid
    else:
        assert county.fund.balances.reserved == 0


@pytest.mark.parametrize("situation", ["revoked", "terminated", "closed"])
def test_a_matter_is_not_reopened_when_its_money_is_gone(county, situation):
    application = bring(county, situation)
    missing = application.approved_amount - application.sums.disbursed
    left = county.fund.balances.available
    other = bring(county, "reviewed", left)
    approve(county, other, left - missing + to_yuan("0.01"))
    refusal = refusal_of(applications.reopen, application, by=county.approver, opinion=OPINION)
    assert f"{missing:,.2f}" in refusal.message
    assert f"{missing - to_yuan('0.01'):,.2f}" in refusal.message
    assert fresh(application).state == situation
    receive(county, "0.01")
    go_on(county, application, "reopen")
    assert county.fund.balances.available == 0


def test_what_was_due_after_a_termination_is_fixed_anew_after_reopening(county):
    application = go_on(county, bring(county, "terminated"), "recover_part", "reopen")
    assert (application.state, application.due_back, application.waived_amount) == (
        "approved",
        None,
        0,
    )
    refusal = refusal_of(
        applications.terminate,
        application,
        by=county.approver,
        due_back=to_yuan("39.99"),
        opinion=OPINION,
    )
    assert refusal.message == "应退金额应在已收回的 40.00 元与已拨付的 300.00 元之间。"
    applications.terminate(application, by=county.approver, due_back=to_yuan("40"), opinion=OPINION)
    assert fresh(application).balance_due == 0
