"""试点工作: one programme with its verbs, and a new one beside it."""

from django.contrib import messages
from django.db.models import OuterRef
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.rules import is_administrator, is_county
from accounts.verbs import run_verb
from pilotwork.refusals import Refused
from pilotwork.sql import NumberOf
from reports.archive.scope import programmes_for
from reports.navigation import SESSION_KEY, frame_of
from reports.programmes.forms import OpenProgrammeForm
from reports.programmes.opening import open_programme
from reports.programmes.page import programme_context
from reports.programmes.verbs import PROGRAMME_VERBS
from units.models import PilotProgramme, PilotUnit
from units.views import verb_of


def crumbs():
    """The way to a page below the list of programmes."""
    return [{"label": "试点工作与档案", "url": reverse("reports:archives")}]


def with_fund(programmes):
    """Programmes with their funds and, as `unit_count`, how many units take part."""
    units = PilotUnit.objects.filter(programme=OuterRef("pk")).order_by()
    return programmes.select_related("fund_account").annotate(
        unit_count=NumberOf(units.values("pk"))
    )


def programme_page(request, programme, chosen=None, form=None):
    """The page of one programme with what this person may do on it."""
    context = programme_context(programme, request.user, chosen, form) | {"crumbs": crumbs()}
    return render(request, "reports/programme.html", context)


@access(is_county, of=PilotProgramme, among=programmes_for, enrich=with_fund)
@require_safe
def programme(request, programme):
    """One programme: what it is, its fund, what is still open, what may be done."""
    return programme_page(request, programme)


@access(is_county, of=PilotProgramme, among=programmes_for, enrich=with_fund)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, programme, verb):
    """A verb of one programme: GET shows its form, POST performs it."""
    return run_verb(
        request,
        programme,
        verb_of(PROGRAMME_VERBS, verb),
        render=lambda chosen, form: programme_page(request, programme, chosen, form),
        done=lambda result: reverse("reports:programme", args=[programme.pk]),
    )


def way_back(request):
    """Where the person came from, if it is a page of ours; else the home page."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if is_ours else reverse("home")


@access()
@require_safe
def choose(request):
    """切换试点: the programmes of which a person's pages may show figures and lists."""
    programmes = PilotProgramme.objects.order_by("-starts_on", "-pk")
    context = {"programmes": programmes, "back_url": way_back(request)}
    return render(request, "reports/choose_programme.html", context)


@access()
@require_POST
def show(request):
    """Show this programme from now on, as long as the person is signed in."""
    asked = request.POST.get("programme", "")
    chosen = PilotProgramme.objects.filter(
        pk=asked if asked.isdecimal() and len(asked) < 10 else 0
    ).first()
    if chosen is not None:
        request.session[SESSION_KEY] = chosen.pk
        messages.success(request, f"现在查看的是“{chosen}”。")
    return HttpResponseRedirect(way_back(request))


@access(is_administrator, reason="只有系统管理员可以新开试点。")
@require_http_methods(["GET", "HEAD", "POST"])
def new_programme(request):
    """新开试点: a programme beside the present one, which lends it settings, units and people."""
    form = OpenProgrammeForm(request.POST or None, like=frame_of(request).programme)
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_programme(by=request.user, **form.arguments())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已新开“{opened}”，基金账户同时开立。")
            return redirect("reports:programme", pk=opened.pk)
    context = {"form": form, "crumbs": crumbs(), "back_url": reverse("reports:archives")}
    return render(request, "reports/programme_new.html", context)
