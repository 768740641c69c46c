"""Who guides which unit, handing over, and who can decide on which unit."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.freshness import WHEN_POSTED
from accounts.pages import form_page
from accounts.rules import is_administrator, may_read_people
from accounts.views.people import crumbs
from mentors import actions
from mentors.coverage import Deciders, units_decided_on, without_decider
from mentors.coverage import coverage as covers
from mentors.exports import ASSIGNMENTS, COVERAGE
from mentors.forms.people import ChangeMentorForm, HandoverForm
from mentors.models import MentorAssignment, units_visible_to
from mentors.tables import MentorsFilter, MentorsTable
from pilotwork.exports import list_page
from pilotwork.lists import arrange, page_of
from pilotwork.refusals import Refused
from units.chosen import of_the_programme
from units.models import PilotUnit


@access()
@require_safe
def assignment_list(request):
    """Every unit the person may see, with its mentor and the earlier ones."""
    everybody = Prefetch(
        "mentor_assignments", MentorAssignment.objects.select_related("mentor"), "guided_by"
    )
    units = units_visible_to(request.user).select_related("organisation", "programme")
    units = of_the_programme(request, units, "programme")
    filtered = MentorsFilter(request.GET, units.prefetch_related(everybody))
    may_write = request.user.is_administrator
    table = MentorsTable(filtered.qs, exclude=[] if may_write else ["change"])
    context = {"filter": filtered, "table": arrange(request, table), "may_write": may_write}
    return list_page(request, "mentors/assignments.html", context, ASSIGNMENTS)


@access(is_administrator, of=PilotUnit)
@require_http_methods(["GET", "HEAD", "POST"])
def change_mentor(request, unit):
    """Give a unit its mentor, or another one with a reason; the earlier ones are shown."""

    def act(mentor, **details):
        actions.assign_mentor(unit, by=request.user, mentor=mentor, **details)
        return f"{unit} 的指导员现为 {mentor}。"

    earlier = list(unit.mentor_assignments.select_related("mentor"))
    is_change = any(assignment.ends_on is None for assignment in earlier)
    back = reverse("mentors:assignments")
    return form_page(
        request,
        ChangeMentorForm(request.POST or None, is_change=is_change),
        act,
        back=back,
        title="更换指导员" if is_change else "选派指导员",
        button="保存",
        sub=f"{unit}。开始日期以前的走访、意见仍记在当时的指导员名下；从那天起已登记的走访归新任"
        "指导员，由原指导员去的记为代访。",
        crumbs=[{"label": "指导员", "url": back}],
        template="mentors/change_mentor.html",
        earlier=earlier,
    )


@access(is_administrator, fresh=WHEN_POSTED)
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request):
    """离任交接: the first POST shows what moves, the confirmed one moves it."""
    form = HandoverForm(request.POST or None, initial={"leaver": request.GET.get("leaver")})
    context = {"form": form, "crumbs": crumbs()}
    if form.is_valid():
        leaver, successor, on = (form.cleaned_data[name] for name in ("leaver", "successor", "on"))
        # What is confirmed must be what was shown: who was changed meanwhile is shown again.
        shown = f"{leaver.pk}-{successor.pk}-{on}"
        if request.POST.get("confirmed") == shown and _hand_over(request, form):
            return redirect(successor)
        if not form.errors:
            context["left_alone"] = _try_out(request, form)
        duties, assignments = actions.what_moves(leaver, on)
        context |= {
            "preview": "" if form.errors else shown,
            "on": on,
            "duties": duties,
            "assignments": assignments,
        }
    return render(request, "mentors/handover.html", context)


def _try_out(request, form):
    """Let the form say already before it is confirmed what would be refused; nothing is moved.

    Returns the units on which nobody could decide or pay any more afterwards.
    """
    before = without_decider()
    with transaction.atomic():
        _moved(request, form)
        after = without_decider()
        transaction.set_rollback(True)
    return list(units_decided_on().filter(pk__in=set(after) - set(before)))


def _moved(request, form):
    """What was moved, as `hand_over` says it; None where it is refused and the form says why."""
    data = dict(form.cleaned_data)
    try:
        with transaction.atomic():
            return actions.hand_over(
                data.pop("leaver"), data.pop("successor"), by=request.user, **data
            )
    except Refused as refusal:
        # A mentor's first day and a duty's last one are both that of the handover here.
        field = {"starts_on": "on", "ends_on": "on"}.get(refusal.field, refusal.field)
        form.add_error(field if field in form.fields else None, refusal.message)
        return None


def _hand_over(request, form):
    """Move everything; returns whether it was done, else the form says why not."""
    moved = _moved(request, form)
    if moved is None:
        return False
    duties, units = moved
    messages.success(
        request, f"交接完成：{duties} 项职责、{units} 个单位的指导员任务已移交，历史记录保留。"
    )
    return True


@access(may_read_people)
@require_safe
def coverage(request):
    """For each unit who can review, approve and pay today, with a warning where nobody can."""
    deciders, only_gaps = Deciders.today(), request.GET.get("only") == "gaps"
    gaps, units = SimpleLazyObject(lambda: without_decider(deciders)), units_decided_on()
    page = page_of(request, units.filter(pk__in=list(gaps)) if only_gaps else units)
    # Asked by the page alone: a workbook says it of all units itself.
    context = {
        "covers": SimpleLazyObject(lambda: covers(page.object_list, deciders)),
        "page": page,
        "gaps": SimpleLazyObject(lambda: len(gaps)),
        "only_gaps": only_gaps,
        "crumbs": crumbs(),
    }
    return list_page(request, "mentors/coverage.html", context, COVERAGE)
