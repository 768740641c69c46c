"""意见建议 and the verbs of pilot units."""

import django_tables2
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.rules import is_administrator
from accounts.verbs import panel_for, run_verb
from pilotwork.exports import list_page
from pilotwork.templatetags.pilotwork import PAGE_SIZES
from units import actions
from units.exports import SUGGESTIONS
from units.forms import SuggestForm, SuggestionFilter
from units.models import PilotUnit, Suggestion
from units.tables import SuggestionTable, tone_of
from units.verbs import SUGGESTION_VERBS, UNIT_VERBS

SUGGEST = {
    "label": "提意见建议",
    "url": reverse_lazy("units:suggest"),
    "icon": "plus-lg",
    "kind": "primary",
}
CRUMBS = [{"label": "意见建议", "url": reverse_lazy("units:suggestions")}]


@access()
@require_safe
def suggestion_list(request):
    """意见建议: the person's own, or all of them for the county."""
    chosen = SuggestionFilter(request.GET)
    rows = chosen.apply(Suggestion.objects.visible_to(request.user).with_sender())
    table = SuggestionTable(rows, reader=request.user)
    table.empty_title = "没有符合条件的意见建议" if request.GET else "还没有意见建议"
    table.empty_text = "对试点工作或本系统有想法，都可以写在这里。"
    table.empty_action_label, table.empty_action_url = "提意见建议", reverse("units:suggest")
    size = request.GET.get("per_page", "")
    per_page = int(size) if size in map(str, PAGE_SIZES) else PAGE_SIZES[0]
    django_tables2.RequestConfig(request, paginate={"per_page": per_page}).configure(table)
    context = {"table": table, "filter": chosen, "actions": [SUGGEST]}
    return list_page(request, "units/suggestions.html", context, SUGGESTIONS)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request):
    """Write a suggestion."""
    form = SuggestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        suggestion = actions.suggest(by=request.user, **form.cleaned_data)
        messages.success(request, "已提交，团县委答复后您可以在这里看到。")
        return redirect("units:suggestion", pk=suggestion.pk)
    context = {
        "title": "提意见建议",
        "sub": "对试点工作或本系统的意见、建议和投诉，团县委都会看到并答复。",
        "crumbs": CRUMBS,
        "form": form,
        "buttons": [{"label": "提交", "kind": "primary"}],
        "back_url": reverse("units:suggestions"),
    }
    return render(request, "accounts/form_page.html", context)


def timeline_of(suggestion):
    """What happened, newest first; a visitor's own act is in no log, for nobody knows him."""
    told = [
        {"title": row.label, "text": row.opinion, "who": row.by_name, "when": row.at}
        for row in reversed(suggestion.log)
    ]
    if suggestion.is_from_visitor:
        told.append({"title": "提出", "who": suggestion.sender, "when": suggestion.created_at})
    return told


def suggestion_page(request, suggestion, chosen=None, form=None):
    """The page of one suggestion, with what this person may do on it."""
    panel = panel_for(suggestion, request.user, SUGGESTION_VERBS, chosen=chosen, form=form)
    context = {
        "suggestion": suggestion,
        "tone": tone_of(suggestion, request.user),
        "panel": panel,
        "crumbs": CRUMBS,
        "timeline": timeline_of(suggestion),
    }
    return render(request, "units/suggestion.html", context)


def with_sender(suggestions):
    """Suggestions with who said them."""
    return suggestions.with_sender()


@access(of=Suggestion, enrich=with_sender)
@require_safe
def suggestion(request, suggestion):
    """One suggestion and its answer."""
    return suggestion_page(request, suggestion)


@access(of=Suggestion, enrich=with_sender)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, suggestion, verb):
    """A verb on a suggestion: GET shows its form, POST performs it."""
    return run_verb(
        request,
        suggestion,
        verb_of(SUGGESTION_VERBS, verb),
        render=lambda chosen, form: suggestion_page(request, suggestion, chosen, form),
        done=lambda result: reverse("units:suggestion", args=[suggestion.pk]),
    )


def verb_of(verbs, name):
    """The verb of the address; 404 when there is none of this name."""
    if name not in verbs:
        raise Http404("这里没有这项操作。")
    return verbs[name]


@access(is_administrator, of=PilotUnit, reason="只有系统管理员可以变更试点单位的状态。")
@require_http_methods(["GET", "HEAD", "POST"])
def act_on_unit(request, unit, verb):
    """A verb on a pilot unit: GET shows its form, POST performs it."""
    back = reverse("reports:unit", args=[unit.pk])
    return run_on_a_page_of_its_own(request, unit, UNIT_VERBS, verb, back)


def run_on_a_page_of_its_own(request, matter, verbs, name, back):
    """Run a verb whose form is a page by itself, and go `back` after it."""

    def page(chosen, form):
        form = form or chosen.form(matter=matter, user=request.user)
        context = {
            "title": f"{chosen.label}：{matter}",
            "sub": chosen.way_back,
            "warning": chosen.help,
            "form": form,
            "buttons": [{"label": chosen.label, "kind": chosen.tone}],
            "back_url": back,
        }
        return render(request, "accounts/form_page.html", context)

    verb = verb_of(verbs, name)
    return run_verb(request, matter, verb, render=page, done=lambda result: back)
