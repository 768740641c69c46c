"""Pages of visits: the ledger, one visit with its verbs, its photos, and both on paper."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.verbs import panel_for, run_verb
from mentors.actions.visits import stand_ins
from mentors.exports import VISITS
from mentors.models import Visit, VisitPhoto
from mentors.papers import visit_form, visits_sheet
from mentors.remaining import shown_to
from mentors.verbs import VISIT_VERBS
from mentors.visit_list import MOST_PRINTED, VisitFilter, VisitTable
from mentors.visit_page import page_of_visit, with_facts, with_photos
from pilotwork.exports import list_page
from pilotwork.files import serve
from pilotwork.lists import arrange
from units.chosen import of_the_programme
from units.views import verb_of

RECORD = {"label": "记录走访", "icon": "plus-lg", "kind": "primary"}


@access()
@require_safe
def visit_list(request):
    """走访台账: the visits the person may see, narrowed as the address says."""
    rows = of_the_programme(request, Visit.objects.visible_to(request.user))
    chosen = VisitFilter(request.GET, queryset=rows, request=request)
    table = VisitTable(chosen.qs)
    may_record = stand_ins().filter(pk=request.user.pk).exists()
    new = reverse("mentors:new_visit")
    if may_record:
        table.empty_action_label, table.empty_action_url = RECORD["label"], new
    context = {
        "filter": chosen,
        "table": arrange(request, table, enrich=with_facts),
        "actions": [{**RECORD, "url": new}] if may_record else [],
    }
    return list_page(request, "mentors/visit_list.html", context, VISITS)


def visit_page(request, visit, chosen=None, form=None):
    """The page of one visit, with what this person may do on it."""
    visit.viewer_id = request.user.pk
    panel = panel_for(visit, request.user, VISIT_VERBS, chosen=chosen, form=form)
    context = {
        "panel": panel,
        "remaining": shown_to(visit, request.user, panel),
        **page_of_visit(visit, request.user),
    }
    return render(request, "mentors/visit.html", context)


@access(of=Visit, enrich=with_facts)
@require_safe
def visit(request, visit):
    """One visit: what was seen, what it led to, its photos, who changed what."""
    return visit_page(request, visit)


@access(of=Visit, enrich=with_facts)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, visit, verb):
    """A verb on a visit that was entered too late: GET shows its form, POST performs it."""
    return run_verb(
        request,
        visit,
        verb_of(VISIT_VERBS, verb),
        render=lambda chosen, form: visit_page(request, visit, chosen, form),
        done=lambda result: reverse("mentors:visit", args=[visit.pk]),
    )


@access(of=VisitPhoto)
@require_safe
def visit_photo(request, photo):
    """A photo, for whoever sees its visit."""
    return serve(photo)


@access(of=Visit, enrich=lambda visits: with_photos(with_facts(visits)))
@require_safe
def print_visit(request, visit):
    """走访记录 of one visit on A4."""
    return visit_form(visit).page(request)


@access()
@require_safe
def print_visits(request):
    """走访记录 of the list's filter on A4, oldest first, at most as many as an office reads."""
    rows = of_the_programme(request, Visit.objects.visible_to(request.user))
    chosen = VisitFilter(request.GET, queryset=rows, request=request)
    keys = list(chosen.qs.values_list("pk", flat=True)[: MOST_PRINTED + 1])
    newest = list(with_facts(Visit.objects.filter(pk__in=keys)))
    sheet = visits_sheet(
        newest[:MOST_PRINTED][::-1],
        chosen.in_words(),
        most=MOST_PRINTED if len(newest) > MOST_PRINTED else None,
        back_url=f"{reverse('mentors:visits')}?{request.GET.urlencode()}",
    )
    return sheet.page(request)
