"""The only code that writes entries: receive, reserve, release, disburse, recover, reverse.

Each verb locks the account's row (after the matter's row, which the caller holds), reads the last
entry, checks, and inserts the next one. The database checks the same again (DOMAIN, Money).
"""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Min

from accounts.matters import NotPermitted
from accounts.rules import Permission, holds_cashier, is_administrator
from funds.models import BankBalance, Entry, EntryKind, FundAccount, PlannedReceipt
from funds.models.ledger import Sums
from pilotwork import clock
from pilotwork.money import ZERO, yuan
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models.archiving import require_open

REVERSED_AT_THE_RECORD = "这一笔是团费缴纳，请到“{}”的团费记录中冲销。"
REVERSED_AT_THE_CARRY_OVER = "这一笔是结转的转入，请在“{}”中冲销，转出和转入同时冲销。"
EARLIEST = dt.date(2000, 1, 1)
A_YEAR = dt.timedelta(days=365)
may_keep_the_books = Permission((holds_cashier, "只有财务人员可以记账。"))
may_plan_receipts = Permission(
    (holds_cashier | is_administrator, "只有财务人员或系统管理员可以修改计划入账。")
)


def _require_cashier(by):
    reason = may_keep_the_books.why_not(None, by)
    if reason:
        raise NotPermitted(reason)


def _require_amount(amount):
    if amount <= 0:
        raise Refused("金额必须大于零。", "amount")


def _require_date(occurred_on):
    if occurred_on > clock.today():
        raise Refused("日期不能晚于今天。", "occurred_on")
    if occurred_on < EARLIEST:
        raise Refused("日期过早，请核对年份。", "occurred_on")


def require_after_approval(matter, occurred_on, called="审批"):
    """Refuse to pay for a matter on a day before its last approval, which is `called` so."""
    approved = next((row for row in reversed(matter.log) if row.verb == "approve"), None)
    approved_on = approved and clock.local(approved.at).date()
    if approved_on and occurred_on < approved_on:
        raise Refused(f"不能早于{called}日期（{cn_full_date(approved_on)}）。", "occurred_on")


def _require_near(programme, occurred_on):
    """Refuse the date of money that came in long before the programme it is booked for."""
    if programme and occurred_on < programme.starts_on - A_YEAR:
        raise Refused("到账日期比试点开始早一年以上，请核对年份。", "occurred_on")


def already_booked(request_key, commitment=None):
    """The entry that this very form has already made, or None (double click, refresh, retry).

    Refused when the key was used for another matter: no form of ours sends that.
    """
    entry = Entry.objects.filter(request_key=request_key).first() if request_key else None
    if entry and commitment and entry.commitment_id != commitment.pk:
        raise Refused("表单已失效，请重新打开页面。")
    return entry


def lock_account(account_id):
    """Lock an account's row until the transaction ends."""
    return FundAccount.objects.select_for_update().get(pk=account_id)


def lock_fund(programme):
    """Lock the row of the programme's fund and return it, None where it has none.

    Whoever also locks the programme's row does so afterwards: verbs that move money hold it last.
    """
    return FundAccount.objects.select_for_update().filter(programme=programme).first()


def lock_accounts(account_ids):
    """Lock several accounts' rows, always in the order of their keys; returns {id: FundAccount}."""
    rows = FundAccount.objects.select_for_update().filter(pk__in=account_ids).order_by("pk")
    return {account.pk: account for account in rows}


def book(account, kind, *, available, cash, by, commitment=None, occurred_on=None, **details):
    """Insert the next entry of `account`; the caller is inside a transaction.

    `available` and `cash` are signed yuan. Raises Refused, changing nothing, when the account's
    available amount or the commitment's own sums do not allow it, or its programme is archived.
    """
    account = lock_account(account.pk)
    require_open(account.programme)
    last = Entry.objects.filter(account=account).order_by("-number").first()
    now = clock.now()
    entry = Entry(
        account=account,
        number=last.number + 1 if last else 1,
        kind=kind,
        available=available,
        cash=cash,
        available_after=(last.available_after if last else ZERO) + available,
        cash_after=(last.cash_after if last else ZERO) + cash,
        commitment=commitment,
        occurred_on=occurred_on or clock.local(now).date(),
        booked_at=max(now, last.booked_at) if last else now,
        by=by,
        by_name=str(by),
        **details,
    )
    if entry.available_after < 0:
        raise Refused(
            f"账户可用余额 {yuan(entry.available_after - available)} 元，"
            f"不足 {yuan(-available)} 元，不能办理。",
            "amount",
        )
    if commitment is not None:
        _carry_sums(entry)
    if entry.available_after > entry.cash_after:
        raise Refused("办理后可用余额将超过账面余额，不能办理。", "amount")
    entry.digest = entry.computed_digest(last.digest if last else "")
    entry.save()
    return entry


def _carry_sums(entry):
    """Set the commitment's running sums on `entry`; refuse when they would not add up."""
    before = Sums(Entry.objects.filter(commitment=entry.commitment).order_by("-number").first())
    wrong = entry.reverses
    kind, sign = (wrong.kind, -1) if wrong else (entry.kind, 1)
    step = sign * (wrong or entry).amount
    entry.reserved_after = before.reserved + (step if kind == EntryKind.RESERVE else ZERO)
    entry.released_after = before.released + (step if kind == EntryKind.RELEASE else ZERO)
    entry.disbursed_after = before.disbursed + (step if kind == EntryKind.DISBURSE else ZERO)
    entry.recovered_after = before.recovered + (step if kind == EntryKind.RECOVER else ZERO)
    after = Sums(entry)
    if after.unpaid < 0:
        raise Refused(
            f"本事项尚未拨付的占用为 {yuan(before.unpaid)} 元，不足 {yuan(step)} 元。", "amount"
        )
    if after.held < 0:
        raise Refused(
            f"本事项已拨付未收回的金额为 {yuan(before.held)} 元，不足 {yuan(abs(step))} 元。",
            "amount",
        )


def require_new_receipt(account, number, field="reference"):
    """Refuse, beside `field`, a receipt number that a standing receipt of the account has.

    One paper is money once, in capitals or not. The caller holds the account's lock.
    """
    receipts = Entry.objects.filter(account=account, kind=EntryKind.RECEIPT, reversed_by=None)
    same = receipts.filter(reference__iexact=number).first() if number else None
    if same:
        raise Refused(
            f"这个号码已登记为 {same.voucher_number}（{yuan(same.amount)} 元）。"
            "同一张票据只登记一次；记错的请先冲销。",
            field,
        )


@transaction.atomic
def receive(
    account,
    *,
    by,
    amount,
    source,
    occurred_on,
    counterparty,
    reference,
    memo="",
    request_key=None,
):
    """入账: book a receipt of `amount` yuan into `account`; returns the entry.

    Refused: amount not positive, date in the future or more than a year before the programme's
    first day (a slip in the year), a receipt number (`reference`) that a standing receipt of the
    account has. Only a cashier may (NotPermitted). A second call with the same
    `request_key` returns the entry made before.
    """
    _require_cashier(by)
    lock_account(account.pk)
    done = already_booked(request_key)
    if done:
        return done
    _require_amount(amount)
    _require_date(occurred_on)
    _require_near(account.programme, occurred_on)
    require_new_receipt(account, reference)
    return book(
        account,
        EntryKind.RECEIPT,
        available=amount,
        cash=amount,
        by=by,
        source=source,
        occurred_on=occurred_on,
        counterparty=counterparty,
        reference=reference,
        memo=memo,
        request_key=request_key,
    )


def reserve(commitment, *, by, amount, memo=""):
    """占用: set `amount` yuan of the account aside for the commitment (at approval)."""
    _require_amount(amount)
    return book(
        commitment.account,
        EntryKind.RESERVE,
        available=-amount,
        cash=ZERO,
        by=by,
        commitment=commitment,
        memo=memo,
    )


def release(commitment, *, by, amount, memo=""):
    """释放: give `amount` yuan of the reservation back to what is available."""
    _require_amount(amount)
    return book(
        commitment.account,
        EntryKind.RELEASE,
        available=amount,
        cash=ZERO,
        by=by,
        commitment=commitment,
        memo=memo,
    )


def disburse(commitment, *, by, amount, occurred_on, request_key=None, **payment):
    """拨付: pay `amount` yuan out of the commitment's own reservation.

    `payment` is the payee (counterparty, counterparty_bank, counterparty_account), method,
    reference and memo, as they go onto the voucher.
    """
    _require_amount(amount)
    _require_date(occurred_on)
    return book(
        commitment.account,
        EntryKind.DISBURSE,
        available=ZERO,
        cash=-amount,
        by=by,
        commitment=commitment,
        occurred_on=occurred_on,
        request_key=request_key,
        **payment,
    )


def recover(commitment, *, by, amount, occurred_on, request_key=None, **payment):
    """收回: book `amount` yuan of unspent money that came back; it is available again."""
    _require_amount(amount)
    _require_date(occurred_on)
    return book(
        commitment.account,
        EntryKind.RECOVER,
        available=amount,
        cash=amount,
        by=by,
        commitment=commitment,
        occurred_on=occurred_on,
        request_key=request_key,
        **payment,
    )


def reverse(entry, *, by, reason, request_key=None):
    """冲销: book the exact opposite of a receipt, disbursement or recovery, once.

    Matters call this through their own verb, which checks the state and the person first.
    """
    lock_account(entry.account_id)
    wrong = Entry.objects.select_related("account", "commitment").get(pk=entry.pk)
    if wrong.kind not in {EntryKind.RECEIPT, EntryKind.DISBURSE, EntryKind.RECOVER}:
        raise Refused("只有入账、拨付和收回可以冲销。")
    if Entry.objects.filter(reverses=wrong).exists():
        raise Refused("该分录已经冲销过，不能再次冲销。", stale=True)
    return book(
        wrong.account,
        EntryKind.REVERSE,
        available=-wrong.available,
        cash=-wrong.cash,
        by=by,
        commitment=wrong.commitment,
        reverses=wrong,
        counterparty=wrong.counterparty,
        memo=f"冲销 {wrong.voucher_number}：{reason}"[:300],
        request_key=request_key,
    )


@transaction.atomic
def reverse_receipt(entry, *, by, reason, request_key=None):
    """Reverse a wrong receipt. Refused when the money is no longer available; cashiers only.

    A receipt of dues is reversed at the unit's record, which counts it; one carried over with the
    payment that it came from.
    """
    _require_cashier(by)
    lock_account(entry.account_id)
    done = already_booked(request_key)
    if done:
        return done
    if entry.kind != EntryKind.RECEIPT:
        raise Refused("拨付和收回请在所属事项中冲销。")
    if hasattr(entry, "dues_payment"):
        raise Refused(REVERSED_AT_THE_RECORD.format(entry.dues_payment.record))
    if hasattr(entry, "carried_in"):
        raise Refused(REVERSED_AT_THE_CARRY_OVER.format(entry.carried_in.carry_over))
    return reverse(entry, by=by, reason=reason, request_key=request_key)


def new_request_key():
    """A fresh key for a money form; the form posts it back, however often it is sent."""
    return uuid.uuid4()


@transaction.atomic
def note_bank_balance(account, *, by, on, balance, note=""):
    """对账: keep what the bank says the account holds at the end of the day `on`, in yuan.

    Refused for a day to come and one before the account's first entry.
    """
    _require_cashier(by)
    require_open(account.programme)
    if on > clock.today():
        raise Refused("日期不能晚于今天。", "on")
    if on < EARLIEST:
        raise Refused("日期过早，请核对年份。", "on")
    first = Entry.objects.filter(account=account).aggregate(day=Min("occurred_on"))["day"]
    if first and on < first:
        raise Refused(f"账上第一笔收支在{cn_full_date(first)}，对账日期不能更早。", "on")
    return BankBalance.objects.create(
        account=account, on=on, balance=balance, note=note, by=by, at=clock.now()
    )


@transaction.atomic
def plan_receipt(account, *, by, source, amount, note=""):
    """计划入账: set what the account is meant to receive from `source`, in yuan.

    Replaces the plan before it, which stays readable in the history; an amount of zero takes the
    plan away. Returns the plan, or None when it was taken away. Cashiers and administrators only.
    """
    reason = may_plan_receipts.why_not(None, by)
    if reason:
        raise NotPermitted(reason)
    if amount < 0:
        raise Refused("计划金额不能是负数。", "amount")
    require_open(lock_account(account.pk).programme)
    plan = PlannedReceipt.objects.filter(account=account, source=source).first()
    if amount == 0:
        if plan is None:
            raise Refused("该来源没有计划，不必取消。", "amount")
        plan._history_user = by
        plan.delete()
        return None
    plan = plan or PlannedReceipt(account=account, source=source)
    plan.amount, plan.note = amount, note
    plan._history_user = by
    plan.save()
    return plan
