"""Pages of coordinated money and of research."""

from django.forms import model_to_dict
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.pages import form_page
from mentors.actions import may_register_activity
from mentors.actions import records as verbs
from mentors.exports import COORDINATIONS, RESEARCH
from mentors.forms.records import CoordinationForm, ReceivedForm, ResearchForm
from mentors.models import Coordination, Research, units_visible_to
from mentors.pages import (
    crumbs,
    guided_units,
    of_unit,
    own_units,
    require_guide,
    unit_url,
    with_organisation,
)
from mentors.record_lists import (
    CoordinationFilter,
    CoordinationTable,
    ResearchFilter,
    ResearchTable,
    listed,
)
from pilotwork.exports import list_page
from pilotwork.templatetags.pilotwork import yuan
from units.models import PilotUnit


@access()
@require_safe
def coordination_list(request):
    """The coordinated money the person may see, arrivals to be noted for his own units."""
    rows = Coordination.objects.visible_to(request.user)
    own = set(own_units(request.user).values_list("pk", flat=True))
    guided = set(guided_units(request.user).values_list("pk", flat=True))
    lists = {"writable": own, "guided": guided}
    context = listed(request, rows, CoordinationFilter, CoordinationTable, **lists)
    context |= {
        "title": "经费协调",
        "sub": "从别处为单位争取的经费，到位后才计入；不属于试点基金。",
    }
    context["crumbs"] = crumbs()
    return list_page(request, "mentors/record_list.html", context, COORDINATIONS)


@access()
@require_safe
def research_list(request):
    """The research the person may see."""
    rows = Research.objects.visible_to(request.user).select_related("by")
    guided = set(guided_units(request.user).values_list("pk", flat=True))
    context = listed(request, rows, ResearchFilter, ResearchTable, guided=guided)
    context |= {"title": "调研", "sub": "写实施方案之前至少调研一次。"}
    context["crumbs"] = crumbs()
    return list_page(request, "mentors/record_list.html", context, RESEARCH)


def record_form(request, unit, form, act, *, title, button, sub=""):
    """The page with the form of one record of the unit."""
    sub = f"{unit}。{sub}" if sub else str(unit)
    back = unit_url(unit)
    return form_page(
        request, form, act, back=back, title=title, button=button, sub=sub, crumbs=crumbs(unit)
    )


@access(of=PilotUnit, among=units_visible_to, enrich=with_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def coordinate(request, unit):
    """经费协调: note money found for the unit; for its mentor."""
    require_guide(unit, request.user, "经费协调由该单位现任指导员登记。")

    def act(**typed):
        verbs.coordinate(unit, by=request.user, **typed)
        return "经费协调已登记。"

    form = CoordinationForm(request.POST or None)
    sub = "从别处争取的经费，不是试点基金。"
    return record_form(request, unit, form, act, title="登记经费协调", button="登记", sub=sub)


@access(of=Coordination, enrich=of_unit)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request, coordination):
    """Note the day on which coordinated money came in."""
    unit = coordination.pilot_unit
    if not may_register_activity(unit, request.user):
        raise NotPermitted("到位由试点单位成员或现任指导员登记。")

    def act(received_on):
        verbs.receive_coordinated(coordination, by=request.user, received_on=received_on)
        return "到位日期已登记。"

    form = ReceivedForm(request.POST or None)
    sub = f"{coordination.source}，{yuan(coordination.amount)} 元。"
    return record_form(request, unit, form, act, title="登记到位", button="登记到位", sub=sub)


@access(of=Coordination, enrich=of_unit)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_coordination(request, coordination):
    """Set right what was noted of coordinated money; for the unit's mentor."""
    unit = coordination.pilot_unit
    require_guide(unit, request.user, "经费协调由该单位现任指导员更正。")

    def act(**typed):
        verbs.correct_coordination(coordination, by=request.user, **typed)
        return "经费协调已更正。"

    form = CoordinationForm(request.POST or None, initial=model_to_dict(coordination))
    sub = "原来的记录保留在历史中。"
    return record_form(request, unit, form, act, title="更正经费协调", button="保存", sub=sub)


@access(of=Research, enrich=of_unit)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_research(request, research):
    """Set right what was noted of research; for the unit's mentor."""
    unit = research.pilot_unit
    require_guide(unit, request.user, "调研由该单位现任指导员更正。")

    def act(**typed):
        verbs.correct_research(research, by=request.user, **typed)
        return "调研已更正。"

    form = ResearchForm(request.POST or None, initial=model_to_dict(research))
    sub = "原来的记录保留在历史中。"
    return record_form(request, unit, form, act, title="更正调研", button="保存", sub=sub)


@access(of=PilotUnit, among=units_visible_to, enrich=with_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def note_research(request, unit):
    """调研: note what was looked into; for the unit's mentor."""
    require_guide(unit, request.user, "调研由该单位现任指导员登记。")

    def act(**typed):
        verbs.note_research(unit, by=request.user, **typed)
        return "调研已登记。"

    form = ResearchForm(request.POST or None)
    return record_form(request, unit, form, act, title="登记调研", button="登记")
