"""公开页 as the county sees it: whether it is open, how it looks, its address, and the switch."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.freshness import WHEN_POSTED
from accounts.pages import do
from funds.views.plaques import public_address
from mentors.models import units_visible_to
from pilotwork.paper.qr import qr_svg
from reports.public import actions
from reports.public.content import public_content, with_public_facts
from reports.public.forms import PublicSuggestForm
from reports.public.rules import may_switch, who_may_switch
from units.models import PilotUnit


def with_organisation(units):
    """Pilot units with what the page names and the switch asks."""
    return units.select_related("organisation__parent", "programme")


def crumbs(unit):
    """The way to the page."""
    here = {"label": unit.organisation.label, "url": reverse("reports:unit", args=[unit.pk])}
    return [{"label": "试点单位", "url": reverse("reports:units")}, here]


@access(of=PilotUnit, among=units_visible_to, enrich=with_organisation)
@require_safe
def public_page(request, unit):
    """Whether the unit's page is open, since when and by whom; address, QR code, preview, switch."""
    why_not = may_switch.why_not(unit, request.user)
    context = {
        "unit": unit,
        "crumbs": crumbs(unit),
        "address": public_address(request, unit),
        "why_not": why_not,
        "who_can": who_may_switch(unit) if why_not else [],
        "timeline": [
            {"title": row.label, "text": row.opinion, "who": row.by_name, "when": row.at}
            for row in actions.switchings(unit)
        ],
        "suggestions_url": f"{reverse('units:suggestions')}?source=visitors&q={unit.organisation}",
    }
    return render(request, "reports/public_page.html", context)


@access(of=PilotUnit, among=units_visible_to, enrich=with_public_facts)
@require_safe
def preview(request, unit):
    """The public page exactly as visitors will see it, with the button that opens it."""
    context = public_content(unit) | {
        "is_preview": True,
        "is_demo": settings.DEMO_MODE,
        "may_open": not unit.is_public and not may_switch.why_not(unit, request.user),
        "form": PublicSuggestForm(unit=unit),
    }
    return render(request, "reports/public/unit.html", context)


@access(of=PilotUnit, among=units_visible_to)
@require_safe
def public_qr(request, unit):
    """The QR code of the unit's public page as an SVG picture."""
    picture = HttpResponse(qr_svg(public_address(request, unit)), content_type="image/svg+xml")
    picture["Cache-Control"] = "private, no-store"
    return picture


def switch(request, unit, verb, done):
    """Run a switch and go back to the page about it."""
    opinion = request.POST.get("opinion", "").strip()[:200]
    back = reverse("reports:public_page", args=[unit.pk])
    return do(request, lambda: verb(unit, by=request.user, opinion=opinion), done, back)


@access(of=PilotUnit, among=units_visible_to, fresh=WHEN_POSTED)
@require_POST
def open_page(request, unit):
    """开放: anybody with the QR code sees the page from now on."""
    return switch(request, unit, actions.open_page, "公开页已开放，扫码即可看到。")


@access(of=PilotUnit, among=units_visible_to)
@require_POST
def close_page(request, unit):
    """关闭: the QR code leads to “尚未开放” again."""
    return switch(request, unit, actions.close_page, "公开页已关闭，扫码只显示“尚未开放”。")
