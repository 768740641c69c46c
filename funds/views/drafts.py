"""Writing an application: new, edited, handed in, discarded."""

import dataclasses

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.verbs import said_of
from funds.actions import applications
from funds.actions.drafts import PAYEE_FIELDS, discard_draft, save_draft
from funds.cautions import cautions_of
from funds.forms.draft import DraftForm
from funds.models import Application, State
from funds.models.states import EDITABLE
from funds.page import with_facts
from funds.presenters import last_return, state_words
from funds.verbs import APPLICATION_VERBS
from funds.views.context import crumbs
from mentors.rules import may_act_for_unit
from pilotwork.refusals import Refused
from units.models import PilotUnit

NO_UNIT = "只有试点单位的成员可以提出立项申请；试点已经结束或单位已经退出的，不再受理。"


@access()
@require_http_methods(["GET", "POST"])
def new_application(request):
    """Start an application of the person's unit; who acts for several units chooses first."""
    rows = PilotUnit.objects.may_apply(request.user)
    units = list(rows.select_related("organisation__parent", "programme"))
    if not units:
        raise PermissionDenied(NO_UNIT)
    wanted = request.GET.get("unit", "")
    chosen = [unit for unit in units if str(unit.pk) == wanted] or units
    if len(chosen) > 1:
        context = {"units": units, "crumbs": crumbs()}
        return render(request, "funds/draft_unit.html", context)
    application = Application(pilot_unit=chosen[0])
    if request.method == "POST":
        return save(request, application)
    offers = payee_offers(application)
    form = DraftForm(instance=application, initial=offers[0].fields if offers else None)
    return show(request, application, form)


@access(of=Application, enrich=with_facts)
@require_http_methods(["GET", "POST"])
def edit_application(request, application):
    """Go on with a draft, or correct what was returned."""
    reason = may_act_for_unit.why_not(application, request.user)
    if reason:
        raise NotPermitted(reason)
    if application.state not in EDITABLE:
        words = state_words(application, request.user)
        messages.error(request, f"申请现为“{words}”，不能再修改。")
        return redirect("funds:application", application.pk)
    if request.method == "POST":
        return save(request, application)
    form = with_gaps(application) if "asks" in request.GET else DraftForm(instance=application)
    return show(request, application, form)


@access(of=Application)
@require_POST
def discard_application(request, application):
    """Delete a draft that was never handed in."""
    try:
        discard_draft(application, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("funds:application", application.pk)
    messages.success(request, "草稿已删除。")
    return redirect("funds:applications")


def save(request, application):
    """Keep what was typed and, if asked, hand it in; what is refused comes back with everything."""
    form = DraftForm(request.POST, request.FILES, instance=application)
    if not form.is_valid():
        return show_refused(request, application, form)
    try:
        saved = save_draft(application, by=request.user, **form.arguments())
    except Refused as refusal:
        if refusal.stale:
            messages.error(request, refusal.message)
            return redirect("funds:application", application.pk)
        form.refuse(refusal)
        return show_refused(request, application, form)
    if "submit" not in request.POST:
        messages.success(request, "草稿已保存，提交前团县委看不到。")
        return redirect("funds:edit_application", saved.pk)
    return hand_in(request, saved)


def show_refused(request, application, form):
    """The editor with what is wrong; a browser does not send chosen files a second time."""
    if "submit" in request.POST:
        form.ask_for_gaps()
    if request.FILES and "uploads" not in form.errors:
        form.add_error("uploads", "附件还没有保存，请在改正后重新选择。")
    return show(request, application, form)


def hand_in(request, application):
    """Submit what has just been saved; else its page shows all that is missing at its fields."""
    resubmits = application.state == State.RETURNED
    action = applications.resubmit if resubmits else applications.submit
    try:
        with transaction.atomic():
            action(application, by=request.user)
    except Refused as refusal:
        if refusal.stale:
            messages.error(request, refusal.message)
            return redirect("funds:application", application.pk)
        why = "" if applications.gaps_of(application) else refusal.message
        messages.warning(request, f"内容已保存，但还没有提交。{why}")
        # A new draft has an address of its own by now: sending the page again makes no second one.
        return redirect(f"{edit_url(application)}?asks=submit")
    verb = APPLICATION_VERBS["resubmit" if resubmits else "submit"]
    messages.success(request, said_of(application, verb, request.user, "funds:act"))
    return redirect("funds:application", application.pk)


def with_gaps(application):
    """The form of a stored application with all that keeps it from being handed in."""
    form = DraftForm.as_stored(application)
    form.is_valid()
    for gap in applications.gaps_of(application):
        form.refuse(gap)
    return form


@dataclasses.dataclass
class PayeeOffer:
    """An account the unit may take over with one click: where it is from, and its fields."""

    label: str
    fields: dict


def payee_offers(application):
    """Complete accounts of the unit, its parent and its last application, without repetitions."""
    organisation = application.pilot_unit.organisation
    last = (
        Application.objects.filter(pilot_unit__organisation=organisation)
        .exclude(pk=application.pk)
        .exclude(payee_account="")
        .order_by("-id")
        .first()
    )
    sources = [("本单位", organisation), ("上级团组织", organisation.parent), ("上次申请", last)]
    offers = []
    for label, source in sources:
        fields = {name: getattr(source, name, "") for name in PAYEE_FIELDS}
        if all(fields.values()) and fields not in [offer.fields for offer in offers]:
            offers.append(PayeeOffer(f"{label}：{fields['payee_name']}", fields))
    return offers


def show(request, application, form):
    """The editor with a form, bound or not."""
    is_new = application.pk is None
    url = (
        f"{reverse('funds:new_application')}?unit={application.pilot_unit_id}"
        if is_new
        else edit_url(application)
    )
    here = [] if is_new else [{"label": application.number or "草稿", "url": page_url(application)}]
    available = application.programme.fund_account.balances.available
    context = {
        "application": application,
        "form": form,
        "cautions": cautions_of(application, available),
        "form_url": url,
        "title": "新建立项申请" if is_new else "修改立项申请",
        "crumbs": crumbs(*here),
        "files": [] if is_new else kept_files(form),
        "offers": payee_offers(application),
        "available": available,
        "returned": None if is_new else last_return(application),
        "may_discard": not is_new and application.state == State.DRAFT,
        "submit_label": "保存并重新提交" if application.state == State.RETURNED else "保存并提交",
    }
    return render(request, "funds/draft_edit.html", context)


def page_url(application):
    """The address of the application's own page."""
    return reverse("funds:application", args=[application.pk])


def edit_url(application):
    """The address at which it is written."""
    return reverse("funds:edit_application", args=[application.pk])


def kept_files(form):
    """The files already there, for components/file_field.html."""
    return [
        {
            "pk": file.pk,
            "name": file.name,
            "size": file.size,
            "url": reverse("funds:attachment", args=[file.pk]),
            "delete_name": "removed",
        }
        for file in form.fields["removed"].queryset
    ]
