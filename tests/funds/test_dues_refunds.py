"""团费返还: all of it goes back and never more; what the unit then does with it; the checks."""

import datetime as dt

import pytest

from accounts.matters import NotPermitted
from accounts.models import TransitionLog
from funds.actions import dues, dues_refunds, dues_uses, ledger
from funds.actions.accounts import county_account
from funds.actions.outright import standing_payment
from funds.models import AccountKind, DuesRecord, DuesState, Entry
from funds.verify import differences
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.factories import days_ago
from tests.funds.dues import (
    OPINION,
    begin,
    bring,
    collect,
    confirm,
    due,
    fresh,
    refund,
    refunded,
    reopen,
    use,
    used,
    waived,
)
from tests.people import receive

pytestmark = pytest.mark.django_db


def balances():
    return county_account(AccountKind.DUES).balances


def refused_field(function, *args, **arguments):
    with pytest.raises(Refused) as caught:
        function(*args, **arguments)
    return caught.value.field


def test_no_date_of_the_dues_lies_before_what_it_follows(county):
    record = begin(county, unit=county.other_unit)
    long_ago = dt.date(record.year - 2, 12, 31)
    assert refused_field(collect, county, record, "100", occurred_on=long_ago) == "occurred_on"
    record = due(county)
    came_on = record.payments.standing().latest("pk").entry.occurred_on
    too_early = came_on - dt.timedelta(days=1)
    assert refused_field(refund, county, record, occurred_on=too_early) == "occurred_on"
    refund(county, record, occurred_on=came_on)
    assert refused_field(use, county, fresh(record), "10", spent_on=long_ago) == "spent_on"


# --- Given back -------------------------------------------------------------------------------


def test_all_that_was_paid_goes_back_in_one_payment_and_settles_it(county):
    record = due(county)
    entry = refund(county, record)
    record = fresh(record)
    assert (entry.kind, entry.amount, entry.commitment.kind) == ("disburse", 800, "dues")
    assert (record.refunded, record.state, record.main_verb) == (
        800,
        DuesState.SETTLED,
        "acknowledge",
    )
    assert (balances().cash, balances().available) == (0, 0)
    assert (record.sums.disbursed, record.sums.unpaid) == (800, 0)
    with pytest.raises(Refused, match="已结清"):
        refund(county, record)


def test_it_goes_to_the_unit_or_to_the_parent_that_paid_it_in(county):
    entry = refund(county, due(county))
    assert entry.counterparty == county.branch.payee_name
    assert entry.counterparty_account == county.branch.payee_account
    county.branch.payee_account = ""
    county.branch.save()
    DuesRecord.objects.update(year=2000)
    entry = refund(county, due(county, is_via_parent=True))
    assert entry.counterparty_account == county.town.payee_account


def test_a_payee_without_an_account_is_refused_in_a_sentence(county):
    county.branch.payee_bank = ""
    county.branch.save()
    record = due(county)
    with pytest.raises(
        Refused, match="“顺丰林木种植专业合作社团支部”的收款户名、开户银行或账号不全"
    ):
        refund(county, record)
    assert not Entry.objects.filter(kind__in=["reserve", "disburse"]).exists()


def test_the_refund_of_one_form_is_paid_once(county):
    record, other = due(county), due(county, unit=county.other_unit)
    key = ledger.new_request_key()
    entry = refund(county, record, request_key=key)
    assert refund(county, record, request_key=key) == entry
    with pytest.raises(Refused, match="表单已失效"):
        refund(county, other, request_key=key)
    assert balances().cash == 800


def test_money_of_other_units_is_never_used_for_a_refund(county):
    """The account holds what came in; a refund reserves and pays its own amount at once."""
    record, other = due(county), due(county, unit=county.other_unit)
    refund(county, record)
    assert balances().cash == 800
    refund(county, other)
    assert balances().cash == 0


def test_what_is_paid_later_goes_back_too_after_reopening(county):
    record = reopen(county, refunded(county))
    dues.amend(record, by=county.cashier, payable=to_yuan("1000"), method=record.method)
    collect(county, record, "200")
    confirm(county, record)
    assert refund(county, record).amount == 200
    assert (fresh(record).refunded, fresh(record).state) == (1000, DuesState.SETTLED)


def test_a_wrong_refund_is_reversed_only_after_the_approver_reopened_it(county):
    record = refunded(county)
    entry = standing_payment(record.commitment)
    arguments = {"by": county.cashier, "entry": entry, "opinion": "付错账户"}
    with pytest.raises(Refused, match="不能再“冲销退返”"):
        dues_refunds.reverse_refund(record, **arguments)
    record = reopen(county, record)
    key = ledger.new_request_key()
    opposite = dues_refunds.reverse_refund(record, **arguments, request_key=key)
    assert dues_refunds.reverse_refund(record, **arguments, request_key=key) == opposite
    record = fresh(record)
    assert (record.refunded, record.received_on, record.main_verb) == (0, None, "refund")
    assert (balances().cash, balances().available) == (800, 800)
    assert refund(county, record).amount == 800


def test_another_matters_payment_is_not_reversed_here(county):
    other = refunded(county, unit=county.other_unit)
    record = reopen(county, refunded(county))
    with pytest.raises(Refused, match="不属于本事项"):
        dues_refunds.reverse_refund(
            record,
            by=county.cashier,
            entry=standing_payment(other.commitment),
            opinion="错",
        )


# --- The unit's own ---------------------------------------------------------------------------


def test_the_unit_confirms_the_arrival_once_and_nobody_else_does(county):
    record = refunded(county)
    for person in (county.mentor, county.parent_member, county.neighbour, county.superuser):
        with pytest.raises(NotPermitted, match="只有该试点单位的成员"):
            dues_refunds.acknowledge(record, by=person, received_on=clock.today())
    for day, words in [(days_ago(-1), "不能晚于今天"), (days_ago(1), "不能早于退返日期")]:
        with pytest.raises(Refused, match=words):
            dues_refunds.acknowledge(record, by=county.member, received_on=day)
    dues_refunds.acknowledge(record, by=county.member, received_on=clock.today())
    assert fresh(record).received_on == clock.today()
    with pytest.raises(Refused, match="已经确认过到账"):
        dues_refunds.acknowledge(record, by=county.member, received_on=clock.today())


def test_no_more_is_used_than_was_given_back_or_waived(county):
    record = refunded(county)
    use(county, record, "500")
    with pytest.raises(Refused, match="还剩 300.00 元，不足 300.01 元") as refused:
        use(county, record, "300.01")
    assert refused.value.field == "amount"
    use(county, record, "300")
    assert fresh(record).used == 800


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"spent_on": days_ago(-1)}, "不能晚于今天"), ({"amount": "0"}, "必须大于零")],
)
def test_a_use_in_the_future_or_of_nothing_is_refused(county, changed, words):
    record = waived(county)
    with pytest.raises(Refused, match=words):
        use(county, record, changed.pop("amount", "1"), **changed)


def test_nothing_is_used_before_anything_was_given(county):
    with pytest.raises(Refused, match="退返或免缴之后"):
        use(county, due(county), "1")


def test_a_wrong_use_is_struck_out_with_a_reason_and_stays(county):
    record = used(county)
    with pytest.raises(Refused, match="已经登记；确是另一笔"):
        use(county, record, "200")
    use(county, fresh(record), "1", voucher_number="PJ-1")
    with pytest.raises(Refused, match="这张票据已登记"):
        use(county, fresh(record), "2", voucher_number="pj-1")
    dues_uses.void_use(
        fresh(record), by=county.member, use=record.uses.get(amount=1), opinion="写错"
    )
    wrong = record.uses.get(amount=200)
    dues_uses.void_use(record, by=county.member, use=wrong, opinion="重复登记")
    wrong.refresh_from_db()
    assert (wrong.voided_by, wrong.void_reason) == (county.member, "重复登记")
    assert fresh(record).used == 0
    with pytest.raises(Refused, match="没有可以划去的使用"):
        dues_uses.void_use(record, by=county.member, use=wrong, opinion="再来")


def test_money_that_was_used_is_not_taken_back(county):
    record = reopen(county, bring(county, "used"))
    entry = standing_payment(record.commitment)
    with pytest.raises(Refused, match="单位已登记使用 200.00 元，办理后只剩 0.00 元"):
        dues_refunds.reverse_refund(record, by=county.cashier, entry=entry, opinion="错")
    other = bring(county, "waiver_reopened")
    use(county, other, "1")
    with pytest.raises(Refused, match="单位已登记使用 1.00 元"):
        dues.revoke_waiver(other, by=county.approver, opinion=OPINION)


# --- All at once ------------------------------------------------------------------------------


def refund_each(county, records, key, by=None):
    """Refund `records` in one go; returns [(voucher or None, reason)]."""
    outcomes = dues_refunds.refund_each(
        [(record, None) for record in records],
        by=by or county.cashier,
        occurred_on=clock.today(),
        method="银行转账",
        request_key=key,
    )
    return [(outcome.entry, outcome.reason) for outcome in outcomes]


def test_each_is_paid_on_its_own_and_the_others_are_said_with_the_reason(county):
    own, other = due(county), due(county, unit=county.other_unit)
    key = ledger.new_request_key()
    (none, reason), (entry, nothing) = refund_each(county, [own, other], key, by=county.mentor)
    assert none is None
    assert "按回避规定" in reason
    assert (entry.amount, nothing) == (800, "")
    assert (fresh(own).state, fresh(other).state) == (DuesState.CONFIRMED, DuesState.SETTLED)


def test_sent_again_it_pays_nobody_twice(county):
    records = [due(county), due(county, unit=county.other_unit)]
    key = ledger.new_request_key()
    assert refund_each(county, records, key) == refund_each(county, records, key)
    assert Entry.objects.filter(kind="disburse").count() == 2


@pytest.mark.django_db(transaction=True)
def test_broken_off_it_leaves_each_unit_paid_or_untouched_and_can_be_run_again(county, monkeypatch):
    records = [due(county), due(county, unit=county.other_unit)]
    broken, key = records[1].pk, ledger.new_request_key()
    whole = TransitionLog.save

    def power_cut(row, **kwargs):
        if (row.object_id, row.verb) == (broken, "refund"):
            raise KeyboardInterrupt
        whole(row, **kwargs)

    monkeypatch.setattr(TransitionLog, "save", power_cut)
    with pytest.raises(KeyboardInterrupt):
        refund_each(county, records, key)
    paid, untouched = map(fresh, records)
    assert (paid.state, paid.refunded) == (DuesState.SETTLED, 800)
    assert (untouched.state, untouched.refunded) == (DuesState.CONFIRMED, 0)
    assert Entry.objects.filter(kind__in=["reserve", "disburse"]).count() == 2
    monkeypatch.undo()
    vouchers = [entry for entry, _ in refund_each(county, records, key)]
    assert vouchers[0] == standing_payment(paid.commitment)
    assert [fresh(record).refunded for record in records] == [800, 800]
    assert list(differences()) == []


# --- The checks of the books ------------------------------------------------------------------


def test_the_books_are_right_in_every_situation(county):
    for situation in ("paid_in_part", "due", "used", "waived", "refund_reopened"):
        bring(county, situation)
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("situation", "wrong", "words"),
    [
        ("due", {"paid": "700"}, "实缴 700.00 元，账上缴纳 800.00 元。"),
        ("refund_reopened", {"refunded": "1"}, "退返 1.00 元，账上退返 800.00 元。"),
        ("waiver_reopened", {"waived": "10"}, "免缴 10.00 元，办理记录为 800.00 元。"),
    ],
)
def test_a_copy_that_differs_from_ledger_or_log_is_named(county, situation, wrong, words):
    record = bring(county, situation)
    amounts = {name: to_yuan(amount) for name, amount in wrong.items()}
    DuesRecord.objects.filter(pk=record.pk).update(**amounts)
    assert list(differences()) == [f"{record}：{words}"]


def test_a_payment_that_is_no_receipt_of_dues_is_named(county):
    record = begin(county)
    entry = receive(county, "5")
    record.payments.create(entry=entry, receipt_number="SJ-1")
    found = list(differences())
    assert f"{record} 票据 SJ-1：与分录 {entry.voucher_number} 不符。" in found
