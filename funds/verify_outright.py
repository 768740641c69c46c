"""Compare matters that are paid once and in full (plaques, rewards) with the ledger."""

from django.db.models import OuterRef, Subquery

from funds.actions.outright import ACCOUNT_OF
from funds.models import Commitment, Entry
from funds.models.owners import PaidOutright
from pilotwork.money import ZERO, yuan

PART = 2000  # rows fetched at a time


def check_outright():
    """Yield what a matter says of its state and price that the ledger does not say too."""
    for model in Commitment.owners().values():
        if not issubclass(model, PaidOutright):
            continue
        last = Entry.objects.filter(commitment=OuterRef("commitment")).order_by("-number")
        rows = model.objects.annotate(
            disbursed=Subquery(last.values("disbursed_after")[:1]),
            reserved=Subquery(last.values("reserved_after")[:1]),
            released=Subquery(last.values("released_after")[:1]),
        ).select_related("commitment__account", "pilot_unit__organisation")
        for matter in rows.order_by("pk").iterator(chunk_size=PART):
            for words in _differences(matter):
                yield f"{model._meta.verbose_name} {matter}：{words}"


def _differences(matter):
    disbursed = matter.disbursed or ZERO
    kept = (matter.reserved or ZERO) - (matter.released or ZERO)
    state = matter.get_state_display()
    if matter.commitment is not None:
        if matter.commitment.account.kind != ACCOUNT_OF[matter.commitment_kind]:
            yield "用款的账户不对。"
        if matter.commitment.kind != matter.commitment_kind:
            yield "事项用款的类别不对。"
    if disbursed not in {ZERO, matter.amount_due}:
        yield f"应付 {yuan(matter.amount_due)} 元，账上付了 {yuan(disbursed)} 元。"
    if kept != disbursed:
        yield f"账上仍有未支付的占用 {yuan(kept - disbursed)} 元。"
    if matter.state in matter.must_be_paid_in and not disbursed:
        yield f"状态为“{state}”，账上没有付款。"
    if matter.state in matter.must_be_unpaid_in and disbursed:
        yield f"状态为“{state}”，账上却付了 {yuan(disbursed)} 元。"
