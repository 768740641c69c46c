"""Pages of 突出贡献: the list, one contribution, proposing one."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.models import Duty
from accounts.pages import form_page
from awards import cycle_pages as pages
from awards.actions import contributions as verbs
from awards.cycle_filters import ContributionFilter, narrowed_to
from awards.cycle_verbs import CONTRIBUTION_VERBS
from awards.exports import CONTRIBUTIONS
from awards.forms.contributions import ContributionForm
from awards.models import Contribution, ContributionFile
from mentors.models import guides
from mentors.pages import of_unit, unit_url
from pilotwork import files
from pilotwork.exports import list_page
from pilotwork.lists import page_of
from units.chosen import of_the_programme
from units.models import PilotUnit, UnitState


def units_to_propose_for(user):
    """The pilot units for which `user` may propose: all for a reviewer, else those he guides."""
    units = PilotUnit.objects.not_archived().filter(state=UnitState.ACTIVE)
    units = units.select_related("organisation", "programme")
    if Duty.REVIEWER in user.duties:
        return units
    return units.filter(Exists(guides(OuterRef("pk"), user)))


@access()
@require_safe
def contribution_list(request):
    """The contributions the person may see, the newest first."""
    user = request.user
    rows = Contribution.objects.visible_to(user).select_related("pilot_unit__organisation")
    rows = of_the_programme(request, rows)
    narrowed = ContributionFilter(request.GET, rows)
    actions = pages.lists_of(user, "awards:contributions")
    if units_to_propose_for(user).exists():
        url = reverse("awards:propose")
        actions.append({"label": "提出", "url": url, "icon": "plus-lg", "kind": "primary"})
    context = {
        "page": page_of(request, narrowed.qs),
        "filter": narrowed,
        "unit": narrowed_to(request),
        "actions": actions,
        "crumbs": pages.crumbs(),
    }
    return list_page(request, "awards/contribution_list.html", context, CONTRIBUTIONS)


def contribution_page(request, contribution, **panel):
    """The page of one contribution with its evidence."""
    unit = contribution.pilot_unit
    return pages.matter_page(
        request,
        contribution,
        CONTRIBUTION_VERBS,
        "awards/contribution.html",
        noun="contribution",
        crumbs=pages.crumbs({"label": "突出贡献", "url": reverse("awards:contributions")}),
        facts=[
            {"label": "单位", "value": unit, "url": unit_url(unit)},
            {"label": "人员", "value": contribution.person or "单位的贡献"},
            {"label": "主要事迹", "value": contribution.deeds},
            {"label": "提出人", "value": contribution.proposed_by},
        ],
        files=list(contribution.files.select_related("uploaded_by")),
        nominations=list(contribution.nominations.visible_to(request.user).select_related("cycle")),
        **panel,
    )


def with_proposer(rows):
    """Contributions with all their page names."""
    return of_unit(rows).select_related("proposed_by")


@access(of=Contribution, enrich=with_proposer)
@require_safe
def contribution(request, contribution):
    """The page of one contribution."""
    return contribution_page(request, contribution)


@access(of=Contribution, enrich=with_proposer)
@require_http_methods(["GET", "POST"])
def act(request, contribution, verb):
    """A verb of one contribution."""
    return pages.act_on(
        request,
        contribution,
        CONTRIBUTION_VERBS,
        verb,
        noun="contribution",
        page=contribution_page,
    )


@access(of=ContributionFile)
@require_safe
def evidence(request, file):
    """One file of the evidence."""
    return files.serve(file)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request):
    """Propose a contribution of a unit or of one of its youth."""
    units = units_to_propose_for(request.user)
    if not units.exists():
        raise NotPermitted("突出贡献由该单位现任指导员或有初审职责的人员提出。")

    def act(**typed):
        verbs.propose(typed.pop("pilot_unit"), by=request.user, **typed)
        return "突出贡献已提出，等审批人认定。"

    return form_page(
        request,
        ContributionForm(request.POST or None, request.FILES or None, units=units),
        act,
        back="awards:contributions",
        title="提出突出贡献",
        button="提出",
        sub="经审批人认定后，该单位或其青年推荐评优时可以使用试点加配名额。",
        crumbs=pages.crumbs({"label": "突出贡献", "url": reverse("awards:contributions")}),
    )
