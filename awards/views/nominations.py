"""Pages of nominations: writing one, its page, its printed form."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.pages import do
from accounts.verbs import said_of
from awards import cycle_pages as pages
from awards import papers
from awards.actions import nominations as verbs
from awards.cycle_rules import may_nominate
from awards.cycle_table import place_words
from awards.cycle_verbs import NOMINATION_VERBS
from awards.forms.nominations import NominationForm
from awards.models import EDITABLE, AwardCycle, CycleState, Nomination, NominationState
from awards.nominators import for_whom, organisations_for, words_for
from pilotwork.refusals import Refused

TOO_LATE = (
    "本次评优的公示已经张贴，这项推荐不能再提交。确需补报的，请与初审人员联系，"
    "撤下公示以后再提交；不需要的，可以删除草稿或留作下次参考。"
)


def with_cycle(rows):
    """Nominations with all their page names."""
    return rows.select_related(
        "cycle__programme",
        "organisation__parent",
        "pilot_unit",
        "contribution__pilot_unit__organisation",
        "entered_by",
    )


def page_url(nomination):
    """The address of a nomination's page."""
    return reverse("awards:nomination", args=[nomination.pk])


def facts_of(nomination):
    """What is known of a nomination: [{label, value}]."""
    contribution = nomination.contribution
    facts = [
        ("评优", nomination.cycle, reverse("awards:cycle", args=[nomination.cycle_id])),
        ("推荐单位", nomination.organisation, ""),
        ("奖项", nomination.get_award_type_display(), ""),
        ("被推荐人", nomination.nominee, ""),
        ("名额", place_words(nomination), ""),
        ("主要事迹", nomination.deeds, ""),
        ("党组织意见", nomination.party_opinion, ""),
    ]
    if contribution:
        url = reverse("awards:contribution", args=[contribution.pk])
        facts.append(("突出贡献", contribution, url))
    if nomination.is_on_behalf:
        facts.append(("代录", nomination.entered_by, ""))
    if nomination.passed_over_reason:
        facts.append(("越过试点人选的理由", nomination.passed_over_reason, ""))
    if nomination.result:
        facts.append(("评选结果", nomination.get_result_display(), ""))
        facts.append(("结果说明", nomination.result_note, ""))
    return [{"label": label, "value": value, "url": url} for label, value, url in facts]


def return_of(nomination):
    """The log row by which a nomination was returned, while it is; else None."""
    return nomination.log[-1] if nomination.state == NominationState.RETURNED else None


def nomination_page(request, nomination, **panel):
    """The page of one nomination."""
    form_url = reverse("awards:nomination_form", args=[nomination.pk])
    is_signed = nomination.state != NominationState.WITHDRAWN
    may_edit = may_nominate(nomination, request.user) and nomination.state in EDITABLE
    return pages.matter_page(
        request,
        nomination,
        NOMINATION_VERBS,
        "awards/nomination.html",
        noun="nomination",
        title=str(nomination),
        crumbs=pages.crumbs(pages.cycle_crumb(nomination.cycle)),
        facts=facts_of(nomination),
        returned=return_of(nomination),
        print_links=[{"label": "推荐审批表", "url": form_url}] if is_signed else [],
        may_edit=may_edit and nomination.is_before_notice(),
        may_discard=may_edit and nomination.state == NominationState.DRAFT,
        too_late=TOO_LATE if may_edit and not nomination.is_before_notice() else "",
        **panel,
    )


@access(of=Nomination, enrich=with_cycle)
@require_safe
def nomination(request, nomination):
    """The page of one nomination."""
    return nomination_page(request, nomination)


@access(of=Nomination, enrich=with_cycle)
@require_http_methods(["GET", "POST"])
def act(request, nomination, verb):
    """A verb of one nomination."""
    return pages.act_on(
        request, nomination, NOMINATION_VERBS, verb, noun="nomination", page=nomination_page
    )


@access(of=AwardCycle)
@require_http_methods(["GET", "HEAD", "POST"])
def nominate(request, cycle):
    """Write a nomination of the own unit, or enter one for an organisation without an account."""
    organisations = organisations_for(cycle, request.user)
    if not organisations:
        raise NotPermitted("由试点单位成员推荐；没有账户的单位由有初审职责的人员代录。")
    if cycle.state != CycleState.OPEN:
        messages.error(request, Nomination.is_before_notice.refusal)
        return redirect("awards:cycle", cycle.pk)
    form = NominationForm(request.POST or None, cycle=cycle, organisations=organisations)
    words = for_whom(cycle, request.user, organisations)
    return edit(request, form, cycle, None, words)


@access(of=Nomination, enrich=with_cycle)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_nomination(request, nomination):
    """Go on with a draft, or correct what was returned."""
    reason = may_nominate.why_not(nomination, request.user)
    if reason:
        raise NotPermitted(reason)
    if nomination.state not in EDITABLE or not nomination.is_before_notice():
        messages.error(request, f"推荐现为“{nomination.get_state_display()}”，不能再修改。")
        return redirect(page_url(nomination))
    form = NominationForm(
        request.POST or None,
        cycle=nomination.cycle,
        organisations=[nomination.organisation],
        initial={name: getattr(nomination, name) for name in verbs.CONTENT},
    )
    words = words_for(nomination.organisation, is_on_behalf=nomination.is_on_behalf)
    return edit(request, form, nomination.cycle, nomination, words)


def edit(request, form, cycle, nomination, words):
    """Show the form, or keep what was typed and, if asked, hand it in; `words` say for whom."""
    if request.method == "POST" and form.is_valid():
        try:
            started = nomination or verbs.start_nomination(
                cycle, form.cleaned_data["organisation"], by=request.user
            )
            saved = verbs.save_nomination(started, by=request.user, **form.content())
            return hand_in(request, saved)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    returned = return_of(nomination) if nomination else None
    context = {
        "form": form,
        "title": "修改推荐" if nomination else "推荐",
        "sub": f"{cycle} · {words}" if words else str(cycle),
        "warning": f"退回理由：{returned.opinion}" if returned else "",
        "crumbs": pages.crumbs(pages.cycle_crumb(cycle)),
        "back_url": page_url(nomination) if nomination else pages.cycle_crumb(cycle)["url"],
        "buttons": [
            {"label": "保存并提交", "kind": "primary", "name": "submit"},
            {"label": "只保存", "name": "save"},
        ],
    }
    return render(request, "accounts/form_page.html", context)


def hand_in(request, nomination):
    """Hand in what was just saved, if asked; a refusal leaves it where it was, and says why."""
    if "submit" not in request.POST:
        messages.success(request, "已保存，尚未提交。")
        return redirect(page_url(nomination))
    try:
        verbs.submit(nomination, by=request.user)
        verb = NOMINATION_VERBS["submit"]
        messages.success(
            request, said_of(nomination, verb, request.user, "awards:act_on_nomination")
        )
    except Refused as refusal:
        messages.warning(request, f"内容已保存，但还没有提交：{refusal.message}")
    return redirect(page_url(nomination))


@access(of=Nomination)
@require_POST
def discard_nomination(request, nomination):
    """Delete a draft that was never handed in."""
    back = reverse("awards:cycle", args=[nomination.cycle_id])
    return do(
        request,
        lambda: verbs.discard_nomination(nomination, by=request.user),
        "草稿已删除。",
        back,
    )


@access(of=Nomination, enrich=with_cycle)
@require_safe
def nomination_form(request, nomination):
    """推荐审批表 with every opinion in its cell and room to sign, seal and date."""
    paper = papers.nomination_form(nomination)
    if paper is None:
        raise Http404("A nomination that was taken back is not signed.")
    return paper.page(request)
