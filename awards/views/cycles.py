"""Pages of award cycles: the list, one cycle, its quotas, notice and objections."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.models import Duty
from accounts.pages import form_page
from awards import cycle_pages as pages
from awards import papers
from awards.actions import cycles as verbs
from awards.cycle_filters import CycleFilter, narrowed_to
from awards.cycle_rules import may_open_cycle
from awards.cycle_table import extra_words, quota_rows
from awards.cycle_verbs import CYCLE_VERBS
from awards.exports import CYCLES, nominations_of
from awards.forms.cycles import (
    AnswerObjectionForm,
    ObjectionForm,
    OpenCycleForm,
    OrganisationChoices,
    QuotaFormSet,
)
from awards.models import AwardCycle, CycleState, Nomination, Objection
from pilotwork import clock
from pilotwork.exports import list_page
from pilotwork.lists import page_of
from pilotwork.refusals import Refused
from units.chosen import chosen_first, of_the_programme
from units.models import PilotUnit, UnitState, members_of


@access()
@require_safe
def cycle_list(request):
    """The award cycles the person may see, the newest first."""
    rows = AwardCycle.objects.visible_to(request.user).select_related("programme")
    rows = of_the_programme(request, rows, "programme")
    narrowed = CycleFilter(request.GET, rows, user=request.user)
    context = {
        "page": page_of(request, narrowed.qs),
        "filter": narrowed,
        "unit": narrowed_to(request),
        "actions": pages.lists_of(request.user, "awards:cycles"),
    }
    return list_page(request, "awards/cycle_list.html", context, CYCLES)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def open_cycle(request):
    """Open a cycle."""
    _require_reviewer(request.user)

    def act(**typed):
        cycle = verbs.open_cycle(typed.pop("programme"), by=request.user, **typed)
        # Who opens a cycle fills in the quotas next: the button is on its page.
        return f"{cycle}已开始，请先填写基本名额。", reverse("awards:cycle", args=[cycle.pk])

    return form_page(
        request,
        OpenCycleForm(request.POST or None, initial=chosen_first(request)),
        act,
        back="awards:cycles",
        title="开始评优",
        button="开始",
        sub="试点加配名额和公示期按试点工作的设置带入，以后改设置不影响本次。",
        crumbs=pages.crumbs(),
    )


# Quotas of more organisations than a form holds are written in a file and imported.
MOST_TYPED = 200
# Of so many organisations the page of a cycle shows the quotas, of the others when asked.
MOST_QUOTAS = 50


def _require_reviewer(user):
    reason = may_open_cycle.why_not(None, user)
    if reason:
        raise NotPermitted(reason)


def cycle_page(request, cycle, **panel):
    """The page of one cycle: quotas, nominations, notice and objections."""
    user = request.user
    visible = Nomination.objects.visible_to(user).listed_for(cycle).select_related("organisation")
    return pages.matter_page(
        request,
        cycle,
        CYCLE_VERBS,
        "awards/cycle.html",
        noun="cycle",
        own_page="conclude",
        crumbs=pages.crumbs(),
        sub=str(cycle.programme),
        actions=actions_on(cycle, user),
        **quotas_shown(cycle, user, whole=request.GET.get("quotas") == "all"),
        extra_words=extra_words(cycle) if cycle.state == CycleState.OPEN else "",
        nominations=page_of(request, visible),
        nothing=pages.nothing_nominated(cycle, user),
        export=nominations_of(cycle),
        rows=visible,
        **desk_of(cycle, user),
        **panel,
    )


def quotas_shown(cycle, user, *, whole):
    """The quotas of the first organisations, or of all of them when the address asks for it."""
    rows = quota_rows(cycle, user, None if whole else MOST_QUOTAS + 1)
    has_more = not whole and len(rows) > MOST_QUOTAS
    return {"quotas": rows[:MOST_QUOTAS] if has_more else rows, "has_more_quotas": has_more}


def desk_of(cycle, user):
    """What the page says to the county's staff alone, and to its reviewers."""
    is_reviewer = Duty.REVIEWER in user.duties
    return {
        "objections": objections_for(cycle, user),
        "is_reviewer": is_reviewer,
        "next_step": cycle.next_step if user.is_county else "",
        "may_object": is_reviewer and takes_objections(cycle),
    }


def takes_objections(cycle):
    """Whether the notice hangs: it is posted, and its day has come."""
    return cycle.state == CycleState.NOTICE and cycle.posted_on <= clock.today()


def objections_for(cycle, user):
    """The objections to a posted cycle, for the county's staff alone."""
    return cycle.objection_list if user.is_county and cycle.posted_on else []


def actions_on(cycle, user):
    """The buttons at the head of a cycle's page."""
    if cycle.state != CycleState.OPEN:
        return []
    buttons = []
    is_reviewer = Duty.REVIEWER in user.duties
    if is_reviewer:
        buttons.append({"label": "基本名额", "url": reverse("awards:set_quotas", args=[cycle.pk])})
    if is_reviewer or cycle.has_own_unit:
        url = reverse("awards:nominate", args=[cycle.pk])
        label = "推荐" if cycle.has_own_unit else "代录推荐"
        buttons.append({"label": label, "url": url, "icon": "plus-lg", "kind": "primary"})
    return buttons


def conclude_page(request, cycle, *, chosen, form):
    """The results of everybody who was recommended, on a page of their own."""
    context = {
        "cycle": cycle,
        "verb": chosen,
        "form": form or chosen.form(matter=cycle, user=request.user),
        "crumbs": pages.crumbs(pages.cycle_crumb(cycle)),
    }
    return render(request, "awards/cycle_conclude.html", context)


def cycles_for(user):
    """The cycles `user` may see, each with its programme and whether he may nominate there."""
    units = PilotUnit.objects.exclude(state=UnitState.LEFT)
    own = units.filter(
        Exists(members_of(OuterRef("organisation"), user)), programme=OuterRef("programme")
    )
    rows = AwardCycle.objects.visible_to(user).select_related("programme")
    return rows.annotate(has_own_unit=Exists(own))


@access(of=AwardCycle, among=cycles_for)
@require_safe
def cycle(request, cycle):
    """The page of one cycle."""
    return cycle_page(request, cycle)


@access(of=AwardCycle, among=cycles_for)
@require_http_methods(["GET", "POST"])
def act(request, cycle, verb):
    """A verb of one cycle."""
    page = conclude_page if verb == "conclude" else cycle_page
    return pages.act_on(request, cycle, CYCLE_VERBS, verb, noun="cycle", page=page)


@access(of=AwardCycle)
@require_http_methods(["GET", "HEAD", "POST"])
def set_quotas(request, cycle):
    """The table of base quotas, all organisations at once."""
    _require_reviewer(request.user)
    crumbs = {"crumbs": pages.crumbs(pages.cycle_crumb(cycle))}
    stored = stored_quotas(cycle)
    if len(stored) > MOST_TYPED:
        context = {"cycle": cycle, "too_many": len(stored)} | crumbs
        return render(request, "awards/cycle_quotas_many.html", context)
    rows = QuotaFormSet(
        request.POST or None,
        prefix="quotas",
        initial=None if request.method == "POST" else stored,
        form_kwargs={"types": cycle.type_labels, "organisations": OrganisationChoices()},
    )
    refusal = ""
    if request.method == "POST" and rows.is_valid():
        try:
            verbs.set_quotas(cycle, by=request.user, rows=typed_quotas(rows))
            messages.success(request, "基本名额已保存。")
            return redirect("awards:cycle", cycle.pk)
        except Refused as refused:
            refusal = refused.message
    context = {"cycle": cycle, "formset": rows, "refusal": refusal} | crumbs
    return render(request, "awards/cycle_quotas.html", context)


def stored_quotas(cycle):
    """The rows of the table as they are now."""
    rows = {}
    for quota in cycle.quotas.all():
        row = rows.setdefault(quota.organisation_id, {"organisation": quota.organisation_id})
        row[quota.award_type] = quota.places or None
    return list(rows.values())


def typed_quotas(formset):
    """{organisation: {type: places}} as typed; Refused where an organisation has two rows."""
    typed = {}
    for row in formset.rows():
        organisation = row.pop("organisation")
        if organisation in typed:
            raise Refused(f"{organisation.label}填了两行，请合并为一行。")
        typed[organisation] = {award_type: places or 0 for award_type, places in row.items()}
    return typed


@access(of=AwardCycle)
@require_safe
def print_notice(request, cycle):
    """公示: who is recommended for what, how long, where to object; from its posting on."""
    paper = papers.notice(cycle)
    if paper is None:
        raise Http404("The notice is not posted.")
    return paper.page(request)


@access(of=AwardCycle)
@require_http_methods(["GET", "HEAD", "POST"])
def log_objection(request, cycle):
    """Record an objection while the notice runs."""
    _require_reviewer(request.user)
    if not takes_objections(cycle):
        messages.error(request, verbs.NO_NOTICE)
        return redirect("awards:cycle", cycle.pk)

    def act(**typed):
        verbs.log_objection(cycle, by=request.user, **typed)
        return "异议已登记，核查答复后才能公布结果。"

    return form_page(
        request,
        ObjectionForm(request.POST or None, cycle=cycle),
        act,
        back=reverse("awards:cycle", args=[cycle.pk]),
        title="登记异议",
        button="登记",
        sub=str(cycle),
        crumbs=pages.crumbs(pages.cycle_crumb(cycle)),
    )


@access(of=Objection, enrich=lambda rows: rows.select_related("cycle", "nomination__organisation"))
@require_http_methods(["GET", "HEAD", "POST"])
def answer_objection(request, objection):
    """Say what was found out about an objection."""
    reason = verbs.why_not_answer(objection, request.user)
    if reason:
        raise NotPermitted(reason)

    def act(handling):
        verbs.answer_objection(objection, by=request.user, handling=handling)
        return "异议已答复。"

    about = objection.nomination or "不针对某一项推荐"
    return form_page(
        request,
        AnswerObjectionForm(request.POST or None),
        act,
        back=reverse("awards:cycle", args=[objection.cycle_id]),
        title="答复异议",
        button="保存答复",
        sub=f"{about}：{objection.text}",
        crumbs=pages.crumbs(pages.cycle_crumb(objection.cycle)),
    )
