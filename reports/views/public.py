"""The pages behind a plaque's QR code, for anybody who scans it: no sign-in, no script, no name."""

import functools

from csp.constants import NONE, SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.defaults import page_not_found

from accounts.access import public
from pilotwork.address import client_address, household
from pilotwork.errors import csrf_failure as page_expired
from pilotwork.errors import server_error as page_broken
from pilotwork.refusals import Refused
from reports.public.content import public_content, with_public_facts
from reports.public.forms import FindAnswerForm, PublicSuggestForm
from units.actions import suggest_publicly
from units.models import PilotUnit, Suggestion

NOT_FOUND = "没有找到这个回执号，请核对后再查。"
NO_TOKEN = (
    "为了安全，这次没有提交。您填写的内容还在，请再提交一次；反复出现时，请允许浏览器保存 Cookie。"
)


def for_visitors(view):
    """What all of them share: a stricter policy, kept by no search engine and no cache."""

    @functools.wraps(view)
    @csp_update({"script-src": [NONE], "img-src": [SELF]})
    def answered(request, **kwargs):
        response = view(request, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = "private, no-store"
        return response

    return public(answered)


def show(request, template, status=200, **context):
    """A page of the public kind."""
    context |= {"is_demo": settings.DEMO_MODE}
    return render(request, f"reports/public/{template}.html", context, status=status)


def of_open_page(view):
    """Call the view with the unit whose open page it is; else the same answer, whatever is missing.

    A plaque hangs longer than a programme lasts: once that is over, its address leads to the
    organisation's page in the latest programme whose page is open.
    """

    @functools.wraps(view)
    def opened(request, token):
        units = with_public_facts(PilotUnit.objects.behind(token).filter(is_public=True))
        unit = units.order_by("-programme__starts_on", "-pk").first()
        return view(request, unit) if unit else show(request, "closed", status=404)

    return opened


@for_visitors
@require_safe
@of_open_page
def public_unit(request, unit):
    """The unit's public page, with the form for 意见建议."""
    context = public_content(unit)
    form, finding = PublicSuggestForm(unit=unit), FindAnswerForm()
    return show(request, "unit", form=form, finding=finding, **context)


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
@of_open_page
def suggest(request, unit):
    """意见建议 of a visitor; sent, it leads to the receipt."""
    form = PublicSuggestForm(request.POST if request.method == "POST" else None, unit=unit)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            address = household(client_address(request))
            suggestion = suggest_publicly(unit, address=address, **form.arguments())
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = 429
        else:
            return redirect("public_receipt", code=suggestion.receipt)
    return show(request, "suggest", unit=unit, form=form, status=status)


def csrf_failure(request, reason=""):
    """What Django answers where the token against forgery is missing (CSRF_FAILURE_VIEW).

    A visitor, who has no workbench to go back to, gets his own form again.
    """
    match = request.resolver_match
    if match and match.func is suggest:
        return suggest_again(request, **match.kwargs)
    return page_expired(request, reason)


@for_visitors
@of_open_page
def suggest_again(request, unit):
    """The visitor's form once more, with all that he typed."""
    form = PublicSuggestForm(request.POST, unit=unit)
    if form.is_valid():
        form.add_error(None, NO_TOKEN)
    return show(request, "suggest", unit=unit, form=form, status=403)


@for_visitors
@require_safe
@of_open_page
def find_answer(request, unit):
    """Look for the answer by the receipt that a visitor kept."""
    form = FindAnswerForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        if unit.suggestions.filter(receipt=code).exists():
            return redirect("public_receipt", code=code)
        form.add_error("code", NOT_FOUND)
    return show(request, "find_answer", unit=unit, form=form)


@for_visitors
@require_safe
def receipt(request, code):
    """What was sent under a receipt and the county's answer, while the unit's page is open."""
    rows = Suggestion.objects.with_sender().filter(pilot_unit__is_public=True)
    suggestion = rows.filter(receipt=code).first()
    if suggestion is None:
        return show(request, "no_receipt", status=404)
    return show(request, "receipt", suggestion=suggestion, unit=suggestion.pilot_unit)


@for_visitors
def nothing_here(request):
    """The visitors' answer to an address that none of these pages has."""
    return show(request, "closed", status=404)


def not_found(request, exception):
    """The site's 404; who has mistyped a plaque's address is not sent to the workbench (handler404)."""
    if request.path.startswith("/p/"):
        return nothing_here(request)
    return page_not_found(request, exception)


def server_error(request):
    """The site's 500, 503 and 507; a visitor is not sent to the workbench (handler500)."""
    is_visitor = request.path.startswith("/p/")
    return page_broken(request, "reports/public/broken.html" if is_visitor else "500.html")


@public
@require_safe
def robots(request):
    """Nothing here is for a search engine. Some know no "noindex", so all are asked not to come."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
