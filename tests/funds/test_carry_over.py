"""结转: what is left of an ended programme's fund goes on to the next one's, or is kept."""

import re
import uuid

import pytest
from django.urls import reverse

from accounts.matters import NotPermitted
from accounts.todo import items_for
from funds.actions import carry_over as verbs
from funds.actions import ledger
from funds.carry_over_todo import KINDS
from funds.models import CarryOver, Entry, FundAccount, Source
from funds.overview import figures_of
from funds.papers import voucher
from funds.verify import differences
from pilotwork import clock
from pilotwork.money import ZERO, to_yuan, yuan
from pilotwork.refusals import Refused
from reports.home import fund_figures
from reports.programmes.archiving import archive_programme
from reports.programmes.open_matters import open_matters
from tests import journeys
from tests.factories import FundAccountFactory, PilotProgrammeFactory, PilotUnitFactory, days_ago
from tests.people import FUND
from units.actions import end_programme

REASON = "转入下一年度。"


@pytest.fixture
def later(county):
    """The next programme, begun yesterday, with an empty fund; the county's own is ended."""
    return next_of(county)


def next_of(county):
    programme = PilotProgrammeFactory(starts_on=days_ago(1))
    FundAccountFactory(programme=programme)
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    county.programme.refresh_from_db()
    return programme


def decide(county, later, amount=FUND, by=None, opinion=REASON):
    return verbs.decide_carry_over(
        county.programme,
        by=by or county.approver,
        to_programme=later,
        amount=to_yuan(amount),
        opinion=opinion,
    )


def book(county, carry_over, by=None, **more):
    return verbs.book_carry_over(
        carry_over, by=by or county.cashier, occurred_on=clock.today(), **more
    )


def available(programme):
    return programme.fund_account.balances.available


def waiting(person):
    return [(item.verb, item.amount) for item in items_for(KINDS, person)]


@pytest.mark.django_db
def test_what_is_left_leaves_the_one_fund_and_comes_into_the_other(county, later):
    payment = book(county, decide(county, later), reference="记 7")
    carry_over = CarryOver.objects.get()
    receipt = carry_over.bookings.get().receipt
    assert (available(county.programme), available(later)) == (ZERO, FUND)
    assert (payment.account, receipt.account) == (county.fund, later.fund_account)
    assert (receipt.source, receipt.amount) == (Source.CARRY_OVER, FUND)
    assert receipt.reference == payment.voucher_number
    assert payment.owner == receipt.owner == carry_over
    assert carry_over.state == "booked"
    assert list(differences()) == []


@pytest.mark.django_db
def test_what_was_carried_over_was_neither_paid_for_anything_nor_planned(county, later):
    book(county, decide(county, later, "4000"))
    old, new = figures_of([county.fund, later.fund_account])
    assert (old.received, old.paid, old.carried_out, old.available) == (
        FUND,
        ZERO,
        to_yuan("4000"),
        to_yuan("6000"),
    )
    assert [(line.source, line.received) for line in new.lines] == [
        (Source.CARRY_OVER, to_yuan("4000"))
    ]


@pytest.mark.django_db
def test_what_came_in_is_paid_carried_over_reserved_or_there(county):
    journeys.bring(county, "partly_paid")
    book(county, decide(county, next_of(county), "1000"))
    account = FundAccount.objects.get(pk=county.fund.pk)
    for fund in (figures_of([account])[0], fund_figures(account)):
        assert fund.carried_out == to_yuan("1000")
        assert fund.paid == to_yuan("300")
        assert fund.bound + fund.available == fund.received


@pytest.mark.django_db
def test_nothing_is_carried_over_before_the_day_of_the_decision(county, later):
    decided = decide(county, later)
    with pytest.raises(Refused, match="不能早于决定结转的日期"):
        verbs.book_carry_over(decided, by=county.cashier, occurred_on=days_ago(1))
    assert available(later) == ZERO


@pytest.mark.django_db
def test_who_decides_while_money_is_reserved_is_told_that_more_may_be_left(county, client):
    journeys.bring(county, "approved")
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    client.force_login(county.approver)
    page = client.get(reverse("funds:decide_carry_over", args=[county.programme.pk]))
    balances = county.fund.balances
    assert f"占用 {yuan(balances.cash - balances.available)} 元" in page.content.decode()


@pytest.mark.django_db
def test_the_approver_decides_and_another_person_books(county, later):
    with pytest.raises(NotPermitted, match="审批职责"):
        decide(county, later, by=county.administrator)
    with pytest.raises(NotPermitted, match="审批职责"):
        decide(county, later, by=county.superuser)
    carry_over = decide(county, later, by=county.allrounder)
    with pytest.raises(NotPermitted, match="同一人"):
        book(county, carry_over, by=county.allrounder)
    with pytest.raises(NotPermitted, match="财务"):
        book(county, carry_over, by=county.administrator)
    assert county.cashier in carry_over.who_can("book")
    book(county, carry_over, by=county.other_mentor)
    with pytest.raises(NotPermitted, match="同一人"):
        verbs.reopen_carry_over(carry_over, by=county.other_mentor, opinion=REASON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "refusal"), [("10000.01", "超过基金可用余额 10,000.00 元"), ("0", "大于零")]
)
def test_not_more_is_carried_over_than_there_is(county, later, amount, refusal):
    with pytest.raises(Refused, match=refusal):
        decide(county, later, amount)


@pytest.mark.django_db
def test_money_that_is_reserved_stays(county):
    """The rest of the fund is what may go: an approved application holds 800 yuan."""
    journeys.bring(county, "approved")
    programme = PilotProgrammeFactory(starts_on=days_ago(1))
    FundAccountFactory(programme=programme)
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    with pytest.raises(Refused, match="9,200.00"):
        decide(county, programme, "9200.01")
    decide(county, programme, "9200")


@pytest.mark.django_db
def test_money_goes_only_from_an_ended_programme_to_a_later_open_one(county, later):
    with pytest.raises(Refused, match="还没有结束"):
        verbs.decide_carry_over(
            later, by=county.approver, to_programme=county.programme, amount=FUND, opinion=REASON
        )
    earlier = PilotProgrammeFactory(starts_on=days_ago(900))
    FundAccountFactory(programme=earlier)
    with pytest.raises(Refused, match="之后开始"):
        decide(county, earlier)


@pytest.mark.django_db
def test_neither_programme_is_archived_while_money_is_on_its_way(county, later):
    """Nor while it is on its way back: only who booked or revoked it leaves nothing to do."""
    carry_over = decide(county, later)
    end_programme(later, by=county.administrator, opinion="到期。")
    on_its_way = "基金结转没有办完 1 项"
    for programme in (county.programme, later):
        with pytest.raises(Refused, match=on_its_way):
            archive_programme(programme, by=county.administrator)
    (kind,) = open_matters(later)
    assert kind["links"] == [(str(carry_over), reverse("funds:carry_over", args=[carry_over.pk]))]
    book(county, carry_over)
    verbs.reopen_carry_over(carry_over, by=county.approver, opinion=REASON)
    with pytest.raises(Refused, match=on_its_way):
        archive_programme(later, by=county.administrator)
    verbs.reverse_carry_over(carry_over, by=county.cashier, opinion=REASON)
    verbs.revoke_carry_over(carry_over, by=county.approver, opinion="再议。")
    assert archive_programme(later, by=county.administrator).state == "archived"


@pytest.mark.django_db
def test_what_is_left_is_not_to_be_decided_again_while_it_waits_to_be_booked(county, later):
    decide(county, later, "4000")
    with pytest.raises(Refused, match="已决定结转 4,000.00 元，等财务记账") as refusal:
        archive_programme(county.programme, by=county.administrator)
    assert "请先办理" not in str(refusal.value)


@pytest.mark.django_db
def test_one_decision_at_a_time(county, later):
    carry_over = decide(county, later, "4000")
    with pytest.raises(Refused, match="没有办完"):
        decide(county, later, "1000")
    verbs.revoke_carry_over(carry_over, by=county.approver, opinion="再议。")
    assert book(county, decide(county, later, "1000")).amount == to_yuan("1000")
    decide(county, later, "9000")


@pytest.mark.django_db
def test_a_form_sent_twice_carries_over_once(county, later):
    carry_over, key = decide(county, later), uuid.uuid4()
    first = book(county, carry_over, request_key=key)
    assert book(county, carry_over, request_key=key) == first
    assert available(later) == FUND
    verbs.reopen_carry_over(carry_over, by=county.approver, opinion=REASON)
    key = uuid.uuid4()
    again = [
        verbs.reverse_carry_over(carry_over, by=county.cashier, opinion=REASON, request_key=key)
        for _ in range(2)
    ]
    assert again[0] == again[1]
    assert (available(county.programme), available(later)) == (FUND, ZERO)


@pytest.mark.django_db
def test_both_sides_are_reversed_or_none(county, later):
    carry_over = decide(county, later)
    book(county, carry_over)
    with pytest.raises(Refused):
        verbs.reverse_carry_over(carry_over, by=county.cashier, opinion=REASON)
    carry_over = verbs.reopen_carry_over(carry_over, by=county.approver, opinion=REASON)
    receipt = carry_over.standing_booking.receipt
    with pytest.raises(Refused, match="转出和转入同时冲销"):
        ledger.reverse_receipt(receipt, by=county.cashier, reason=REASON)
    verbs.reverse_carry_over(carry_over, by=county.cashier, opinion=REASON)
    assert (available(county.programme), available(later)) == (FUND, ZERO)
    assert county.fund.balances.reserved == ZERO
    book(county, carry_over)
    assert available(later) == FUND
    assert list(differences()) == []


@pytest.mark.django_db
def test_what_the_next_programme_has_spent_is_not_reversed(county, later):
    carry_over = decide(county, later)
    book(county, carry_over)
    unit = PilotUnitFactory(programme=later, organisation=county.branch)
    application = journeys.draft(county, unit=unit)
    for step in ("submit", "review", "approve"):
        application = journeys.STEPS[step](county, application)
    verbs.reopen_carry_over(carry_over, by=county.approver, opinion=REASON)
    before = Entry.objects.count()
    with pytest.raises(Refused, match="可用余额"):
        verbs.reverse_carry_over(carry_over, by=county.cashier, opinion=REASON)
    assert Entry.objects.count() == before
    assert (
        verbs.uphold_carry_over(carry_over, by=county.approver, opinion="不冲了。").state
        == "booked"
    )


@pytest.mark.django_db
def test_what_is_left_may_be_kept_with_a_reason(county, later):
    with pytest.raises(Refused, match="全部可用余额"):
        decide(county, None, "1")
    kept = decide(county, None, opinion="没有下一次试点。")
    assert (kept.state, kept.log[0].opinion) == ("kept", "没有下一次试点。")
    assert available(county.programme) == FUND
    with pytest.raises(Refused, match="已决定留存"):
        decide(county, later)


@pytest.mark.django_db
def test_who_has_to_act_finds_it_on_the_workbench(county, later):
    assert waiting(county.approver) == [("decide_carry_over", FUND)]
    assert waiting(county.cashier) == []
    carry_over = decide(county, later, by=county.allrounder)
    assert waiting(county.approver) == []
    assert (waiting(county.cashier), waiting(county.allrounder)) == ([("book", FUND)], [])
    book(county, carry_over)
    verbs.reopen_carry_over(carry_over, by=county.approver, opinion=REASON)
    assert waiting(county.cashier) == [("reverse", FUND)]


@pytest.mark.django_db
def test_both_vouchers_print_with_who_decided(county, later):
    payment = book(county, decide(county, later))
    receipt = payment.carried_out.receipt
    titles = {entry: voucher(entry).context["title"] for entry in (payment, receipt)}
    assert titles == {payment: "基金结转凭单", receipt: "收款凭单"}
    assert voucher(payment).context["deciders"]["approval"].by == county.approver
    assert voucher(receipt).context["matter"] == payment.owner
    # Nobody outside the county gives or takes the money.
    for entry in titles:
        printed = voucher(entry).file("styles.css").decode()
        assert not {"领款人", "交款人", "开户银行"} & set(
            re.findall("领款人|交款人|开户银行", printed)
        )


@pytest.mark.django_db
def test_check_ledger_names_a_receipt_without_its_other_side(county, later):
    alone = ledger.receive(
        later.fund_account,
        by=county.cashier,
        amount=to_yuan("5"),
        source=Source.CARRY_OVER,
        occurred_on=clock.today(),
        counterparty="上一次试点",
        reference="无",
    )
    (words,) = differences()
    assert f"第 {alone.number} 号分录：结转只有一方" in words


@pytest.mark.django_db
def test_check_ledger_names_a_carry_over_that_says_another_amount(county, later):
    carry_over = decide(county, later)
    book(county, carry_over)
    CarryOver.objects.filter(pk=carry_over.pk).update(amount=to_yuan("1"))
    (words,) = differences()
    assert "决定 1.00 元，转出 10,000.00 元，转入 10,000.00 元" in words
