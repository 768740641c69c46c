"""Pages of seminars: the list, one seminar, entering one, its photos, its minutes on paper."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from pairings.actions.seminars import enter_seminar
from pairings.forms.joint import SeminarForm
from pairings.lists import SeminarFilter, SeminarTable, listed
from pairings.models import Pairing, Seminar, SeminarPhoto
from pairings.pages import (
    PAIRINGS,
    act_on,
    enter_page,
    facts_of,
    joint_page,
    of_pair,
)
from pairings.papers import minutes
from pairings.verbs import SEMINAR_VERBS
from pilotwork.files import serve
from pilotwork.templatetags.pilotwork import cn_full_date


def with_pair(seminars):
    """Seminars with all that their page names."""
    return seminars.with_pair()


@access()
@require_safe
def seminar_list(request):
    """The seminars the person may see."""
    rows = Seminar.objects.visible_to(request.user)
    context = listed(request, rows, SeminarFilter, SeminarTable) | {
        "title": "座谈会",
        "sub": "对方确认或团县委代录后计入。",
        "measure": "场",
        "crumbs": [PAIRINGS],
    }
    return render(request, "pairings/joint_list.html", context)


def seminar_page(request, seminar, **panel):
    """The page of one seminar with its minutes and photos."""
    facts = facts_of(
        seminar,
        ("召开日期", cn_full_date(seminar.held_on)),
        ("地点", seminar.place),
        ("参加人员", seminar.attendees),
        ("纪要", seminar.minutes),
    )
    photos = list(seminar.photos.filter(removed_at=None))
    return joint_page(
        request, seminar, SEMINAR_VERBS, noun="seminar", facts=facts, photos=photos, **panel
    )


@access(of=Seminar, enrich=with_pair)
@require_safe
def seminar(request, seminar):
    """One seminar."""
    return seminar_page(request, seminar)


@access(of=Seminar, enrich=with_pair)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, seminar, verb):
    """A verb of one seminar."""
    return act_on(request, seminar, SEMINAR_VERBS, verb, noun="seminar", page=seminar_page)


@access(of=Pairing, enrich=of_pair)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, pairing):
    """Enter a seminar, as a member of either side."""
    form = SeminarForm(request.POST or None, request.FILES or None)
    return enter_page(request, pairing, Seminar, form, enter_seminar, on_behalf=False)


@access(of=Pairing, enrich=of_pair)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_on_behalf(request, pairing):
    """代录: enter a seminar for a side without account, as the county's reviewer."""
    form = SeminarForm(request.POST or None, request.FILES or None)
    return enter_page(request, pairing, Seminar, form, enter_seminar, on_behalf=True)


@access(of=SeminarPhoto)
@require_safe
def photo(request, photo):
    """A photo, for whoever sees its seminar."""
    return serve(photo)


@access(of=Seminar, enrich=with_pair)
@require_safe
def print_minutes(request, seminar):
    """座谈会纪要 on A4, with room for both sides to sign and seal."""
    return minutes(seminar).page(request)
