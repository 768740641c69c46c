"""Verbs on the unit's signature activities."""

from django.db import transaction

from accounts.matters import NotPermitted
from mentors.models import SignatureActivity, Stage, guides
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.search import normalise
from units.models import PilotUnit, members_of
from units.models.archiving import require_open


def may_register_activity(pilot_unit, user):
    """Whether `user` may write the unit's signature activities: its members and its mentor."""
    return (
        members_of(pilot_unit.organisation_id, user).exists() or guides(pilot_unit, user).exists()
    )


def same_activity(pilot_unit, name):
    """The unit's activity of that name, however it is spelled (width, spaces, case), or None."""
    wanted = normalise(name).replace(" ", "").casefold()
    for activity in pilot_unit.signature_activities.all():
        if normalise(activity.name).replace(" ", "").casefold() == wanted:
            return activity
    return None


@transaction.atomic
def register_activity(pilot_unit, *, by, name, note="", designed_on=None, visit=None):
    """Register a signature activity, designed on a day (default today, none in the future).

    The unit's member or mentor, or who stood in on the `visit` on which it was designed. An activity
    is registered once: named again on a visit it is found and returned as it is, else refused.
    """
    require_open(pilot_unit.programme)
    if visit is None and not may_register_activity(pilot_unit, by):
        raise NotPermitted("特色活动由试点单位成员或现任指导员登记。")
    designed_on = designed_on or clock.today()
    if designed_on > clock.today():
        raise Refused("设计日期不能晚于今天。", "designed_on")
    # The lock makes a second registering of the same name wait and then find the first.
    PilotUnit.objects.select_for_update(of=("self",)).get(pk=pilot_unit.pk)
    known = same_activity(pilot_unit, name)
    if known and visit is not None:
        return known
    if known:
        raise Refused(
            f"该单位已登记过“{known.name}”（{known.get_stage_display()}），不必重复登记；"
            "有进展请在列表中标记下一阶段。",
            "name",
        )
    activity = SignatureActivity(
        pilot_unit=pilot_unit, name=name, note=note, designed_on=designed_on, visit=visit
    )
    activity._history_user = by
    activity.full_clean()
    activity.save()
    return activity


@transaction.atomic
def advance_activity(activity, *, by, seen=None, on=None, brand_name="", brand_note=""):
    """Move a signature activity to its next stage: designed, held, brand.

    `on` is the day it was held or became a brand (default today); a brand has a name (default the
    activity's own) and a note. `seen` is the stage the person's page showed; refused when it has
    changed since, so that a double click does not skip a stage, and for a day in the future or
    before the stage that went before.
    """
    activity = SignatureActivity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    require_open(activity.pilot_unit.programme)
    if not may_register_activity(activity.pilot_unit, by):
        raise NotPermitted("特色活动由试点单位成员或现任指导员登记。")
    if activity.stage == Stage.BRAND:
        raise Refused("该活动已成牌。", stale=True)
    if seen is not None and seen != activity.stage:
        raise Refused(f"该活动现为“{activity.get_stage_display()}”，请核对后再操作。", stale=True)
    on = on or clock.today()
    if on > clock.today():
        raise Refused("日期不能晚于今天。", "on")
    if on < activity.dates[-1][1]:
        raise Refused("日期不能早于上一阶段的日期。", "on")
    activity.stage = activity.next_stage
    changed = {"held_on": on}
    if activity.stage == Stage.BRAND:
        brand_name = brand_name or activity.name
        changed = {"branded_on": on, "brand_name": brand_name, "brand_note": brand_note}
    for name, value in changed.items():
        setattr(activity, name, value)
    activity._history_user = by
    activity.save(update_fields=["stage", *changed])
    return activity
