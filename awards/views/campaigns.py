"""Pages of 希望工程资助 and 支教: the list, one campaign, its editable table."""

from django.contrib import messages
from django.db.models import Count, Sum
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.models import Duty
from awards import cycle_pages as pages
from awards.actions.campaigns import FIGURES, save_campaign
from awards.cycle_filters import CampaignFilter, narrowed_to
from awards.cycle_rules import may_record_campaigns
from awards.exports import CAMPAIGNS, CAMPAIGNS_WITH_SUMS, allocations_of
from awards.forms.campaigns import AllocationFormSet, CampaignForm
from awards.forms.cycles import OrganisationChoices
from awards.models import NO_MINORS, Allocation, Campaign
from pilotwork.exports import list_page
from pilotwork.lists import page_of
from pilotwork.money import total
from pilotwork.refusals import Refused
from units.chosen import chosen_first, of_the_programme

HEAD = ("programme", "kind", "year", "name", "note")
LIST = {"label": "希望工程和支教"}


def crumbs():
    """The way to a page below the campaigns."""
    return pages.crumbs(LIST | {"url": reverse("awards:campaigns")})


@access()
@require_safe
def campaign_list(request):
    """The campaigns the person may see, with their sums for the county."""
    user = request.user
    rows = Campaign.objects.visible_to(user).order_by("-year", "-id")
    rows = of_the_programme(request, rows, "programme")
    narrowed = CampaignFilter(request.GET, rows, user=user)
    found = narrowed.qs
    context = {
        "page": page_of(request, found.with_sums() if user.is_county else found),
        "filter": narrowed,
        "unit": narrowed_to(request),
        "shows_sums": user.is_county,
        "actions": pages.lists_of(user, "awards:campaigns"),
        "crumbs": pages.crumbs(),
        "no_minors": NO_MINORS,
    }
    export = CAMPAIGNS_WITH_SUMS if user.is_county else CAMPAIGNS
    return list_page(request, "awards/campaign_list.html", context, export)


@access(of=Campaign, enrich=lambda rows: rows.select_related("programme"))
@require_safe
def campaign(request, campaign):
    """One campaign: what each unit got, the pilot's first, and the sums."""
    rows = Allocation.objects.visible_to(request.user).filter(campaign=campaign)
    context = {
        "campaign": campaign,
        "sub": f"{campaign.programme} · {campaign.year}年度{campaign.get_kind_display()}",
        "page": page_of(request, rows.pilot_first(campaign.programme_id)),
        "sums": sums_of(rows),
        "crumbs": crumbs(),
        "no_minors": NO_MINORS,
    }
    if Duty.REVIEWER in request.user.duties:
        url = reverse("awards:edit_campaign", args=[campaign.pk])
        context["actions"] = [{"label": "修改", "url": url, "icon": "pencil", "kind": "primary"}]
    return list_page(request, "awards/campaign.html", context, allocations_of(campaign))


def sums_of(rows):
    """The sums of allocations: places, amounts in yuan, and how many organisations."""
    return rows.aggregate(
        units=Count("pk"),
        base_places=Sum("base_places", default=0),
        extra_places=Sum("extra_places", default=0),
        base_amount=total("base_amount"),
        extra_amount=total("extra_amount"),
    )


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def new_campaign(request):
    """Record a campaign with its table."""
    return edit(request, Campaign())


@access(of=Campaign)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_campaign(request, campaign):
    """Change a campaign or its table; the history keeps what it said."""
    return edit(request, campaign)


def edit(request, campaign):
    """Show the form with its rows, or keep what was typed."""
    reason = may_record_campaigns.why_not(campaign, request.user)
    if reason:
        raise NotPermitted(reason)
    form, rows = forms_of(request, campaign)
    if request.method == "POST" and form.is_valid() & rows.is_valid():
        try:
            saved = save_campaign(campaign, by=request.user, rows=rows.rows(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, "已保存，以前的内容保留在修改历史里。")
            return redirect("awards:campaign", saved.pk)
    context = {
        "form": form,
        "formset": rows,
        "title": "修改" if campaign.pk else "新建希望工程资助或支教",
        "crumbs": crumbs(),
        "no_minors": NO_MINORS,
        "back_url": reverse("awards:campaign", args=[campaign.pk])
        if campaign.pk
        else reverse("awards:campaigns"),
    }
    return render(request, "awards/campaign_edit.html", context)


def forms_of(request, campaign):
    """The campaign's form and the rows of its table, as posted or as stored."""
    stored, allocations = chosen_first(request), []
    if campaign.pk and request.method != "POST":
        stored = {name: getattr(campaign, name) for name in HEAD}
        allocations = list(
            campaign.allocations.pilot_first(campaign.programme_id).values("organisation", *FIGURES)
        )
    rows = AllocationFormSet(
        request.POST or None,
        prefix="allocations",
        initial=allocations,
        form_kwargs={"organisations": OrganisationChoices()},
    )
    return CampaignForm(request.POST or None, initial=stored), rows
