"""团费返还: what is recorded, collected, confirmed, waived; who may, and what is refused."""

import pytest
from django.db import IntegrityError, transaction

from accounts.matters import NotPermitted
from accounts.todo import items_for
from funds.actions import dues, ledger
from funds.actions.accounts import county_account
from funds.dues_todo import DUES_KINDS
from funds.models import AccountKind, DuesMethod, DuesRecord, DuesState, Entry
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.factories import PilotProgrammeFactory, PilotUnitFactory
from tests.funds.dues import (
    OPINION,
    begin,
    collect,
    confirm,
    due,
    fresh,
    recorded,
    refund,
    refunded,
    reopen,
    to_waive,
    waive,
    waived,
)
from units.actions import leave

pytestmark = pytest.mark.django_db


def dues_account():
    return county_account(AccountKind.DUES)


def check_refused(call, words, field=None):
    """The call is refused with these words beside this field."""
    with pytest.raises(Refused, match=words) as refused:
        call()
    assert refused.value.field == field


# --- Recorded ---------------------------------------------------------------------------------


def test_payable_is_typed_or_members_times_the_rate(county):
    typed = begin(county)
    assert (typed.payable, typed.members, typed.rate) == (800, None, None)
    computed = begin(county, unit=county.other_unit, payable=None, members=35, rate=to_yuan("2.40"))
    assert (computed.payable, computed.members, computed.rate) == (84, 35, to_yuan("2.40"))
    assert computed.state == DuesState.RECORDED
    assert computed.log[0].by == county.cashier


@pytest.mark.parametrize(
    ("figures", "words", "field"),
    [
        ({"payable": None}, "请填写应上缴金额", "payable"),
        ({"payable": None, "members": 30}, "请填写应上缴金额", "payable"),
        ({"members": 30, "rate": to_yuan("20")}, "应为 600.00 元", "payable"),
        ({"payable": to_yuan("-1")}, "不能是负数", "payable"),
        ({"payable": to_yuan("0")}, "应上缴为零的，请写明理由", "no_dues_reason"),
        ({"no_dues_reason": "没有团员"}, "不必写无应缴的理由", "no_dues_reason"),
        ({"year": 1999}, "只能登记试点期间的年度", "year"),
        ({"year": 2999}, "不能登记以后的年度", "year"),
    ],
)
def test_figures_that_do_not_fit_are_refused_beside_their_field(county, figures, words, field):
    check_refused(lambda: begin(county, **figures), words, field)
    assert not DuesRecord.objects.exists()


def test_one_record_per_unit_and_year_also_across_pilots(county):
    begin(county)
    check_refused(lambda: begin(county), "已经登记", "year")
    again = PilotUnitFactory(programme=PilotProgrammeFactory(), organisation=county.branch)
    check_refused(lambda: begin(county, unit=again), "已经登记", "year")


def test_a_unit_that_left_the_pilot_is_not_recorded(county):
    unit = leave(county.unit, by=county.administrator, last_day=clock.today(), opinion="合并")
    check_refused(lambda: begin(county, unit=unit), "已退出试点")


def test_only_a_unit_under_another_parent_pays_by_way_of_it(county):
    check_refused(
        lambda: begin(county, unit=county.other_unit, is_via_parent=True),
        "上级就是团县委",
        "is_via_parent",
    )
    assert begin(county, is_via_parent=True).payer == county.town


def test_nobody_but_a_cashier_records_collects_or_amends(county):
    for person in (county.reviewer, county.approver, county.superuser, county.member):
        with pytest.raises(NotPermitted, match="由财务人员登记"):
            begin(county, by=person)
    record = begin(county)
    for person in (county.reviewer, county.superuser, county.member):
        with pytest.raises(NotPermitted, match="由财务人员登记"):
            collect(county, record, "1", by=person)
    # Recording decides nothing: the unit's mentor may, when he is a cashier.
    collect(county, record, "1", by=county.mentor)


# --- Collected --------------------------------------------------------------------------------


def test_dues_that_come_in_are_a_receipt_in_the_account_of_dues(county):
    record = begin(county, is_via_parent=True)
    entry = collect(county, record, "300", "TF-1")
    assert (entry.account, entry.kind, entry.source) == (dues_account(), "receipt", "dues")
    assert (entry.amount, entry.counterparty, entry.reference) == (300, "沿庄镇团委", "TF-1")
    collect(county, record, "500", "TF-2")
    assert fresh(record).paid == 800
    assert dues_account().balances.available == 800


def test_more_than_is_payable_is_not_taken(county):
    record = begin(county)
    collect(county, record, "300")
    check_refused(lambda: collect(county, record, "500.01"), "还应缴 500.00 元", "amount")
    collect(county, record, "500")
    check_refused(lambda: collect(county, record, "1"), "已经缴清或免缴")


def test_a_receipt_number_stands_once_in_the_account_until_it_is_reversed(county):
    first, second = begin(county), begin(county, unit=county.other_unit)
    collect(county, first, "1", "TF-1")
    check_refused(
        lambda: collect(county, second, "1", "TF-1"), "已登记为 TF-00001", "receipt_number"
    )
    payment = first.payments.get()
    dues.reverse_payment(first, by=county.cashier, payment=payment, opinion="重号")
    collect(county, second, "1", "TF-1")


def test_one_form_sent_twice_books_once_and_serves_no_other_unit(county):
    first, second = begin(county), begin(county, unit=county.other_unit)
    key = ledger.new_request_key()
    entry = collect(county, first, "300", "TF-1", request_key=key, seen=1)
    assert collect(county, first, "300", "TF-1", request_key=key, seen=1) == entry
    assert fresh(first).paid == 300
    check_refused(lambda: collect(county, second, "300", "TF-2", request_key=key), "表单已失效")


def test_a_wrong_payment_is_reversed_with_the_reason_and_confirmed_anew(county):
    record = due(county)
    payment = record.payments.get()
    dues.reverse_payment(record, by=county.cashier, payment=payment, opinion="记错单位")
    record = fresh(record)
    assert (record.paid, record.state) == (0, DuesState.RECORDED)
    assert dues_account().balances.cash == 0
    assert record.log[-1].opinion == "记错单位"
    check_refused(
        lambda: dues.reverse_payment(record, by=county.cashier, payment=payment, opinion="再来"),
        "没有可以冲销的缴纳",
    )


def test_a_payment_that_went_back_is_not_reversed_before_the_refund(county):
    record = reopen(county, refunded(county))
    payment = record.payments.get()
    check_refused(
        lambda: dues.reverse_payment(record, by=county.cashier, payment=payment, opinion="错"),
        "请先冲销退返",
        "payment",
    )


def test_a_receipt_of_dues_is_not_reversed_on_the_accounts_page(county):
    record = begin(county)
    entry = collect(county, record, "300")
    check_refused(
        lambda: ledger.reverse_receipt(entry, by=county.cashier, reason="错"),
        f"请到“{record}”的团费记录中冲销",
    )
    assert fresh(record).paid == 300


# --- Amended, confirmed -----------------------------------------------------------------------


def test_amended_figures_are_confirmed_anew_and_never_fall_below_what_was_paid(county):
    record = due(county)
    check_refused(
        lambda: dues.amend(
            record, by=county.cashier, payable=to_yuan("799.99"), method=record.method
        ),
        "应上缴不能低于此数",
        "payable",
    )
    dues.amend(record, by=county.cashier, payable=to_yuan("900"), method=DuesMethod.KEEP)
    record = fresh(record)
    assert (record.state, record.payable, record.unpaid) == (DuesState.RECORDED, 900, 100)
    assert record.history.count() > 1


def test_the_way_is_not_changed_while_money_that_went_it_stands(county):
    record = recorded(county)
    check_refused(
        lambda: dues.amend(
            record,
            by=county.cashier,
            payable=record.payable,
            method=record.method,
            is_via_parent=True,
        ),
        "请先冲销缴纳",
        "is_via_parent",
    )


def test_dues_paid_in_part_are_confirmed_and_wait_for_the_rest(county):
    record = begin(county)
    collect(county, record, "300")
    record = fresh(confirm(county, record))
    assert (record.state, record.main_verb) == (DuesState.CONFIRMED, "")
    check_refused(lambda: refund(county, record), "还没有缴清")
    collect(county, record, "500")
    assert fresh(record).main_verb == "confirm"
    check_refused(lambda: refund(county, record), "待核实")


def test_nobody_confirms_figures_that_he_wrote(county):
    record = begin(county, by=county.allrounder)
    with pytest.raises(NotPermitted, match="您登记过这份团费"):
        dues.confirm(record, by=county.allrounder)
    assert county.allrounder not in fresh(record).who_can("confirm")
    confirm(county, record)
    collect(county, record, "1", by=county.early_mentor)
    with pytest.raises(NotPermitted, match="您登记过这份团费"):
        dues.confirm(record, by=county.early_mentor)
    confirm(county, record)


def test_what_was_confirmed_is_sent_back_with_the_reason(county):
    record = due(county)
    dues.send_back(record, by=county.reviewer, opinion="人数不对")
    record = fresh(record)
    assert (record.state, record.log[-1].opinion) == (DuesState.RECORDED, "人数不对")


def test_nothing_payable_with_a_reason_is_settled_once_confirmed(county):
    record = begin(county, payable=to_yuan("0"), no_dues_reason="全部为流动团员，已在外地缴纳")
    assert fresh(confirm(county, record)).state == DuesState.SETTLED


# --- Waived -----------------------------------------------------------------------------------


def test_the_approver_waives_and_the_unit_keeps_it_without_any_entry(county):
    record = to_waive(county)
    assert record.main_verb == "waive"
    waive(county, record, "800")
    record = fresh(record)
    assert (record.state, record.waived, record.granted) == (DuesState.SETTLED, 800, 800)
    assert not Entry.objects.filter(account=dues_account()).exists()
    assert (record.log[-1].opinion, record.log[-1].act) == (OPINION, "approve")


def test_no_more_is_waived_than_is_unpaid(county):
    record = begin(county)
    collect(county, record, "300")
    confirm(county, record)
    check_refused(lambda: waive(county, record, "500.01"), "免缴不能超过此数", "amount")
    check_refused(lambda: waive(county, record, "0"), "必须大于零", "amount")
    waive(county, record, "500")
    record = fresh(record)
    assert (record.state, record.main_verb) == (DuesState.CONFIRMED, "refund")
    refund(county, record)
    record = fresh(record)
    assert (record.refunded, record.waived, record.state) == (300, 500, DuesState.SETTLED)


def test_a_waiver_is_revoked_with_a_reason_once_the_record_is_reopened(county):
    record = reopen(county, waived(county))
    dues.revoke_waiver(record, by=county.approver, opinion="应当缴纳")
    record = fresh(record)
    assert (record.waived, record.unpaid, record.state) == (0, 800, DuesState.CONFIRMED)


def test_a_record_reopened_for_nothing_is_settled_by_confirming_it(county):
    record = reopen(county, refunded(county))
    dues.send_back(record, by=county.reviewer, opinion="再核一遍")
    assert fresh(confirm(county, record)).state == DuesState.SETTLED


def test_a_record_reopened_for_nothing_is_upheld_and_waits_for_somebody_till_then(county):
    def verbs_of(person):
        return {item.verb for item in items_for(DUES_KINDS, person) if item.matter.pk == record.pk}

    record = reopen(county, refunded(county))
    assert record.main_verb == "reverse_refund"
    assert verbs_of(county.cashier) == {"reverse_refund"}
    assert fresh(dues.uphold(record, by=county.approver, opinion="无误")).state == "settled"
    assert verbs_of(county.cashier) == set()
    record = reopen(county, waived(county, unit=county.other_unit))
    assert record.main_verb == "uphold"
    assert verbs_of(county.approver) == {"uphold"}
    dues.revoke_waiver(record, by=county.approver, opinion="应当缴纳")
    with pytest.raises(Refused, match="不能维持结清"):
        dues.uphold(fresh(record), by=county.approver, opinion="无误")


# --- Recusal ----------------------------------------------------------------------------------

RECUSED = ("mentor", "former_mentor", "parent_member", "staff_member")


@pytest.mark.parametrize("person", RECUSED)
def test_mentors_and_members_of_unit_or_parent_decide_nothing(county, person):
    person = getattr(county, person)
    record = recorded(county)
    with pytest.raises(NotPermitted, match="按回避规定"):
        dues.confirm(record, by=person)
    confirm(county, record)
    with pytest.raises(NotPermitted, match="按回避规定"):
        refund(county, record, by=person)
    assert set(fresh(record).verbs_for(person)) == {
        "amend",
        "reverse_payment",
    }


def test_neither_a_superuser_nor_a_duty_that_ended_decides(county):
    record = recorded(county)
    for person in (county.superuser, county.retired, county.coming, county.administrator):
        with pytest.raises(NotPermitted, match="初审职责"):
            dues.confirm(record, by=person)
    confirm(county, record)
    for person in (county.superuser, county.retired, county.coming, county.administrator):
        with pytest.raises(NotPermitted, match="财务职责"):
            refund(county, record, by=person)


def test_of_review_waiver_and_refund_nobody_does_two_adjoining_ones(county):
    record = begin(county)
    collect(county, record, "300")
    dues.confirm(record, by=county.allrounder)
    with pytest.raises(NotPermitted, match="相邻环节不能由同一人办理"):
        dues.waive(record, by=county.allrounder, amount=to_yuan("500"), opinion=OPINION)
    dues.waive(record, by=county.early_mentor, amount=to_yuan("500"), opinion=OPINION)
    with pytest.raises(NotPermitted, match="审批与拨付不能由同一人办理"):
        refund(county, record, by=county.early_mentor)
    # Review and payment do not adjoin.
    refund(county, record, by=county.allrounder)


# --- The database -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"paid": to_yuan("900")},
        {"waived": to_yuan("-1")},
        {"refunded": to_yuan("801")},
        {"payable": to_yuan("0"), "paid": to_yuan("0"), "refunded": to_yuan("0")},
        {"refunded": to_yuan("799")},
    ],
)
def test_the_database_itself_refuses_impossible_sums(county, wrong):
    record = refunded(county)
    with pytest.raises(IntegrityError), transaction.atomic():
        DuesRecord.objects.filter(pk=record.pk).update(**wrong)
