"""Pages of excused weeks: the list, one request, asking for one."""

from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.pages import form_page
from mentors.actions import visits
from mentors.exports import EXCUSES
from mentors.forms.records import ExcuseForm
from mentors.models import ExcusedWeek, Visit, units_visible_to
from mentors.pages import (
    act_on,
    crumbs,
    matter_page,
    of_unit,
    require_guide,
    unit_url,
    with_organisation,
)
from mentors.record_lists import EXCUSE_TONES, ExcuseFilter, ExcuseTable, listed, week_words
from mentors.verbs import EXCUSE_VERBS
from pilotwork.exports import list_page
from units.models import PilotUnit


def with_people(rows):
    """Excused weeks with all their page names."""
    return of_unit(rows).select_related("asked_by")


@access()
@require_safe
def excuse_list(request):
    """The excused weeks the person may see."""
    rows = ExcusedWeek.objects.visible_to(request.user).select_related("asked_by")
    context = listed(request, rows, ExcuseFilter, ExcuseTable)
    context |= {"title": "免访", "sub": "指导员说明理由，另一位工作人员同意后，该周不必走访。"}
    context["crumbs"] = crumbs()
    return list_page(request, "mentors/record_list.html", context, EXCUSES)


def visited_words(excuse):
    """Whether the week was visited after all, for who decides whether it may be left out."""
    visits = Visit.objects.counting().filter(pilot_unit=excuse.pilot_unit, week=excuse.week)
    days = visits.values("visited_on").distinct().count()
    return f"已走访 {days} 次，不同意也不算逾期" if days else "没有走访"


def excuse_page(request, excuse, **panel):
    """The page of one excused week."""
    unit = excuse.pilot_unit
    return matter_page(
        request,
        excuse,
        EXCUSE_VERBS,
        noun="excuse",
        title="免访",
        tone=EXCUSE_TONES[excuse.state],
        crumbs=crumbs(unit),
        facts=[
            {"label": "单位", "value": unit, "url": unit_url(unit)},
            {"label": "免访的周", "value": week_words(excuse.week)},
            {"label": "该周走访", "value": visited_words(excuse)},
            {"label": "理由", "value": excuse.reason},
            {"label": "申请人", "value": excuse.asked_by},
        ],
        **panel,
    )


@access(of=ExcusedWeek, enrich=with_people)
@require_safe
def excuse(request, excuse):
    """The page of one excused week."""
    return excuse_page(request, excuse)


@access(of=ExcusedWeek, enrich=with_people)
@require_http_methods(["GET", "POST"])
def act(request, excuse, verb):
    """A verb of one excused week."""
    return act_on(request, excuse, EXCUSE_VERBS, verb, noun="excuse", page=excuse_page)


@access(of=PilotUnit, among=units_visible_to, enrich=with_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, unit):
    """免访: the mentor asks that the unit need not be visited in a week."""
    require_guide(unit, request.user, "免访由该单位现任指导员申请。")

    def act(**typed):
        visits.ask_excuse(unit, by=request.user, **typed)
        return "免访已申请，等另一位工作人员同意。"

    return form_page(
        request,
        ExcuseForm(request.POST or None),
        act,
        back=unit_url(unit),
        title="申请免访",
        button="申请",
        sub=f"{unit}。由初审或审批人员同意，同意后该周不计逾期。",
        crumbs=crumbs(unit),
    )
