"""Changes, closures and reopening, with the figures they name."""

import re

import pytest
from django.urls import reverse

from accounts.matters import NotPermitted
from funds.actions import applications, changes, closures, payments
from funds.actions.changes import CHANGEABLE
from funds.models import Change, Entry, Expense, State
from funds.papers import spending_by_item
from pilotwork.money import to_yuan
from pilotwork.templatetags.pilotwork import capitals
from tests.factories import days_ago
from tests.funds.acts import approve, refusal_of
from tests.journeys import (
    OPINION,
    bring,
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

# --- Change ---------------------------------------------------------------------------------------


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


def test_after_a_change_the_sums_of_the_budget_are_those_of_its_lines_everywhere(client, county):
    application = bring(county, "approved")
    applications.reduce(application, by=county.approver, amount=to_yuan("500"), opinion=OPINION)
    change = filing(county, fresh(application), [line("展板", "2", "350.50", "401.25")])
    changes.review_change(change, by=county.reviewer, opinion=OPINION)
    changes.approve_change(change, by=county.approver, opinion=OPINION)
    client.force_login(county.approver)
    number = len(fresh(application).versions.all())
    sums = r">合计</td>.*?701\.00.*?401\.25.*?299\.75"
    for name, arguments in [
        ("application", []),
        ("version", [number]),
        ("approval_form", []),
    ]:
        address = reverse(f"funds:{name}", args=[application.pk, *arguments])
        page = client.get(address).content.decode()
        assert re.search(sums, page, re.S), name
        assert capitals(to_yuan("800")) in page, name  # what was applied for stays
    file_closure(county, fresh(application), expense(fresh(application), "300"))
    form = client.get(reverse("funds:closure_form", args=[application.pk])).content.decode()
    assert re.search(r">合计</td>.*?701\.00.*?401\.25.*?300\.00", form, re.S)


def test_the_closure_form_says_what_is_still_to_be_paid_and_no_negative_balance(client, county):
    application = bring(county, "partly_paid")
    spent = application.sums.disbursed + 100
    file_closure(county, application, expense(application, str(spent)))
    client.force_login(county.approver)
    form = client.get(reverse("funds:closure_form", args=[application.pk])).content.decode()
    assert re.search(
        r"应退结余</th>\s*<td[^>]*>0\.00<.*?还须拨付</th>\s*<td[^>]*>100\.00<", form, re.S
    )
    assert "尚应退" not in form


def test_two_budget_lines_of_one_name_are_one_row_of_the_closure_form_with_both_sums(county):
    application = bring(county, "approved")
    alike = [line("展板", "2", "50", "100"), line("展板", "1", "30", "20")]
    change = filing(county, application, alike)
    changes.review_change(change, by=county.reviewer, opinion=OPINION)
    changes.approve_change(change, by=county.approver, opinion=OPINION)
    go_on(county, fresh(application), "pay_part")
    file_closure(county, fresh(application), expense(fresh(application), "90"))
    closure = fresh(application).active_closure
    (row,) = spending_by_item(closure, fresh(application).budget_lines.all())
    assert (row["planned"], row["planned_fund"], row["spent"]) == (130, 120, 90)


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


# --- Closure --------------------------------------------------------------------------------------


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
    refusal = refusal_of(recover, county, application, "50", occurred_on=days_ago(1))
    assert (refusal.field, "早于拨付日期" in refusal.message) == ("occurred_on", True)
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


# --- Reopening ------------------------------------------------------------------------------------


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
