"""Pages of plans and summary reports: the list, one document, its versions, uploading."""

from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.pages import form_page
from mentors.actions import may_register_activity, records
from mentors.exports import DOCUMENTS
from mentors.forms.records import DocumentForm
from mentors.models import Document, DocumentKind, DocumentVersion, units_visible_to
from mentors.pages import act_on, crumbs, matter_page, of_unit, unit_url, with_organisation
from mentors.record_lists import DOCUMENT_TONES, DocumentFilter, DocumentTable, listed
from mentors.verbs import DOCUMENT_VERBS
from pilotwork import files
from pilotwork.exports import list_page
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import PilotUnit


@access()
@require_safe
def document_list(request):
    """The plans and summary reports the person may see."""
    rows = Document.objects.visible_to(request.user).with_version_count()
    context = listed(request, rows.order_by("-state_since", "-id"), DocumentFilter, DocumentTable)
    context |= {"title": "方案与总结", "sub": "每个单位一份实施方案，试点结束时一份总结报告。"}
    context["crumbs"] = crumbs()
    return list_page(request, "mentors/record_list.html", context, DOCUMENTS)


def document_page(request, document, **panel):
    """The page of one document with all its versions."""
    return matter_page(
        request,
        document,
        DOCUMENT_VERBS,
        noun="document",
        title=document.get_kind_display(),
        tone=DOCUMENT_TONES[document.state],
        crumbs=crumbs(document.pilot_unit),
        facts=[
            {"label": "单位", "value": document.pilot_unit, "url": unit_url(document.pilot_unit)},
            {"label": "确认日期", "value": cn_full_date(document.confirmed_on) or "尚未确认"},
        ],
        versions=list(document.versions.select_related("uploaded_by")),
        **panel,
    )


@access(of=Document, enrich=of_unit)
@require_safe
def document(request, document):
    """The page of one document."""
    return document_page(request, document)


@access(of=Document, enrich=of_unit)
@require_http_methods(["GET", "POST"])
def act(request, document, verb):
    """A verb of one document."""
    return act_on(request, document, DOCUMENT_VERBS, verb, noun="document", page=document_page)


@access(of=DocumentVersion)
@require_safe
def version(request, version):
    """The content of one version."""
    return files.serve(version)


@access(of=PilotUnit, among=units_visible_to, enrich=with_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def upload_document(request, unit, kind):
    """Upload the unit's plan or summary report; a later one becomes the next version."""
    if kind not in DocumentKind.values:
        raise Http404("没有这种文件。")
    if not may_register_activity(unit, request.user):
        raise NotPermitted("由试点单位成员或现任指导员上传。")
    label = DocumentKind(kind).label
    existing = Document.objects.filter(pilot_unit=unit, kind=kind).first()
    if existing and request.method != "POST":
        return redirect("mentors:act_on_document", pk=existing.pk, verb="upload")

    def act(upload):
        records.upload_document(unit, by=request.user, kind=kind, upload=upload[0])
        return f"{label}已上传，等初审人确认。"

    return form_page(
        request,
        DocumentForm(request.POST or None, request.FILES or None),
        act,
        back=unit_url(unit),
        title=f"上传{label}",
        button="上传",
        sub=f"{unit}。上传后由初审人确认，以后可以再传新版本。",
        crumbs=crumbs(unit),
    )
