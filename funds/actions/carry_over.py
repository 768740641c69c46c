"""Verbs on 结转: the approver decides where what is left of a fund goes, the cashier books it."""

from django.db import transaction

from accounts.matters import NotPermitted, lock, record, require, take, verb
from accounts.models import Act
from funds.actions import ledger
from funds.actions.outright import pay_outright, take_back_outright
from funds.models import (
    CarryOver,
    CarryOverBooking,
    CarryOverState,
    Commitment,
    CommitmentKind,
    EntryKind,
    FundAccount,
    Source,
    may_decide_carry_over,
)
from funds.models.carry_over import UNDECIDED
from pilotwork import clock
from pilotwork.money import yuan
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import PilotProgramme, ProgrammeState
from units.models.archiving import require_open


def programmes_after(programme):
    """Programmes to whose fund the programme's money may go: later ones that are not archived."""
    later = PilotProgramme.objects.not_archived().filter(
        starts_on__gt=programme.starts_on, fund_account__isnull=False
    )
    return later.order_by("starts_on", "pk")


@transaction.atomic
def decide_carry_over(programme, *, by, to_programme, amount, opinion):
    """决定结转: `amount` yuan left of the ended programme's fund go to `to_programme`'s.

    `to_programme` None: the money is kept where it is (留存). The approver's act, with the reason
    (`opinion`); NotPermitted for others. Refused: the programme is not ended, an earlier decision is
    still to be booked, more than is available, kept but not all of it, a programme that does not
    come after it or is archived. Returns the CarryOver; no money moves yet.
    """
    fund, programme = ledger.lock_fund(programme), lock(programme)
    carry_over = CarryOver(
        programme=programme,
        to_programme=to_programme,
        amount=amount,
        decided_on=clock.today(),
        state=CarryOverState.DECIDED if to_programme else CarryOverState.KEPT,
        state_since=clock.now(),
    )
    reason = may_decide_carry_over.why_not(carry_over, by)
    if reason:
        raise NotPermitted(reason)
    _require_decidable(carry_over)
    _require_fitting_amount(carry_over, fund)
    carry_over._history_user = by
    carry_over.save()
    record(
        carry_over,
        "decide",
        label="决定结转" if to_programme else "决定留存",
        act=Act.APPROVE,
        source="",
        by=by,
        at=clock.now(),
        opinion=opinion,
        details={"amount": amount, "to": str(to_programme or "")},
    )
    return carry_over


def _require_decidable(carry_over):
    programme = carry_over.programme
    if programme.state != ProgrammeState.ENDED:
        raise Refused(f"“{programme}”还没有结束，结束后才能办理结转。", stale=True)
    standing = programme.carry_overs.filter(state__in=[*UNDECIDED, CarryOverState.KEPT])
    if standing.exists():
        raise Refused("已有一项结转决定没有办完，或结余已决定留存；请先办完或撤销。", stale=True)
    if carry_over.to_programme is None:
        return
    if not programmes_after(programme).filter(pk=carry_over.to_programme_id).exists():
        raise Refused("只能结转到之后开始、没有归档的试点工作。", "to_programme")
    # Nor is it archived meanwhile, while nothing yet says that money is on its way there.
    require_open(carry_over.to_programme)


def _require_fitting_amount(carry_over, fund):
    if fund is None:
        raise Refused("这次试点没有基金账户。", stale=True)
    available = fund.balances.available
    if carry_over.amount <= 0:
        raise Refused("金额必须大于零。", "amount")
    if carry_over.amount > available:
        raise Refused(
            f"结转 {yuan(carry_over.amount)} 元超过基金可用余额 {yuan(available)} 元。", "amount"
        )
    if carry_over.to_programme is None and carry_over.amount != available:
        raise Refused(f"留存的是全部可用余额 {yuan(available)} 元，不能只留一部分。", "amount")


@verb
def book_carry_over(
    carry_over, *, by, occurred_on, reference="", memo="", request_key=None, seen=None
):
    """记账结转: pay the amount out of the one fund and into the other; returns the payment.

    Both sides or none. A second call with the same `request_key` returns the payment made before.
    Refused: the fund has less available by now, a day to come or before the decision, one of the
    programmes is archived.
    The cashier's act, not that of who decided.
    """
    done = carry_over.commitment and ledger.already_booked(request_key, carry_over.commitment)
    if done:
        return done
    require(carry_over, "book", by, seen=seen)
    if occurred_on < carry_over.decided_on:
        decided = cn_full_date(carry_over.decided_on)
        raise Refused(f"结转日期不能早于决定结转的日期（{decided}）。", "occurred_on")
    source, target = _lock_both(carry_over)
    if carry_over.commitment is None:
        carry_over.commitment = Commitment.objects.create(
            account=source, kind=CommitmentKind.CARRY_OVER, title=str(carry_over)[:160]
        )
    payment = pay_outright(
        carry_over.commitment,
        by=by,
        amount=carry_over.amount,
        occurred_on=occurred_on,
        request_key=request_key,
        method="内部结转",
        counterparty=target.name[:80],
        reference=reference,
        memo=memo,
    )
    receipt = ledger.book(
        target,
        EntryKind.RECEIPT,
        available=carry_over.amount,
        cash=carry_over.amount,
        by=by,
        source=Source.CARRY_OVER,
        occurred_on=occurred_on,
        method="内部结转",
        counterparty=source.name[:80],
        reference=payment.voucher_number,
        memo=memo,
    )
    CarryOverBooking.objects.create(carry_over=carry_over, payment=payment, receipt=receipt)
    _took(carry_over, "book", payment, receipt, by=by, fields=["commitment"])
    return payment


@verb
def revoke_carry_over(carry_over, *, by, opinion, seen=None):
    """撤销决定: what is not booked does not take place; what was kept is to be decided anew."""
    require(carry_over, "revoke", by, seen=seen)
    take(carry_over, "revoke", by=by, opinion=opinion)
    return carry_over


@verb
def reopen_carry_over(carry_over, *, by, opinion, seen=None):
    """重新办理: the approver lets the cashier reverse what was booked, with the reason."""
    require(carry_over, "reopen", by, seen=seen)
    take(carry_over, "reopen", by=by, opinion=opinion)
    return carry_over


@verb
def uphold_carry_over(carry_over, *, by, opinion, seen=None):
    """维持结转: what was booked stays after all."""
    require(carry_over, "uphold", by, seen=seen)
    take(carry_over, "uphold", by=by, opinion=opinion)
    return carry_over


@verb
def reverse_carry_over(carry_over, *, by, opinion, request_key=None, seen=None):
    """冲销: reverse the payment and the receipt, with the reason; returns the payment's reversal.

    Both or none: refused when the other fund no longer has the money. A second call with the same
    `request_key` returns the reversal made before.
    """
    done = carry_over.commitment and ledger.already_booked(request_key, carry_over.commitment)
    if done:
        return done
    require(carry_over, "reverse", by, seen=seen)
    _lock_both(carry_over)
    booking = carry_over.standing_booking
    back = ledger.reverse(booking.receipt, by=by, reason=opinion)
    opposite = take_back_outright(booking.payment, by=by, reason=opinion, request_key=request_key)
    _took(carry_over, "reverse", opposite, back, by=by, opinion=opinion)
    return opposite


def _lock_both(carry_over):
    """(the account the money leaves, the one it comes into), locked in the order of their keys."""
    accounts = FundAccount.objects.filter(
        programme__in=[carry_over.programme_id, carry_over.to_programme_id]
    )
    locked = ledger.lock_accounts(accounts.values_list("pk", flat=True)).values()
    require_open(carry_over.to_programme)
    by_programme = {account.programme_id: account for account in locked}
    return by_programme[carry_over.programme_id], by_programme[carry_over.to_programme_id]


def _took(carry_over, name, entry, counterpart, *, by, opinion="", fields=()):
    """Log a verb that moved money with the entries of both sides."""
    carry_over.forget_sums()
    details = {
        "entry": entry.pk,
        "voucher": entry.voucher_number,
        "amount": entry.amount,
        "kind": EntryKind(entry.kind).label,
        "counterpart": counterpart.pk,
        "counterpart_voucher": counterpart.voucher_number,
    }
    take(carry_over, name, by=by, opinion=opinion, fields=fields, details=details)
