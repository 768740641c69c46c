"""情况汇报 and 工作总结: reading, exporting, editing and freezing them."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.freshness import WHEN_POSTED
from pilotwork import clock
from pilotwork.refusals import Refused
from reports.briefing import page as looks
from reports.briefing.compose import document_of, fingerprint
from reports.briefing.drafts import draft_of, faults_in, require_writer
from reports.briefing.editor import Editor
from reports.briefing.forms import CutoffForm, FreezeForm
from reports.briefing.freeze import freeze
from reports.briefing.material import gather
from reports.models import BriefingKind, FrozenBriefing
from reports.navigation import frame_of
from reports.rules import may_read_briefing, may_write_briefing, programmes_reported_to
from reports.views.word import word_response
from units.models import PilotProgramme

ONLY_COUNTY = "情况汇报由团县委工作人员和领导查看。"
FROZEN_SHOWN = 3


def kind_of(document):
    """The BriefingKind that an address names; raises Http404 for any other word."""
    if document not in BriefingKind.values:
        raise Http404
    return BriefingKind(document)


def cutoff_of(typed, programme):
    """(form, day): the CutoffForm of what was typed, and its day, today where it names none."""
    today = clock.today()
    form = CutoffForm(typed if "on" in typed else None, programme=programme, initial={"on": today})
    return form, form.cleaned_data["on"] if form.is_valid() else today


@access(may_read_briefing, reason=ONLY_COUNTY)
@require_safe
def current(request):
    """情况汇报 of the present programme."""
    programme = frame_of(request).programme
    if programme is None:
        return render(request, "reports/briefing_none.html")
    return redirect("reports:briefing_page", programme.pk, BriefingKind.REPORT.value)


@access(may_read_briefing, of=PilotProgramme, among=programmes_reported_to)
@require_safe
def page(request, programme, document):
    """The document of the chosen day in the layout of an official one, each figure a link."""
    kind = kind_of(document)
    form, on = cutoff_of(request.GET, programme)
    material = gather(programme, on)
    draft = draft_of(programme, kind)
    context = looks.sheet(document_of(draft, material), material.address_of) | {
        "programme_shown": programme,
        "kind": kind,
        "draft": draft,
        "faults": faults_in(draft),
        "form": form,
        "on": on,
        "is_another_day": "on" in request.GET and not (form.is_valid() and form.data["on"].strip()),
        "tabs": looks.tabs(programme, kind, on),
        "others": PilotProgramme.objects.exclude(pk=programme.pk),
        "frozen": FrozenBriefing.objects.filter(programme=programme, kind=kind)[:FROZEN_SHOWN],
        "frozen_url": looks.frozen_url(programme),
        "may_write": may_write_briefing(None, request.user),
    }
    return render(request, "reports/briefing.html", context)


@access(may_read_briefing, of=PilotProgramme, among=programmes_reported_to)
@require_safe
def word(request, programme, document):
    """The document of the chosen day as a Word file; a day that cannot be is answered by the page."""
    kind = kind_of(document)
    form, on = cutoff_of(request.GET, programme)
    if form.is_bound and not form.is_valid():
        url = reverse("reports:briefing_page", args=[programme.pk, document])
        return redirect(f"{url}?{request.GET.urlencode()}")
    made = document_of(draft_of(programme, kind), gather(programme, on))
    return word_response(made, on=on, created_at=clock.now())


@access(may_read_briefing, of=PilotProgramme, among=programmes_reported_to)
@require_http_methods(["GET", "POST"])
def edit(request, programme, document):
    """Write the text around the figures; a button of a paragraph only rearranges what was typed."""
    kind = kind_of(document)
    require_writer(request.user)
    editor = Editor(draft_of(programme, kind))
    if request.method == "POST" and "order" in request.POST:
        editor.rearrange(request.POST, request.POST["order"])
    elif request.method == "POST" and editor.save(request.POST, by=request.user):
        messages.success(request, "文字已保存。")
        return redirect("reports:briefing_page", programme.pk, document)
    figures, lists = looks.legend(gather(programme, clock.today()))
    context = editor.context() | {
        "kind": kind,
        "programme_shown": programme,
        "figures": figures,
        "lists": lists,
        "example": looks.EXAMPLE,
        "back_url": reverse("reports:briefing_page", args=[programme.pk, document]),
    }
    return render(request, "reports/briefing_edit.html", context)


@access(may_read_briefing, of=PilotProgramme, among=programmes_reported_to, fresh=WHEN_POSTED)
@require_http_methods(["GET", "POST"])
def freeze_page(request, programme, document):
    """定稿: the whole text once more, then it is kept for ever."""
    kind = kind_of(document)
    require_writer(request.user)
    form = FreezeForm(request.POST or None)
    if form.is_valid():
        try:
            frozen = freeze(programme, kind, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已定稿存档，编号第 {frozen.number} 号。")
            return redirect("reports:frozen_briefing", frozen.pk)
    return show_freezing(request, programme, kind, form)


def show_freezing(request, programme, kind, form):
    """The form of freezing beneath what would be frozen now; what was typed is kept."""
    _, on = cutoff_of(request.POST or request.GET, programme)
    document = document_of(draft_of(programme, kind), gather(programme, on))
    shown = {"seen": fingerprint(document), "on": on}
    if form.is_bound:
        form.data = form.data.copy()
        for name, value in shown.items():
            form.data[name] = str(value)
    else:
        form.initial = shown | {"request_key": uuid.uuid4()}
    context = looks.sheet(document) | {
        "programme_shown": programme,
        "kind": kind,
        "form": form,
        "on": on,
        "back_url": f"{reverse('reports:briefing_page', args=[programme.pk, kind.value])}?on={on}",
    }
    return render(request, "reports/briefing_freeze.html", context)
