"""Verbs on plaques: propose, decide, hang, take back (DOMAIN, Reward and plaque).

Paying and reversing are `funds.actions.outright.pay_price` and `reverse_price`.
"""

from django.db import transaction

from accounts.matters import NotPermitted, lock, record, require, take, verb
from accounts.models import Act
from funds.models import Plaque, PlaquePhoto, PlaqueState
from mentors.rules import may_review
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import PilotUnit, UnitState

MAX_PHOTOS = 9


def why_not_propose(pilot_unit, user):
    """Why `user` may not propose a plaque for the unit, in a sentence; empty when he may."""
    return may_review.why_not(Plaque(pilot_unit=pilot_unit, began_on=clock.today()), user)


def _lock_unit(pilot_unit):
    """Let one verb at a time look whether the unit has another plaque."""
    return PilotUnit.objects.select_for_update(of=("self",)).get(pk=pilot_unit.pk)


@transaction.atomic
def propose_plaque(
    pilot_unit,
    *,
    by,
    cost,
    maker_name,
    maker_bank,
    maker_account,
    text="试点单位",
    made_on=None,
    replaces=None,
):
    """登记制作: propose a plaque of `cost` yuan for the unit; returns the Plaque.

    `replaces` is the plaque that hangs there now. The reviewer's act; NotPermitted for others.
    Refused: another one is under way, the unit has one and this does not replace it, the unit has
    left the pilot, made in the future.
    """
    unit = _lock_unit(pilot_unit)
    plaque = Plaque(
        pilot_unit=unit,
        text=text,
        cost=cost,
        maker_name=maker_name,
        maker_bank=maker_bank,
        maker_account=maker_account,
        made_on=made_on,
        replaces=replaces,
        began_on=clock.today(),
        state_since=clock.now(),
    )
    reason = may_review.why_not(plaque, by)
    if reason:
        raise NotPermitted(reason)
    _require_room_for(plaque)
    plaque._history_user = by
    plaque.save()
    record(
        plaque,
        "propose",
        label="登记更换" if replaces else "登记制作",
        act=Act.REVIEW,
        source="",
        by=by,
        at=clock.now(),
        details={"amount": cost, "maker": maker_name, "replaces": replaces and replaces.pk},
    )
    return plaque


def _require_room_for(plaque):
    if plaque.pilot_unit.state == UnitState.LEFT:
        raise Refused("该单位已退出试点。", "pilot_unit")
    if plaque.cost <= 0:
        raise Refused("制作费必须大于零。", "cost")
    if plaque.made_on and plaque.made_on > clock.today():
        raise Refused("制作日期不能晚于今天。", "made_on")
    if not plaque.nothing_else_open():
        raise Refused("该单位另有一块铜牌正在办理，请先办完。", "pilot_unit")
    hanging = plaque.hanging_one
    if plaque.replaces is not None and hanging != plaque.replaces:
        raise Refused("要更换的铜牌已经不在该单位挂着。", stale=True)
    if hanging != plaque.replaces:
        raise Refused("该单位已有挂着的铜牌；确需更换的，在那块铜牌的页面上办理。", "pilot_unit")


@verb
def approve_plaque(plaque, *, by, opinion, minutes_number="", seen=None):
    """The approver agrees to the cost; the cashier may pay it and the plaque may be hung."""
    require(plaque, "approve", by, seen=seen)
    details = {"amount": plaque.cost}
    take(plaque, "approve", by=by, opinion=opinion, minutes_number=minutes_number, details=details)
    return plaque


@verb
def decline_plaque(plaque, *, by, opinion, seen=None):
    """The approver decides, with the reason, that it is not made."""
    require(plaque, "decline", by, seen=seen)
    take(plaque, "decline", by=by, opinion=opinion)
    return plaque


@verb
def hang_plaque(plaque, *, by, made_on, hung_on, place, photos=(), seen=None):
    """登记挂牌: the plaque hangs since `hung_on` at `place`; `photos` are Accepted pictures.

    The one it replaces becomes 已更换 in the same transaction. Refused: dates in the future or in
    the wrong order, before the one it replaces hung, the unit has another one hanging.
    """
    old = lock(plaque.replaces) if plaque.replaces else None
    _lock_unit(plaque.pilot_unit)
    require(plaque, "hang", by, seen=seen)
    if hung_on > clock.today():
        raise Refused("挂牌日期不能晚于今天。", "hung_on")
    if made_on > hung_on:
        raise Refused("制作日期不能晚于挂牌日期。", "made_on")
    if old is not None and old.hung_on and hung_on < old.hung_on:
        raise Refused(f"不能早于原铜牌的挂牌日期（{cn_full_date(old.hung_on)}）。", "hung_on")
    if old is not None and old.state == PlaqueState.HUNG:
        require(old, "replace", by)
        take(old, "replace", by=by, details={"by": plaque.pk})
    plaque.made_on, plaque.hung_on, plaque.place = made_on, hung_on, place
    if len(photos) + plaque.photos.count() > MAX_PHOTOS:
        raise Refused(f"照片最多 {MAX_PHOTOS} 张。", "photos")
    for photo in photos:
        PlaquePhoto.keep(photo, by=by, plaque=plaque)
    take(
        plaque,
        "hang",
        by=by,
        fields=["made_on", "hung_on", "place"],
        details={"hung_on": hung_on, "place": place},
    )
    return plaque


def replace_plaque(plaque, *, by, seen=None, **hanging):
    """Hang the approved plaque that replaces this one (see `hang_plaque`); returns the new one.

    Refused when none waits.
    """
    plaque.__dict__.pop("of_the_organisation", None)
    successor = plaque.successor_to_hang
    if successor is None:
        raise Refused(plaque.has_successor.refusal)
    return hang_plaque(successor, by=by, **hanging)


@verb
def withdraw_plaque(plaque, *, by, opinion, seen=None):
    """收回: the unit gives the plaque back, or it is not made after all; with the reason.

    Refused while a plaque that was never hung is paid.
    """
    require(plaque, "withdraw", by, seen=seen)
    take(plaque, "withdraw", by=by, opinion=opinion)
    return plaque


@verb
def reopen_plaque(plaque, *, by, opinion, seen=None):
    """The approver opens an ended matter again, with the reason: to pay, reverse or hang anew."""
    _lock_unit(plaque.pilot_unit)
    require(plaque, "reopen", by, seen=seen)
    take(plaque, "reopen", by=by, opinion=opinion)
    return plaque
