"""Verbs on a unit's dues up to the decision (DOMAIN, Dues refund); `dues_refunds` gives them back.

Each takes the record (any instance; the action works on the locked, fresh row), `by` the acting
person, and `seen`, the last log number the person's page showed. Each raises NotPermitted for the
wrong person and Refused when state, money or input do not allow it; nothing has changed then.
"""

import datetime as dt

from django.db import transaction

from accounts.matters import NotPermitted, record, record_all, require, take, verb
from funds.actions import ledger
from funds.actions.accounts import county_account
from funds.dues_rules import may_record_dues
from funds.models import (
    AccountKind,
    DuesMethod,
    DuesPayment,
    DuesRecord,
    EntryKind,
    Source,
)
from pilotwork import clock
from pilotwork.history import create_all
from pilotwork.money import ZERO, round_to_fen, yuan
from pilotwork.refusals import Refused
from units.models import PilotUnit, UnitState

RECORDED = "该单位 {} 年度的团费已经登记。"
FIGURES = ("members", "rate", "payable", "method", "no_dues_reason", "is_via_parent")


def years_of(pilot_unit):
    """The years whose dues may be recorded for the unit: those of its pilot, none to come."""
    programme = pilot_unit.programme
    last = min(programme.last_day.year, clock.today().year)
    return range(programme.starts_on.year, last + 1)


def why_no_record(pilot_unit, by):
    """Why `by` may not record dues of the unit at all, in a sentence; empty when he may."""
    return may_record_dues.why_not(DuesRecord(pilot_unit=pilot_unit, began_on=clock.today()), by)


@transaction.atomic
def record_dues(
    pilot_unit,
    *,
    by,
    year,
    payable=None,
    members=None,
    rate=None,
    method=DuesMethod.PAY_THEN_REFUND,
    no_dues_reason="",
    is_via_parent=False,
):
    """登记: what the unit owes in dues for `year`; returns the DuesRecord, which is to be confirmed.

    `payable` in yuan, or `members` × `rate`. Cashiers only. Refused: the year lies outside the
    pilot or is recorded already, also in another pilot; the unit has left; figures that do not fit.
    """
    reason = why_no_record(pilot_unit, by)
    if reason:
        raise NotPermitted(reason)
    # The lock makes a second recording of the same year wait and then be refused.
    unit = PilotUnit.objects.select_for_update(of=("self",)).get(pk=pilot_unit.pk)
    require_open_year(unit, year)
    same = DuesRecord.objects.filter(pilot_unit__organisation=unit.organisation_id, year=year)
    if same.exists():
        raise Refused(RECORDED.format(year), "year")
    figures = figures_of(unit, payable, members, rate, method, no_dues_reason, is_via_parent)
    dues = _begin(unit, year, figures, by)
    dues._history_user = by
    dues.save()
    details = written(dues)
    record(dues, "record", label="登记", source="", by=by, at=clock.now(), details=details)
    return dues


@transaction.atomic
def record_dues_of_many(pilot_units, *, by):
    """As `record_dues`, for [(PilotUnit, year, figures)], figures as `figures_of` returns them.

    Refused, naming the unit, where `record_dues` would refuse one of them; nothing is recorded then.
    """
    if not pilot_units:
        return []
    # Who may record dues is asked for his duty, which is the same whatever the unit.
    reason = why_no_record(pilot_units[0][0], by)
    if reason:
        raise NotPermitted(reason)
    keys = {unit.pk for unit, _, _ in pilot_units}
    locked = PilotUnit.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    units = {
        unit.pk: unit for unit in locked.select_related("organisation", "programme").order_by("pk")
    }
    years = {year for _, year, _ in pilot_units}
    taken = set(
        DuesRecord.objects.filter(year__in=years).values_list("pilot_unit__organisation", "year")
    )
    for unit, year, _ in pilot_units:
        if (unit.organisation_id, year) in taken:
            raise Refused(f"{unit}：{RECORDED.format(year)}", "year")
        taken.add((unit.organisation_id, year))
        require_open_year(units[unit.pk], year)
    rows = create_all([_begin(*row, by) for row in pilot_units], by=by)
    record_all(rows, "record", label="登记", by=by, is_new=True, details_of=written)
    return rows


def require_open_year(unit, year):
    """Refuse a unit of an archived programme or that has left, and a year outside its pilot or to come.

    Held until the transaction ends is the programme only by the log row that follows.
    """
    if unit.sealed:
        raise Refused(unit.sealed, stale=True)
    if unit.state == UnitState.LEFT:
        raise Refused("该单位已退出试点，不再登记团费。")
    if year not in years_of(unit):
        raise Refused("只能登记试点期间的年度，不能登记以后的年度。", "year")


def _begin(unit, year, figures, by):
    """A record that is not saved yet."""
    return DuesRecord(
        pilot_unit=unit,
        year=year,
        recorded_by=by,
        began_on=clock.today(),
        state_since=clock.now(),
        **figures,
    )


def figures_of(pilot_unit, payable, members, rate, method, no_dues_reason, is_via_parent):
    """The fields of what is payable, checked against each other; amounts in yuan.

    Refused: neither an amount nor members and rate, both but different, nothing payable without a
    reason or the other way round, by way of a parent that is the county itself.
    """
    if members is not None and rate is not None:
        computed = round_to_fen(members * rate)
        if payable is not None and payable != computed:
            raise Refused(
                f"按 {members} 人 × {yuan(rate)} 元应为 {yuan(computed)} 元，与填写的金额不同。"
                "请改正，或只填一种。",
                "payable",
            )
        payable = computed
    else:
        rate = None
    if payable is None:
        raise Refused("请填写应上缴金额，或填写团员人数和团费标准。", "payable")
    if payable < 0:
        raise Refused("金额不能是负数。", "payable")
    if payable == 0 and not no_dues_reason:
        raise Refused("应上缴为零的，请写明理由。", "no_dues_reason")
    if payable > 0 and no_dues_reason:
        raise Refused("有应上缴的团费，不必写无应缴的理由。", "no_dues_reason")
    if is_via_parent and pilot_unit.has_county_parent:
        raise Refused("该单位的上级就是团县委，不经上级团组织缴退。", "is_via_parent")
    return {
        "payable": payable,
        "members": members,
        "rate": rate,
        "method": method,
        "no_dues_reason": no_dues_reason,
        "is_via_parent": is_via_parent,
    }


def require_room_for_paid(dues, figures):
    """Refuse `figures` (as `figures_of` returns them) that what was paid and waived does not allow."""
    if figures["payable"] < dues.paid + dues.waived:
        raise Refused(
            f"已缴和免缴共 {yuan(dues.paid + dues.waived)} 元，应上缴不能低于此数。", "payable"
        )
    if figures["is_via_parent"] != dues.is_via_parent and dues.paid:
        raise Refused("已登记缴纳，要改缴退途径，请先冲销缴纳。", "is_via_parent")


def written(dues):
    """What the log remembers of the figures as they were written."""
    kept = {name: getattr(dues, name) for name in FIGURES}
    return kept | {"method": dues.get_method_display()}


@verb
def amend(
    dues,
    *,
    by,
    payable=None,
    members=None,
    rate=None,
    method,
    no_dues_reason="",
    is_via_parent=False,
    seen=None,
):
    """更正登记: write what is payable, and how, anew; the reviewer confirms it again.

    Refused below what was paid and waived already, besides what `figures_of` refuses; and a change
    of the way, while money that came or went that way stands.
    """
    require(dues, "amend", by, seen=seen)
    figures = figures_of(
        dues.pilot_unit, payable, members, rate, method, no_dues_reason, is_via_parent
    )
    require_room_for_paid(dues, figures)
    for name, value in figures.items():
        setattr(dues, name, value)
    take(dues, "amend", by=by, fields=list(figures), details=written(dues))
    return dues


@verb
def collect(dues, *, by, amount, occurred_on, receipt_number, request_key=None, seen=None):
    """登记缴纳: book `amount` yuan of dues that came in; returns the entry (the receipt).

    A second call with the same `request_key` returns the entry made before. Refused: more than is
    still payable, a receipt number that stands in the dues account already, a date to come or more
    than a year before the year of the dues.
    """
    done = booked_before(dues, request_key)
    if done:
        return done
    require(dues, "collect", by, seen=seen)
    if amount > dues.unpaid:
        raise Refused(f"还应缴 {yuan(dues.unpaid)} 元，不能多收。", "amount")
    if occurred_on < dt.date(dues.year - 1, 1, 1):
        raise Refused(f"缴纳日期比 {dues.year} 年度早一年以上，请核对年份。", "occurred_on")
    account = county_account(AccountKind.DUES)
    ledger.lock_account(account.pk)
    ledger.require_new_receipt(account, receipt_number, "receipt_number")
    entry = ledger.receive(
        account,
        by=by,
        amount=amount,
        source=Source.DUES,
        occurred_on=occurred_on,
        counterparty=dues.payer.name,
        reference=receipt_number,
        request_key=request_key,
    )
    DuesPayment.objects.create(record=dues, entry=entry, receipt_number=receipt_number)
    dues.paid += amount
    take(
        dues,
        "collect",
        by=by,
        fields=["paid"],
        details=booked(entry) | {"receipt_number": receipt_number},
    )
    return entry


@verb
def reverse_payment(dues, *, by, payment, opinion, request_key=None, seen=None):
    """冲销缴纳: reverse one wrong receipt of dues, with the reason; returns the reversal.

    Refused when the money has gone back already: then the refund is to be reversed first.
    """
    done = booked_before(dues, request_key)
    if done:
        return done
    require(dues, "reverse_payment", by, seen=seen)
    if payment.record_id != dues.pk:
        raise Refused("这笔缴纳不属于本单位的团费。")
    amount = payment.entry.amount
    if dues.refunded > dues.paid - amount:
        raise Refused("这笔团费已经退返，请先冲销退返。", "payment")
    opposite = ledger.reverse(payment.entry, by=by, reason=opinion, request_key=request_key)
    dues.paid -= amount
    take(
        dues,
        "reverse_payment",
        by=by,
        opinion=opinion,
        fields=["paid"],
        details=booked(opposite) | {"receipt_number": payment.receipt_number},
    )
    return opposite


@verb
def confirm(dues, *, by, opinion="", seen=None):
    """核实: payable and paid are right, says a reviewer who did not write them.

    Nothing payable, with the reason, is settled by this.
    """
    require(dues, "confirm", by, seen=seen)
    take(
        dues,
        "confirm",
        by=by,
        opinion=opinion,
        details={"payable": dues.payable, "paid": dues.paid},
    )
    return dues


@verb
def send_back(dues, *, by, opinion, seen=None):
    """退回登记: what was confirmed is to be corrected by the cashier, with the reason."""
    require(dues, "send_back", by, seen=seen)
    take(dues, "send_back", by=by, opinion=opinion)
    return dues


@verb
def waive(dues, *, by, amount, opinion, minutes_number="", seen=None):
    """免缴: the approver lets the unit keep `amount` yuan of what it has not paid.

    Refused above what is still unpaid. What is thereby paid or waived in full is settled, unless
    something that was paid is still to go back.
    """
    require(dues, "waive", by, seen=seen)
    if amount <= 0:
        raise Refused("金额必须大于零。", "amount")
    if amount > dues.unpaid:
        raise Refused(f"还应缴 {yuan(dues.unpaid)} 元，免缴不能超过此数。", "amount")
    dues.waived += amount
    take(
        dues,
        "waive",
        by=by,
        opinion=opinion,
        minutes_number=minutes_number,
        fields=["waived"],
        details={"amount": amount},
    )
    return dues


@verb
def revoke_waiver(dues, *, by, opinion, seen=None):
    """撤销免缴: nothing is waived any more, with the reason.

    Refused when the unit has logged more use than would be left to it.
    """
    require(dues, "revoke_waiver", by, seen=seen)
    require_covered(dues, dues.refunded)
    amount, dues.waived = dues.waived, ZERO
    take(
        dues,
        "revoke_waiver",
        by=by,
        opinion=opinion,
        fields=["waived"],
        details={"amount": amount},
    )
    return dues


@verb
def reopen(dues, *, by, opinion, seen=None):
    """重新办理: the approver takes a settled record up again, with the reason."""
    require(dues, "reopen", by, seen=seen)
    take(dues, "reopen", by=by, opinion=opinion)
    return dues


@verb
def uphold(dues, *, by, opinion, seen=None):
    """维持结清: a record taken up again was right after all, with the reason; nothing is booked."""
    require(dues, "uphold", by, seen=seen)
    take(dues, "uphold", by=by, opinion=opinion)
    return dues


def require_covered(dues, granted):
    """Refuse to leave the unit `granted` yuan when it has logged more use than that."""
    used = dues.used
    if used > granted:
        raise Refused(
            f"单位已登记使用 {yuan(used)} 元，办理后只剩 {yuan(granted)} 元；"
            "请单位先划去登记有误的使用。"
        )


def booked(entry):
    """What the log remembers of an entry."""
    return {
        "entry": entry.pk,
        "voucher": entry.voucher_number,
        "amount": entry.amount,
        "kind": EntryKind(entry.kind).label,
    }


def booked_before(dues, request_key):
    """The entry that this very form has made before, or None; Refused if for another matter."""
    entry = ledger.already_booked(request_key)
    if entry and entry.owner != dues:
        raise Refused("表单已失效，请重新打开页面。")
    return entry
