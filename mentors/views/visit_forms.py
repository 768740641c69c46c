"""Logging a visit on the phone, choosing its unit, correcting it."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.matters import NotPermitted
from mentors.actions import visits as actions
from mentors.actions.activities import same_activity
from mentors.forms.visits import CorrectForm, RecordForm
from mentors.models import Visit, guides
from mentors.visit_page import VISITS, list_of, unit_card, with_facts
from pilotwork import clock
from pilotwork.history import last_change_of
from pilotwork.lists import page_of
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_date
from units.models import Organisation, PilotUnit, ProgrammeState


def units_begun(state):
    """Pilot units of programmes in the state that have begun, by name."""
    units = PilotUnit.objects.filter(
        programme__state=state, programme__starts_on__lte=clock.today()
    )
    named = units.select_related("organisation", "programme")
    return named.order_by("organisation__name_key", "pk")


@access()
@require_safe
def new_visit(request):
    """Which unit was visited: the own ones first; who guides just one goes straight to its form.

    Who guides none any more may still enter what was visited before the pilot ended.
    """
    user, text = request.user, request.GET.get("q", "").strip()
    is_own = Exists(guides(OuterRef("pk"), user))
    running, ended = units_begun(ProgrammeState.ACTIVE), units_begun(ProgrammeState.ENDED)
    own = list(running.filter(is_own)[:50]) or list(ended.filter(is_own)[:50])
    if len(own) == 1 and "q" not in request.GET:
        return redirect("mentors:record_visit", pk=own[0].pk)
    if not actions.stand_ins().filter(pk=user.pk).exists():
        raise NotPermitted("走访由指导员记录；代访的同事须是团县委工作人员或其他指导员。")
    others = running.exclude(is_own)
    if text:
        others = others.filter(organisation__in=Organisation.objects.matching(text))
    context = {"own": own, "page": page_of(request, others), "text": text, "crumbs": [VISITS]}
    return render(request, "mentors/visit_units.html", context)


def with_programme(units):
    """The units with what their form says."""
    return units.select_related("organisation", "programme")


def say_once(request, words):
    """A message of success that is told once, also when an earlier answer with it was lost."""
    for message in list(messages.get_messages(request)):
        if message.message != words:
            messages.add_message(request, message.level, message.message, message.extra_tags)
    messages.success(request, words)


def saved_words(visit, activity):
    """What is said of a saved visit; an activity it names that was known already is linked."""
    known = same_activity(visit.pilot_unit, activity) if activity else None
    if known is None or known.visit_id == visit.pk:
        return "走访已保存。"
    words = '走访已保存。“{}”以前登记过，没有重复登记。<a class="undo" href="{}">看特色活动</a>'
    return format_html(words, known.name, list_of(visit, "activities"))


@access(of=PilotUnit, among=actions.units_to_record_for, enrich=with_programme)
@require_http_methods(["GET", "HEAD", "POST"])
def record_visit(request, unit):
    """The visit form of one unit; a script that sends it is answered 201 with the visit's address,
    so that the message waits for the page that the person sees."""
    is_mentor = guides(unit, request.user).exists()
    if not is_mentor and not actions.may_record_visit(unit, request.user):
        raise NotPermitted("走访由指导员记录；代访的同事须是团县委工作人员或其他指导员。")
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RecordForm(*posted, unit=unit, user=request.user, is_mentor=is_mentor)
    if posted and form.is_valid():
        try:
            visit = actions.record_visit(unit, by=request.user, **form.values())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say_once(request, saved_words(visit, form.values()["besides"].activity))
            address = reverse("mentors:visit", args=[visit.pk])
            if request.headers.get("X-Requested-With") == "fetch":
                return HttpResponse(status=201, headers={"Location": address})
            return redirect(address)
    context = {"form": form, "unit": unit, "card": unit_card(unit), "is_mentor": is_mentor}
    return render(request, "mentors/visit_record.html", context)


def corrected_words(visit, moved):
    """What is said of a corrected visit: which records followed it to its new day."""
    words = "已更正，原来的内容保留可查。"
    if moved:
        words += f"同时登记的{'、'.join(moved)}一并改到{cn_date(visit.visited_on)}。"
    return words


def with_last_change(visits):
    """The visits with what their correction shows and which change of theirs was the last."""
    return with_facts(visits).annotate(last_change_then=last_change_of(Visit, OuterRef("pk")))


@access(of=Visit, enrich=with_last_change)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_visit(request, visit):
    """Correct what was logged; the earlier words stay readable on the visit's page."""
    if not actions.may_correct_visit(visit, request.user):
        raise NotPermitted("只有该单位现任指导员，或代访的同事本人可以更正。")
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CorrectForm(*posted, visit=visit)
    address = reverse("mentors:visit", args=[visit.pk])
    if posted and form.is_valid():
        try:
            corrected, moved = actions.correct_visit(visit, by=request.user, **form.values())
        except Refused as refusal:
            if refusal.stale:
                messages.error(request, refusal.message)
                return redirect(address)
            form.refuse(refusal)
        else:
            messages.success(request, corrected_words(corrected, moved))
            return redirect(address)
    context = {"form": form, "visit": visit, "address": address, "crumbs": [VISITS]}
    return render(request, "mentors/visit_correct.html", context)
