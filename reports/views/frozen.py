"""定稿: the frozen reports, each as it was, and beside today's figures."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import access
from pilotwork.exports import list_page
from pilotwork.lists import page_of
from pilotwork.paper.official import OfficialDocument
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.briefing import page as looks
from reports.briefing.compare import compare
from reports.briefing.compose import blocks_from
from reports.exports import FROZEN
from reports.models import FrozenBriefing
from reports.rules import may_read_briefing
from reports.views.briefing import ONLY_COUNTY
from reports.views.word import word_response
from units.chosen import of_the_programme


def with_programme(rows):
    """Frozen reports with what their pages name."""
    return rows.select_related("programme")


def document_in(frozen):
    """The OfficialDocument that was frozen; its 附注 names the heads of the ledger's chains."""
    return OfficialDocument(
        title=frozen.title,
        addressee=frozen.addressee,
        blocks=blocks_from(frozen.blocks),
        signature=frozen.signature,
        dated_on=frozen.dated_on,
        note=looks.ledger_note(frozen),
    )


@access(may_read_briefing, reason=ONLY_COUNTY)
@require_safe
def frozen_list(request):
    """The frozen reports of the programme shown, the newest first."""
    rows = with_programme(FrozenBriefing.objects.visible_to(request.user))
    rows = of_the_programme(request, rows, "programme")
    page = page_of(request, rows.order_by("-frozen_at", "-pk"))
    return list_page(request, "reports/frozen_list.html", {"page": page}, FROZEN)


@access(may_read_briefing, of=FrozenBriefing, enrich=with_programme)
@require_safe
def frozen_briefing(request, frozen):
    """One frozen report as it was."""
    context = looks.sheet(document_in(frozen)) | {"frozen": frozen, "crumbs": crumbs(frozen)}
    return render(request, "reports/frozen.html", context)


@access(may_read_briefing, of=FrozenBriefing, enrich=with_programme)
@require_safe
def frozen_word(request, frozen):
    """The frozen report as a Word file."""
    return word_response(document_in(frozen), on=frozen.cutoff_on, created_at=frozen.frozen_at)


@access(may_read_briefing, of=FrozenBriefing, enrich=with_programme)
@require_safe
def compare_frozen(request, frozen):
    """与今日对比: the frozen figures beside those of the same day now, and of today."""
    lines = compare(frozen)
    own = {"label": str(frozen), "url": reverse("reports:frozen_briefing", args=[frozen.pk])}
    context = {
        "frozen": frozen,
        "lines": lines,
        "corrected": sum(line.is_corrected for line in lines),
        "crumbs": [*crumbs(frozen), own],
        "sub": f"定稿截至{cn_full_date(frozen.cutoff_on)}；同一天按现在的记录重算；再看截至今天。",
    }
    return render(request, "reports/frozen_compare.html", context)


def crumbs(frozen):
    """The way to a frozen report's page."""
    page = reverse("reports:briefing_page", args=[frozen.programme_id, frozen.kind])
    return [
        {"label": frozen.get_kind_display(), "url": page},
        {"label": "定稿", "url": looks.frozen_url(frozen.programme)},
    ]
