"""工作台 and the to-do list."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.models import Duty
from accounts.rules import is_county
from mentors.coverage import without_decider
from pilotwork.lists import page_size
from reports import home as home_page
from reports.happenings import happenings_for
from reports.navigation import frame_of
from reports.so_far import so_far as figures_so_far
from reports.units import overview

RECORD_VISIT = {
    "label": "记录走访",
    "url": reverse_lazy("mentors:new_visit"),
    "icon": "pencil",
    "kind": "primary",
}
OWN_APPLICATIONS_ON_HOME = 5
# The card of applications: what it is called, and what is said where there are none and none is taken.
OWN = "本单位的申请", "试点结束以后不再受理新的申请。"
GUIDED = "所指导单位的申请", "您指导的单位提交申请后，会出现在这里。"


@access()
@require_safe
def home(request):
    """工作台: what waits for this person, the fund, what happened lately."""
    user, frame = request.user, frame_of(request)
    sees_fund = frame.has_units and user.duties != {Duty.ADMINISTRATOR}
    fund = home_page.fund_figures(frame.fund_account) if sees_fund else None
    items = home_page.items_on_home(user, fund)
    context = {
        "greeting": home_page.greeting(),
        "sentence": home_page.sentence(user, items, frame.waiting_count),
        "items": items,
        "all_label": f"全部 {frame.waiting_count} 件",
        "fund": fund,
        "may_apply": frame.may_apply,
        "actions": [RECORD_VISIT] if frame.is_mentor else [],
        "only_reads": user.duties == {Duty.LEADER},
        "happenings": happenings_for(user, home_page.HAPPENINGS_ON_HOME),
        "setup": home_page.setup_of(user),
    }
    context |= cards_of(user, frame)
    return render(request, "reports/home.html", context)


def cards_of(user, frame):
    """The cards of the units, the five ones or the pairs that this person works with."""
    if user.duties == {Duty.ADMINISTRATOR}:
        return {"gaps": len(without_decider())}
    if user.is_county:
        units = overview(frame.programme, user)
        return {"units": units, **home_page.five_ones(units)}
    if frame.has_own_units:
        applications = home_page.own_applications(user, frame.programme, OWN_APPLICATIONS_ON_HOME)
        # Who only guides has no unit of his own.
        whose, why_none = OWN if frame.is_unit_member else GUIDED
        return {
            "own_applications": applications,
            "whose_applications": whose,
            "why_no_applications": why_none,
            **home_page.five_ones(home_page.own_units(user, frame.programme)),
        }
    return {"pairings": home_page.pairings_of(user, frame.programme)}


@access(is_county, reason="汇报数字由团县委工作人员和领导查看。")
@require_safe
def so_far(request):
    """截至今日的数字: the piece that the home page asks for once it stands, or a page of its own.

    Counting every visit of a large county takes longer than the rest of the home page.
    """
    template = "reports/parts/so_far.html" if request.htmx else "reports/so_far.html"
    return render(request, template, {"figures": figures_so_far(frame_of(request).programme)})


class WaitingPaginator(Paginator):
    """Pages of what waits; the foot says where more waits than is listed."""

    @property
    def count_label(self):
        """The number as the foot of the list says it."""
        return self.object_list.label


@access()
@require_safe
def todo(request):
    """Everything that waits for this person, the longest waiting first."""
    waiting = frame_of(request).everything_waiting()
    page = WaitingPaginator(waiting, page_size(request)).get_page(request.GET.get("page"))
    return render(request, "reports/todo.html", {"page": page})


@access()
@require_safe
def next_waiting(request):
    """Go to the matter that waits next after the page `of`, or with `step=back` before it.

    From anywhere else to the one that waits longest; where there is none, to the list.
    """
    items = frame_of(request).everything_waiting()[0 : home_page.NEXT_AMONG]
    here = request.GET.get("of", "")
    step = -1 if request.GET.get("step") == "back" else 1
    position = home_page.position_of(items, here)
    number = 0 if position is None else position + step
    if not 0 <= number < len(items):
        return redirect("reports:todo")
    return redirect(items[number].action_url or items[number].url)
