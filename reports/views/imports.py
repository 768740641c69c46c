"""导入: choose a kind of list, take its template, upload it, look at the preview, confirm."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.freshness import WHEN_POSTED
from pilotwork.files import XLSX, clean_name
from pilotwork.refusals import Refused
from reports.imports import actions
from reports.imports.forms import ImportForm
from reports.imports.kinds import KINDS, imports_something, kinds_for
from reports.imports.preview import IMPORTS, page_of_upload
from reports.imports.template import template_of
from reports.models import ImportUpload

NOBODY = "导入由系统管理员、初审和财务人员办理。"
RECENT = 10


def kind_of(slug, user):
    """The kind of list in the address; 404 when there is none, NotPermitted for who may not."""
    if slug not in KINDS:
        raise Http404("没有这一种导入。")
    actions.require(KINDS[slug], user)
    return KINDS[slug]


@access(imports_something, reason=NOBODY)
@require_safe
def imports(request):
    """The kinds of lists this person may import, and what he uploaded in the last day."""
    recent = ImportUpload.objects.visible_to(request.user).defer("rows")[:RECENT]
    context = {"kinds": kinds_for(request.user), "recent": recent}
    return render(request, "reports/imports.html", context)


@access(imports_something, reason=NOBODY)
@require_safe
def template(request, kind):
    """The empty table of one kind, with a sample row."""
    kind = kind_of(kind, request.user)
    named = content_disposition_header(as_attachment=True, filename=f"{kind.title}导入模板.xlsx")
    return HttpResponse(
        template_of(kind), content_type=XLSX, headers={"Content-Disposition": named}
    )


@access(imports_something, reason=NOBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, kind):
    """Upload a filled-in table: it is read and kept, nothing of it is written yet."""
    kind = kind_of(kind, request.user)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*posted, kind=kind)
    if posted and form.is_valid():
        sheet, name = form.cleaned_data["file"], clean_name(form.file_name)
        try:
            kept = actions.keep_upload(kind, by=request.user, name=name, sheet=sheet)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("reports:import", kept.pk)
    context = {"form": form, "kind": kind, "crumbs": [IMPORTS]}
    return render(request, "reports/import_upload.html", context)


@access(of=ImportUpload)
@require_safe
def preview(request, upload):
    """What confirming would write, row by row; afterwards what was written."""
    actions.require(KINDS[upload.kind], request.user)
    return render(request, "reports/import.html", page_of_upload(request, upload))


@access(of=ImportUpload, fresh=WHEN_POSTED)
@require_POST
def confirm(request, upload):
    """Write all of it, or nothing."""
    try:
        actions.confirm(upload, by=request.user, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("reports:import", upload.pk)
