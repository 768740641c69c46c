"""Pages of applications: the list, the page of one, its verbs, versions and attachments."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.verbs import run_verb
from funds import page, snapshots
from funds.exports import APPLICATIONS
from funds.filters import ApplicationFilter
from funds.models import Application, ApplicationAttachment
from funds.tables import ApplicationTable
from funds.verbs import APPLICATION_VERBS
from funds.views.context import application_context, closure_context, crumbs, keep_typed
from pilotwork import files
from pilotwork.exports import list_page
from pilotwork.lists import arrange
from pilotwork.templatetags.pilotwork import cn_datetime
from units.chosen import of_the_programme
from units.models import PilotUnit


def with_row_facts(applications):
    """What a row of the list says of them."""
    return applications.with_units().with_sums("disbursed")


@access()
@require_safe
def application_list(request):
    """The applications a person sees, filtered, sorted and paged by the address."""
    rows = Application.objects.visible_to(request.user).with_sums("disbursed").order_by("-id")
    rows = of_the_programme(request, rows)
    narrowed = ApplicationFilter(request.GET, rows, request=request)
    table = ApplicationTable(narrowed.qs, reader=request.user)
    # The newest lie together; what is narrowed or sorted is found first and then looked up.
    is_plain = request.GET.keys() <= {"page", "per_page"}
    arrange(request, table, None if is_plain else with_row_facts)
    table.mark_waiting()
    may_apply = PilotUnit.objects.may_apply(request.user).exists()
    table.explain_empty(is_filtered=bool(request.GET), may_apply=may_apply)
    new = {
        "label": "新建立项申请",
        "url": reverse("funds:new_application"),
        "icon": "plus-lg",
        "kind": "primary",
    }
    context = {"table": table, "filter": narrowed, "actions": [new] if may_apply else []}
    return list_page(request, "funds/application_list.html", context, APPLICATIONS)


def application_url(application):
    """The address of an application's page."""
    return reverse("funds:application", args=[application.pk])


@access(of=Application, enrich=page.with_facts)
@require_safe
def application(request, application):
    """All that is known about one application, and what this person may do."""
    dossier = page.read(application, request.user)
    context = application_context(application, request.user, dossier)
    return render(request, "funds/application.html", context)


@access(of=Application, enrich=page.with_facts)
@require_http_methods(["GET", "POST"])
def act(request, application, verb):
    """The application's page with the form of one verb; its POST runs the verb."""
    if verb not in APPLICATION_VERBS:
        raise Http404("没有这个办理事项。")
    read = page.read(application, request.user) if request.method == "GET" else None

    def shown(verb, form):
        verb, form = keep_typed(request, APPLICATION_VERBS, verb, form)
        # What was posted may have met a newer state of things: read again.
        dossier = read or page.read(application, request.user)
        if verb.name == "file_closure":
            form = form or verb.form(matter=application, user=request.user)
            context = closure_context(application, form, dossier)
            return render(request, "funds/closure_edit.html", context)
        context = application_context(application, request.user, dossier, chosen=verb, form=form)
        return render(request, "funds/application.html", context)

    return run_verb(
        request,
        application,
        APPLICATION_VERBS[verb],
        render=shown,
        done=lambda result: application_url(application),
    )


@access(of=Application)
@require_safe
def version(request, application, number):
    """The content as it was at an earlier submission or before a change."""
    kept = get_object_or_404(application.versions.select_related("by"), number=number)
    context = {
        "version": kept,
        "words": f"第 {kept.number} 版",
        "sub": f"{application.pilot_unit} · {kept.by} · {cn_datetime(kept.at)}",
        "crumbs": crumbs({"label": application.number, "url": application_url(application)}),
        "facts": snapshots.facts(kept.content),
        "budget": snapshots.budget(kept.content),
    }
    return render(request, "funds/application_version.html", context)


@access(of=ApplicationAttachment)
@require_safe
def attachment(request, attachment):
    """The content of a file."""
    return files.serve(attachment)
