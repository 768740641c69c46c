"""The verb that archives a programme: refused while anything or any money of it is open."""

from django.db import transaction

from accounts.matters import lock, require, take
from funds.actions.ledger import lock_fund
from funds.models import CarryOver, CarryOverState
from pilotwork.money import yuan
from pilotwork.refusals import Refused
from reports.programmes.open_matters import open_matters

# A decision on what is left over that stands: kept, or to be carried over as soon as it is booked.
STANDING = (CarryOverState.KEPT, CarryOverState.DECIDED)


def money_left(balances, decisions):
    """Why the money of a programme's fund keeps it open, in sentences; none when it does not.

    `balances` are the fund's (available, reserved). What is left over has to be carried over (结转),
    or the approver has to decide that just this amount is kept (留存): `decisions` are the CarryOvers
    out of the fund that are `STANDING`.
    """
    left, by_state = [], {decision.state: decision for decision in decisions}
    kept, awaited = (by_state.get(state) for state in STANDING)
    if balances.reserved:
        left.append(f"基金还有占用 {yuan(balances.reserved)} 元没有拨付或释放。")
    if kept and kept.amount != balances.available:
        left.append(
            f"决定留存 {yuan(kept.amount)} 元，基金现有可用 {yuan(balances.available)} 元，"
            "请审批人撤销后重新决定。"
        )
    available = yuan(balances.available)
    if balances.available and awaited:
        left.append(
            f"基金还有结余 {available} 元，已决定结转 {yuan(awaited.amount)} 元，等财务记账。"
        )
    elif balances.available and kept is None:
        left.append(f"基金还有结余 {available} 元，请先办理结转或由审批人决定留存。")
    return left


@transaction.atomic
def archive_programme(programme, *, by, opinion="", seen=None):
    """归档: from now on the programme is read and printed, nothing else. The administrator's act.

    Refused while a matter of it is open, money of its fund is reserved, or something is left over
    that is neither carried over nor kept. The fund's row is locked meanwhile, then the programme's:
    no entry and no other verb comes in between, and none after it (`units.models.archiving`).
    """
    fund, programme = lock_fund(programme), lock(programme)
    require(programme, "archive", by, seen=seen)
    reasons = []
    if fund is not None:
        decisions = CarryOver.objects.filter(programme=programme, state__in=STANDING)
        reasons = money_left(fund.balances, decisions)
    if still_open := open_matters(programme):
        words = "、".join(f"{kind['label']} {kind['number']} 项" for kind in still_open)
        reasons.append(f"还有事项没有办完：{words}。")
    if reasons:
        raise Refused("".join(reasons))
    take(programme, "archive", by=by, opinion=opinion)
    return programme
