"""The verbs that switch a unit's public page on and off."""

from accounts.matters import NotPermitted, record, verb
from accounts.models import TransitionLog
from pilotwork import clock
from pilotwork.refusals import Refused
from reports.public.rules import may_switch, who_may_switch

OPEN, CLOSE = "open_page", "close_page"
LABELS = {OPEN: "开放公开页", CLOSE: "关闭公开页"}


@verb
def open_page(unit, *, by, opinion=""):
    """Let everybody with the QR code see the unit's page; logged on the unit with who and when.

    NotPermitted for whom `may_switch` excludes; Refused where it is open already.
    """
    return _switch(unit, OPEN, by=by, opinion=opinion, to=True)


@verb
def close_page(unit, *, by, opinion=""):
    """Let nobody see the unit's page any more, its receipts neither; else as `open_page`."""
    return _switch(unit, CLOSE, by=by, opinion=opinion, to=False)


def _switch(unit, name, *, by, opinion, to):
    reason = may_switch.why_not(unit, by)
    if reason:
        raise NotPermitted(reason, who_may_switch(unit))
    if unit.is_public == to:
        raise Refused(f"公开页已经是{'开放' if to else '关闭'}的。", stale=True)
    unit.is_public = to
    unit._history_user = by
    unit.save(update_fields=["is_public"])
    record(
        unit,
        name,
        label=LABELS[name],
        source=unit.state,
        by=by,
        at=clock.now(),
        opinion=opinion,
        details={},
    )
    return unit


def switchings(unit):
    """The log rows by which the unit's page was switched, the newest first."""
    return TransitionLog.objects.of(unit).filter(verb__in=LABELS).order_by("-number")
