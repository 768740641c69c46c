"""定稿: the frozen reports, each as it was, and beside today's figures."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import access
from pilotwork.lists import page_of
from pilotwork.paper.official import OfficialDocument
from reports.briefing import page as looks
from reports.briefing.compare import compare
from reports.briefing.compose import blocks_from
from reports.models import FrozenBriefing
from reports.rules import may_read_briefing
from reports.views.briefing import ONLY_COUNTY
from reports.views.word import word_response


def with_programme(rows):
    """Frozen reports with what their pages name."""
    return rows.select_related("programme")


def document_in(frozen, note=""):
    """The OfficialDocument that was frozen; its 附注 says `note`."""
    return OfficialDocument(
        title=frozen.title,
        addressee=frozen.addressee,
        blocks=blocks_from(frozen.blocks),
        signature=frozen.signature,
        dated_on=frozen.dated_on,
        note=note,
    )


@access(may_read_briefing, reason=ONLY_COUNTY)
@require_safe
def frozen_list(request):
    """All frozen reports, the newest first."""
    rows = FrozenBriefing.objects.visible_to(request.user).select_related("programme")
    page = page_of(request, rows.order_by("-frozen_at", "-pk"))
    return render(request, "reports/frozen_list.html", {"page": page})


@access(may_read_briefing, of=FrozenBriefing, enrich=with_programme)
@require_safe
def frozen_briefing(request, frozen):
    """One frozen report as it was."""
    context = looks.sheet(document_in(frozen)) | {"frozen": frozen, "crumbs": crumbs()}
    return render(request, "reports/frozen.html", context)


@access(may_read_briefing, of=FrozenBriefing, enrich=with_programme)
@require_safe
def frozen_word(request, frozen):
    """The frozen report as a Word file, which names the heads of the ledger's chains."""
    document = document_in(frozen, note=looks.ledger_note(frozen))
    return word_response(document, on=frozen.cutoff_on, created_at=frozen.frozen_at)


@access(may_read_briefing, of=FrozenBriefing, enrich=with_programme)
@require_safe
def compare_frozen(request, frozen):
    """与今日对比: the frozen figures beside those of the same day now, and of today."""
    lines = compare(frozen)
    own = {"label": str(frozen), "url": reverse("reports:frozen_briefing", args=[frozen.pk])}
    context = {"frozen": frozen, "lines": lines, "crumbs": [*crumbs(), own]}
    context["corrected"] = sum(line.is_corrected for line in lines)
    return render(request, "reports/frozen_compare.html", context)


def crumbs():
    """The way to a frozen report's page."""
    return [
        {"label": "情况汇报", "url": reverse("reports:briefing")},
        {"label": "定稿", "url": reverse("reports:frozen_briefings")},
    ]
