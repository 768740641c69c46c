"""特色活动: the units' signature activities."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.pages import form_page
from mentors import actions
from mentors.exports import ACTIVITIES
from mentors.forms.records import ActivityForm, AdvanceForm
from mentors.models import SignatureActivity, units_visible_to
from mentors.pages import of_unit, own_units, with_organisation
from mentors.record_lists import ActivityFilter, ActivityTable, listed
from pilotwork.exports import list_page
from units.chosen import of_the_programme
from units.models import PilotUnit

REASON = "特色活动由试点单位成员或现任指导员登记。"


@access()
@require_safe
def activity_list(request):
    """The signature activities the person may see, with the next step for his own."""
    own = list(own_units(request.user))
    offered = own_units(request.user).select_related("organisation", "programme")
    offered = list(of_the_programme(request, offered, "programme"))
    rows = SignatureActivity.objects.visible_to(request.user)
    writable = {unit.pk for unit in own}
    rows = rows.order_by("pilot_unit__organisation__name_key", "-designed_on", "-id")
    context = listed(request, rows, ActivityFilter, ActivityTable, writable=writable)
    context |= {
        "title": "特色活动",
        "sub": "先设计，再开展，最后成牌。由单位成员或现任指导员登记。",
        "actions": [register_link(unit, offered) for unit in offered],
    }
    return list_page(request, "mentors/record_list.html", context, ACTIVITIES)


def register_link(unit, offered):
    """The button that registers an activity of the unit, which it names where there are several.

    Of several programmes that a page shows at once, the programme too.
    """
    is_only = len(offered) == 1
    which = unit.organisation.label
    if len({one.programme_id for one in offered}) > 1:
        which = f"{which}，{unit.programme}"
    return {
        "label": "登记特色活动" if is_only else f"登记特色活动（{which}）",
        "url": reverse("mentors:register_activity", args=[unit.pk]),
        "icon": "plus-lg",
        "kind": "primary" if is_only else "",
    }


@access(of=PilotUnit, among=units_visible_to, enrich=with_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request, unit):
    """Register a signature activity of a unit; for its members and its mentor."""
    if not actions.may_register_activity(unit, request.user):
        raise NotPermitted(REASON)

    def act(**typed):
        actions.register_activity(unit, by=request.user, **typed)
        return "特色活动已登记。"

    back = reverse("mentors:activities")
    return form_page(
        request,
        ActivityForm(request.POST or None),
        act,
        back=back,
        title="登记特色活动",
        button="登记",
        sub=str(unit),
        crumbs=[{"label": "特色活动", "url": back}],
    )


@access(of=SignatureActivity, enrich=of_unit)
@require_http_methods(["GET", "HEAD", "POST"])
def advance(request, activity):
    """Move a signature activity to its next stage; `stage` is what the page showed."""
    if not actions.may_register_activity(activity.pilot_unit, request.user):
        raise NotPermitted(REASON)
    back = reverse("mentors:activities")
    if activity.next_stage is None and request.method != "POST":
        messages.error(request, "该活动已成牌。")
        return redirect(back)

    def act(stage, **typed):
        moved = actions.advance_activity(activity, by=request.user, seen=stage, **typed)
        return f"“{moved.name}”现为{moved.get_stage_display()}。"

    label = f"标记{activity.next_stage.label}" if activity.next_stage else "标记"
    return form_page(
        request,
        AdvanceForm(request.POST or None, activity=activity),
        act,
        back=back,
        title=label,
        button=label,
        sub=f"{activity.pilot_unit} · {activity.name}",
        crumbs=[{"label": "特色活动", "url": back}],
    )
