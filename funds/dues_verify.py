"""What a unit's dues say is what the ledger and the log say; see `funds.verify`."""

import collections

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Q, Subquery

from accounts.models import TransitionLog
from funds.models import AccountKind, DuesPayment, DuesRecord, DuesState, Entry, EntryKind, Source
from pilotwork.money import ZERO, MoneyField, to_yuan, total, yuan

PART = 2000  # rows fetched at a time


def check_dues():
    """Yield what does not fit between records of dues, their receipts, refunds and waivers."""
    yield from check_payments()
    waived = _waived_by_log()
    for dues in _with_the_ledger().iterator(chunk_size=PART):
        for words in differences(dues, waived[dues.pk]):
            yield f"{dues}：{words}"


def check_payments():
    """Every payment of dues is a receipt of dues, with its number, in the account of dues."""
    right = Q(
        entry__kind=EntryKind.RECEIPT,
        entry__source=Source.DUES,
        entry__account__kind=AccountKind.DUES,
        entry__reference=F("receipt_number"),
    )
    for payment in DuesPayment.objects.exclude(right).select_related("entry__account", "record"):
        yield f"{payment.record} 票据 {payment}：与分录 {payment.entry.voucher_number} 不符。"


def _with_the_ledger():
    """Records with `collected`, `reserved`, `released` and `disbursed` as the ledger has them."""
    standing = DuesPayment.objects.standing().filter(record=OuterRef("pk")).order_by()
    collected = standing.values("record").annotate(sum=total("entry__cash")).values("sum")
    last = Entry.objects.filter(commitment=OuterRef("commitment")).order_by("-number")
    sums = {
        name: Subquery(last.values(f"{name}_after")[:1])
        for name in ("reserved", "released", "disbursed")
    }
    return (
        DuesRecord.objects.annotate(
            collected=Subquery(collected, output_field=MoneyField()), **sums
        )
        .select_related("pilot_unit__organisation", "commitment__account")
        .order_by("pk")
    )


def _waived_by_log():
    """{record's id: yuan waived and not revoked, as its log says}."""
    waived = collections.defaultdict(lambda: ZERO)
    rows = TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(DuesRecord),
        verb__in=["waive", "revoke_waiver"],
    ).order_by("object_id", "number")
    for row in rows.iterator(chunk_size=PART):
        amount = to_yuan(row.details["amount"])
        waived[row.object_id] += amount if row.verb == "waive" else -amount
    return waived


def differences(dues, waived):
    """Yield what is wrong with one record (`_with_the_ledger`); `waived` is what its log says."""
    collected, disbursed = dues.collected or ZERO, dues.disbursed or ZERO
    if dues.paid != collected:
        yield f"实缴 {yuan(dues.paid)} 元，账上缴纳 {yuan(collected)} 元。"
    if dues.refunded != disbursed:
        yield f"退返 {yuan(dues.refunded)} 元，账上退返 {yuan(disbursed)} 元。"
    if dues.waived != waived:
        yield f"免缴 {yuan(dues.waived)} 元，办理记录为 {yuan(waived)} 元。"
    unpaid = (dues.reserved or ZERO) - (dues.released or ZERO) - disbursed
    if unpaid:
        yield f"账上仍有未拨付的占用 {yuan(unpaid)} 元。"
    if dues.commitment and dues.commitment.account.kind != AccountKind.DUES:
        yield "退返的账户不是团费账户。"
    if dues.state == DuesState.SETTLED and not dues.is_balanced:
        yield f"已结清，但还应缴 {yuan(dues.unpaid)} 元、应退 {yuan(dues.refundable)} 元。"
