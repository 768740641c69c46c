"""Compare what was carried over between funds with the entries on both sides; see `funds.verify`."""

from django.db.models import Q

from funds.models import (
    CarryOver,
    CarryOverBooking,
    CarryOverState,
    CommitmentKind,
    Entry,
    EntryKind,
    Source,
)
from pilotwork.money import yuan

BOOKED = (CarryOverState.BOOKED, CarryOverState.REOPENED)


def check_carry_overs():
    """Yield where the two sides of a carry-over, or it and its bookings, do not agree."""
    yield from check_pairs()
    for booking in CarryOverBooking.objects.select_related(
        "carry_over__programme__fund_account",
        "carry_over__to_programme__fund_account",
        "payment__account",
        "payment__commitment",
        "payment__reversed_by",
        "receipt__account",
        "receipt__reversed_by",
    ):
        for words in differences(booking):
            yield f"基金结转 {booking}：{words}"
    for carry_over in CarryOver.objects.select_related("programme", "to_programme"):
        is_booked = carry_over.standing_booking is not None
        if is_booked != (carry_over.state in BOOKED):
            state = carry_over.get_state_display()
            yield f"基金结转 {carry_over}：状态为“{state}”，账上{'有' if is_booked else '没有'}结转。"


def check_pairs():
    """Every payment of a carry-over and every receipt of one is half of a booking."""
    halves = Q(kind=EntryKind.DISBURSE, commitment__kind=CommitmentKind.CARRY_OVER)
    alone = Entry.objects.filter(halves, carried_out=None) | Entry.objects.filter(
        kind=EntryKind.RECEIPT, source=Source.CARRY_OVER, carried_in=None
    )
    for entry in alone.select_related("account").order_by("account", "number"):
        yield f"{entry.account} 第 {entry.number} 号分录：结转只有一方，另一个账户没有对应的分录。"


def differences(booking):
    """Yield what does not fit between a booking's carry-over, its payment and its receipt."""
    carry_over, payment, receipt = booking.carry_over, booking.payment, booking.receipt
    accounts = (payment.account.programme_id, receipt.account.programme_id)
    if accounts != (carry_over.programme_id, carry_over.to_programme_id):
        yield "分录的账户不是这两次试点的基金。"
    if payment.commitment_id != carry_over.commitment_id:
        yield "转出的分录不属于本事项。"
    if not payment.amount == receipt.amount == carry_over.amount:
        yield (
            f"决定 {yuan(carry_over.amount)} 元，转出 {yuan(payment.amount)} 元，"
            f"转入 {yuan(receipt.amount)} 元。"
        )
    if hasattr(payment, "reversed_by") != hasattr(receipt, "reversed_by"):
        yield "转出和转入只冲销了一方。"
