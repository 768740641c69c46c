"""联试共建: the pairs, one pair with what it did together, making and ending pairs."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.pages import form_page, undoable
from accounts.rules import is_administrator
from pairings import actions
from pairings.exports import PAIRINGS as PAIRINGS_LEDGER
from pairings.forms.pairs import EndForm, PairForm
from pairings.models import Pairing
from pairings.pages import PAIRINGS, crumbs_of, of_pair
from pairings.pair_page import PRINCIPLES, page_of_pair, with_numbers
from pilotwork.exports import list_page
from pilotwork.lists import page_of
from units.chosen import of_the_programme

ADMINISTRATORS_ONLY = "只有系统管理员可以建立或结束结对。"
LISTS = [
    {"label": "座谈会", "name": "pairings:seminars"},
    {"label": "活动协议", "name": "pairings:agreements"},
]


def listed(pairings):
    """The pairs in the order of the list, with what it says of them."""
    return with_numbers(pairings.ended_last())


@access()
@require_safe
def pairing_list(request):
    """The pairs the person may see, ended ones last."""
    rows = listed(Pairing.objects.visible_to(request.user))
    rows = of_the_programme(request, rows, "programme")
    actions = [{"label": one["label"], "url": reverse(one["name"])} for one in LISTS]
    if request.user.is_administrator:
        new = {"label": "新建结对", "url": reverse("pairings:pair"), "icon": "plus-lg"}
        actions.append(new | {"kind": "primary"})
    context = {
        "page": page_of(request, rows, enrich=listed),
        "actions": actions,
        "principles": PRINCIPLES,
    }
    return list_page(request, "pairings/pairings.html", context, PAIRINGS_LEDGER)


@access(of=Pairing, enrich=of_pair)
@require_safe
def pairing(request, pairing):
    """One pair: both sides, the unit's mentor, seminars and agreements."""
    return render(request, "pairings/pairing.html", page_of_pair(pairing, request.user))


@access(is_administrator, reason=ADMINISTRATORS_ONLY)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request):
    """结对: pair a unit with an office."""

    def act(**typed):
        made = actions.pair(by=request.user, **typed)
        return undoable(f"已结对：{made}。", "结束结对", reverse("pairings:end", args=[made.pk]))

    form = PairForm(request.POST or None, initial={"pilot_unit": request.GET.get("unit")})
    return form_page(
        request,
        form,
        act,
        back=reverse("pairings:pairings"),
        warning=form.nothing_left,
        title="新建结对",
        button="结对",
        sub=f"{PRINCIPLES}。一个试点单位与一个行政单位的团组织结对；各方同时只有一个。",
        crumbs=[PAIRINGS],
    )


@access(is_administrator, of=Pairing, enrich=of_pair, reason=ADMINISTRATORS_ONLY)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, pairing):
    """End a pair; it stays in the records."""

    def act(**typed):
        actions.end_pairing(pairing, by=request.user, **typed)
        return f"结对“{pairing}”已结束，记录保留。"

    return form_page(
        request,
        EndForm(request.POST or None),
        act,
        back=reverse("pairings:pairings"),
        title="结束结对",
        button="结束结对",
        tone="danger",
        sub=f"{pairing}；记录保留，期内的座谈会和协议仍可登记、确认。",
        crumbs=crumbs_of(pairing),
    )
