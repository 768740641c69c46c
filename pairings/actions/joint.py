"""Verbs that seminars and agreements share: entering, confirming, disputing, taking back.

DOMAIN, Joint pairing: both sides confirm; the county may enter for a side without account (代录).
"""

from accounts.matters import NotPermitted, record, require, take, verb
from accounts.models import Act
from pairings.models import JointState, Pairing, Side
from pairings.rules import may_enter, may_enter_on_behalf
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date


def begin(kind, pairing, *, by, values, on_behalf=False):
    """An unsaved row of `kind` with `values`, the pair locked, for its entering or absent side.

    Raises NotPermitted for who may not enter it; Refused when nobody needs 代录.
    """
    # The lock makes a second entry of the same thing wait for the first and then be refused.
    pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    joint = kind(pairing=pairing, entered_by=by, is_on_behalf=on_behalf, **values)
    joint.state_since = clock.now()
    joint.began_on = joint.happened_on
    permission = may_enter_on_behalf if on_behalf else may_enter
    reason = permission.why_not(joint, by)
    if reason:
        raise NotPermitted(reason)
    joint.entered_side = absent_side(joint) if on_behalf else side_for(joint, by)
    return joint


def side_for(joint, user):
    """The side for which `user` enters it: the unit's where he belongs to both."""
    return Side.UNIT if Side.UNIT in joint.sides_of(user) else Side.PARTNER


def absent_side(joint):
    """The side without account for which the county enters it, the partner first."""
    for side in (Side.PARTNER, Side.UNIT):
        if not joint.members_of_side(side):
            return side
    raise Refused("结对双方都有账户，由一方登记、另一方确认，不需要代录。")


def check_day(joint, day, field):
    """Raises Refused when the day lies in the future or outside the pair's period."""
    pairing = joint.pairing
    if day > clock.today():
        raise Refused("日期不能晚于今天。", field)
    if not pairing.covers(day):
        until = cn_full_date(pairing.ends_on) or "今"
        period = f"{cn_full_date(pairing.starts_on)}至{until}"
        raise Refused(f"日期不在结对期内（{period}）。", field)


def check_only_one(joint, **same):
    """Raises Refused when the pair has entered the same thing (fields in `same`) already."""
    others = type(joint).objects.filter(pairing=joint.pairing, **same)
    if others.exclude(state=JointState.WITHDRAWN).exclude(pk=joint.pk).exists():
        raise Refused(f"同一天、同一主题的{joint._meta.verbose_name}已登记过。", "title")


def log_entry(joint, *, by):
    """Log that the saved row was entered, with what was written."""
    verb_name, label = ("enter_on_behalf", "代录") if joint.is_on_behalf else ("enter", "登记")
    record(
        joint,
        verb_name,
        label=label,
        act=Act.REVIEW if joint.is_on_behalf else "",
        source="",
        by=by,
        at=clock.now(),
        details={"written": joint.written()},
    )


def log_correction(joint, *, by, opinion):
    """Take the transition `correct` and save what was written; it waits for the other side anew."""
    joint.began_on = min(joint.began_on, joint.happened_on)
    joint.state_since = clock.now()
    take(
        joint,
        "correct",
        by=by,
        opinion=opinion,
        fields=[*joint.CONTENT, "began_on", "state_since"],
        details={"written": joint.written()},
    )


@verb
def confirm(joint, *, by, opinion="", seen=None):
    """The other side confirms: it counts. Refused to who wrote it or belongs to both sides."""
    require(joint, "confirm", by, seen=seen)
    take(joint, "confirm", by=by, opinion=opinion)
    return joint


@verb
def dispute(joint, *, by, opinion, seen=None):
    """The other side says what is wrong (`opinion`); the entering side is to correct it."""
    require(joint, "dispute", by, seen=seen)
    take(joint, "dispute", by=by, opinion=opinion)
    return joint


@verb
def confirm_on_behalf(joint, *, by, opinion="", seen=None):
    """代录: the reviewer confirms for the other side while it has no account; it counts."""
    require(joint, "confirm_on_behalf", by, seen=seen)
    take(joint, "confirm_on_behalf", by=by, opinion=opinion)
    return joint


@verb
def take_back(joint, *, by, opinion, seen=None):
    """The entering side takes back what is not confirmed, with the reason: kept, never counted."""
    require(joint, "take_back", by, seen=seen)
    take(joint, "take_back", by=by, opinion=opinion)
    return joint


@verb
def withdraw(joint, *, by, opinion, seen=None):
    """The reviewer withdraws what was wrong, with the reason: kept, counts no more."""
    require(joint, "withdraw", by, seen=seen)
    take(joint, "withdraw", by=by, opinion=opinion)
    return joint
