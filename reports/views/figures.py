"""The page behind each figure of the 情况汇报."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.rules import is_county
from pilotwork.exports import list_page
from reports.exports import records_of
from reports.figures import PAGED
from reports.figures.forms import CutoffForm
from reports.figures.page import FigurePage, bound
from reports.models import BriefingKind
from reports.navigation import frame_of


@access(is_county, reason="汇报数字的来源由团县委工作人员和领导查看。")
@require_safe
def figure(request, key):
    """One figure at a cutoff: what it counts, its number, its split, the records behind it."""
    form = CutoffForm(bound(request, frame_of(request).programme))
    if key not in PAGED or form.leads_nowhere:
        raise Http404("There is no such figure, programme or unit.")
    context = {"figure": PAGED[key], "form": form, "crumbs": [{"label": "情况汇报"}]}
    if not form.is_valid():
        return render(request, "reports/figure.html", context)
    page = FigurePage(PAGED[key], **form.cleaned_data)
    context |= {"figure_page": page, "unit": page.unit, "query": page.q}
    context["crumbs"] = [{"label": "情况汇报", "url": report_url(page)}]
    context["page"] = page.records(request)
    context["setting_address"] = page.setting_address(request.user)
    template = "reports/figure.html"
    return list_page(request, template, context, records_of(page), cutoff=page.on)


def report_url(figure_page):
    """The address of the report in which the figure stands, at the same cutoff."""
    url = reverse("reports:briefing_page", args=[figure_page.programme.pk, BriefingKind.REPORT])
    return f"{url}?on={figure_page.on.isoformat()}"
