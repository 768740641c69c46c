"""Pages of difficulties: the list, one difficulty, raising one."""

from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.pages import form_page
from mentors.actions import may_register_activity, records
from mentors.exports import DIFFICULTIES
from mentors.forms.records import DifficultyForm
from mentors.models import Difficulty, units_visible_to
from mentors.pages import act_on, crumbs, matter_page, of_unit, unit_url, with_organisation
from mentors.record_lists import DIFFICULTY_TONES, DifficultyFilter, DifficultyTable, listed
from mentors.verbs import DIFFICULTY_VERBS
from pilotwork.exports import list_page
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import PilotUnit


@access()
@require_safe
def difficulty_list(request):
    """The difficulties the person may see."""
    rows = Difficulty.objects.visible_to(request.user)
    context = listed(request, rows, DifficultyFilter, DifficultyTable)
    context |= {"title": "实际困难", "sub": "单位提出，指导员解决，单位确认后才算解决。"}
    context["crumbs"] = crumbs()
    return list_page(request, "mentors/record_list.html", context, DIFFICULTIES)


def facts_of(difficulty):
    """What is known of a difficulty: [{label, value}]."""
    unit = difficulty.pilot_unit
    raised = f"{cn_full_date(difficulty.raised_on)} · {difficulty.raised_by}"
    return [
        {"label": "单位", "value": unit, "url": unit_url(unit)},
        {"label": "困难", "value": difficulty.description},
        {"label": "提出", "value": raised},
        {"label": "解决措施", "value": difficulty.measures},
        {"label": "解决日期", "value": cn_full_date(difficulty.solved_on)},
        {"label": "单位确认", "value": cn_full_date(difficulty.confirmed_on)},
    ]


def difficulty_page(request, difficulty, **panel):
    """The page of one difficulty with what was done about it."""
    return matter_page(
        request,
        difficulty,
        DIFFICULTY_VERBS,
        noun="difficulty",
        title="实际困难",
        tone=DIFFICULTY_TONES[difficulty.state],
        crumbs=crumbs(difficulty.pilot_unit),
        facts=facts_of(difficulty),
        visit=difficulty.visit,
        **panel,
    )


def with_people(rows):
    """Difficulties with all their page names."""
    return of_unit(rows).select_related("raised_by", "visit")


@access(of=Difficulty, enrich=with_people)
@require_safe
def difficulty(request, difficulty):
    """The page of one difficulty."""
    return difficulty_page(request, difficulty)


@access(of=Difficulty, enrich=with_people)
@require_http_methods(["GET", "POST"])
def act(request, difficulty, verb):
    """A verb of one difficulty."""
    return act_on(
        request, difficulty, DIFFICULTY_VERBS, verb, noun="difficulty", page=difficulty_page
    )


@access(of=PilotUnit, among=units_visible_to, enrich=with_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def raise_one(request, unit):
    """Say what stands in the unit's way; for its members and its mentor."""
    if not may_register_activity(unit, request.user):
        raise NotPermitted("困难由试点单位成员或现任指导员提出。")

    def act(**typed):
        records.raise_difficulty(unit, by=request.user, **typed)
        return "困难已提出，解决后由试点单位确认。"

    return form_page(
        request,
        DifficultyForm(request.POST or None),
        act,
        back=unit_url(unit),
        title="提出困难",
        button="提出",
        sub=str(unit),
        crumbs=crumbs(unit),
    )
