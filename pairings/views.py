"""联试共建: the pairs."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.rules import is_administrator
from pairings import actions
from pairings.forms import EndForm, PairForm
from pairings.models import Pairing
from pilotwork.lists import page_of
from pilotwork.refusals import Refused

CRUMBS = [{"label": "联试共建", "url": reverse_lazy("pairings:pairings")}]
ADMINISTRATORS_ONLY = "只有系统管理员可以建立或结束结对。"


@access()
@require_safe
def pairing_list(request):
    """The pairs the person may see, ended ones last."""
    page = page_of(request, Pairing.objects.visible_to(request.user).ended_last())
    new = {"label": "新建结对", "url": reverse("pairings:pair"), "icon": "plus-lg"}
    new["kind"] = "primary"
    context = {"page": page, "actions": [new] if request.user.is_administrator else []}
    return render(request, "pairings/pairings.html", context)


@access(is_administrator, reason=ADMINISTRATORS_ONLY)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request):
    """结对: pair a unit with an office."""
    form = PairForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pairing = actions.pair(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, f"已结对：{pairing}。")
            return redirect("pairings:pairings")
    context = {
        "title": "新建结对",
        "sub": "一个试点单位与一个行政单位的团组织结对；各方同时只有一个。",
        "crumbs": CRUMBS,
        "form": form,
        "buttons": [{"label": "结对", "kind": "primary"}],
        "back_url": reverse("pairings:pairings"),
    }
    return render(request, "accounts/form_page.html", context)


@access(is_administrator, of=Pairing, reason=ADMINISTRATORS_ONLY)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, pairing):
    """End a pair; it stays in the records."""
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_pairing(pairing, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            if refusal.stale:
                messages.error(request, refusal.message)
                return redirect("pairings:pairings")
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, f"结对“{pairing}”已结束，记录保留。")
            return redirect("pairings:pairings")
    context = {
        "title": "结束结对",
        "sub": f"{pairing}；记录保留。",
        "crumbs": CRUMBS,
        "form": form,
        "buttons": [{"label": "结束结对", "kind": "danger"}],
        "back_url": reverse("pairings:pairings"),
    }
    return render(request, "accounts/form_page.html", context)
