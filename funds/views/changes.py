"""Pages of a change: asking for one, deciding it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from accounts.pages import undoable
from accounts.verbs import run_verb
from funds.actions.changes import file_change as ask_for_change
from funds.forms.draft import ChangeForm
from funds.models import Application, Change, State
from funds.verbs import CHANGE_VERBS
from funds.views.context import change_context, crumbs, keep_typed
from mentors.rules import may_act_for_unit
from pilotwork.refusals import Refused


@access(of=Application)
@require_http_methods(["GET", "POST"])
def file_change(request, application):
    """The unit asks, with a reason, for other dates, content or a shift in the budget."""
    reason = may_act_for_unit.why_not(application, request.user)
    if reason:
        raise NotPermitted(reason)
    if application.state != State.APPROVED or application.has_open_change:
        messages.error(request, "只有已立项、没有其他变更在办的项目可以申请变更。")
        return redirect("funds:application", application.pk)
    form = ChangeForm(request.POST or None, instance=application)
    if request.method == "POST" and form.is_valid():
        try:
            change = ask_for_change(application, by=request.user, **form.arguments())
        except Refused as refusal:
            if refusal.stale:
                messages.error(request, refusal.message)
                return redirect("funds:application", application.pk)
            form.refuse(refusal)
        else:
            messages.success(request, said_of_filing(change))
            return redirect("funds:change", change.pk)
    here = {"label": application.number, "url": reverse("funds:application", args=[application.pk])}
    context = {"application": application, "form": form, "crumbs": crumbs(here)}
    return render(request, "funds/change_edit.html", context)


def said_of_filing(change):
    """What is said of a change asked for, with the way to take it back."""
    address = reverse("funds:act_on_change", args=[change.pk, "withdraw"])
    return undoable("变更申请已提出，等团县委初审。", CHANGE_VERBS["withdraw"].label, address)


@access(of=Change)
@require_safe
def change(request, change):
    """What would be different, what happened, and what this person may do."""
    return render(request, "funds/change.html", change_context(change, request.user))


@access(of=Change)
@require_http_methods(["GET", "POST"])
def act(request, change, verb):
    """The change's page with the form of one verb; its POST runs the verb."""
    if verb not in CHANGE_VERBS:
        raise Http404("没有这个办理事项。")

    def shown(verb, form):
        verb, form = keep_typed(request, CHANGE_VERBS, verb, form)
        context = change_context(change, request.user, chosen=verb, form=form)
        return render(request, "funds/change.html", context)

    return run_verb(
        request,
        change,
        CHANGE_VERBS[verb],
        render=shown,
        done=lambda result: reverse("funds:change", args=[change.pk]),
    )
