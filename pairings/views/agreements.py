"""Pages of agreements: the list, one agreement, entering one, its files, the agreement on paper."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from pairings.actions.agreements import enter_agreement
from pairings.forms.joint import AgreementForm
from pairings.lists import AgreementFilter, AgreementTable, by_topic, listed
from pairings.models import Agreement, AgreementFile, Pairing
from pairings.pages import (
    PAIRINGS,
    act_on,
    enter_page,
    facts_of,
    joint_page,
    of_pair,
)
from pairings.papers import agreement_form, term_of
from pairings.verbs import AGREEMENT_VERBS
from pilotwork.files import serve
from pilotwork.templatetags.pilotwork import cn_full_date


def with_pair(agreements):
    """Agreements with all that their page names."""
    return agreements.with_pair()


@access()
@require_safe
def agreement_list(request):
    """The agreements the person may see, and how many name each topic."""
    rows = Agreement.objects.visible_to(request.user)
    context = listed(request, rows, AgreementFilter, AgreementTable)
    context |= {
        "title": "活动协议",
        "sub": "对方确认或团县委代录后计入；一份协议无论有几个主题，只计一次。",
        "measure": "份",
        "topics": by_topic(context["filter"].qs),
        "crumbs": [PAIRINGS],
    }
    return render(request, "pairings/joint_list.html", context)


def agreement_page(request, agreement, **panel):
    """The page of one agreement with its results and files."""
    facts = facts_of(
        agreement,
        ("主题类别", "、".join(agreement.topic_labels)),
        ("签订日期", cn_full_date(agreement.signed_on)),
        ("期限", term_of(agreement)),
        ("协议内容", agreement.terms),
        ("推进步骤", agreement.steps),
        ("成果", agreement.results),
    )
    files = list(agreement.files.filter(removed_at=None))
    return joint_page(
        request, agreement, AGREEMENT_VERBS, noun="agreement", facts=facts, files=files, **panel
    )


@access(of=Agreement, enrich=with_pair)
@require_safe
def agreement(request, agreement):
    """One agreement."""
    return agreement_page(request, agreement)


@access(of=Agreement, enrich=with_pair)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, agreement, verb):
    """A verb of one agreement."""
    return act_on(request, agreement, AGREEMENT_VERBS, verb, noun="agreement", page=agreement_page)


@access(of=Pairing, enrich=of_pair)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, pairing):
    """Enter an agreement, as a member of either side."""
    form = AgreementForm(request.POST or None, request.FILES or None)
    return enter_page(request, pairing, Agreement, form, enter_agreement, on_behalf=False)


@access(of=Pairing, enrich=of_pair)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_on_behalf(request, pairing):
    """代录: enter an agreement for a side without account, as the county's reviewer."""
    form = AgreementForm(request.POST or None, request.FILES or None)
    return enter_page(request, pairing, Agreement, form, enter_agreement, on_behalf=True)


@access(of=AgreementFile)
@require_safe
def file(request, file):
    """A file, for whoever sees its agreement."""
    return serve(file)


@access(of=Agreement, enrich=with_pair)
@require_safe
def print_agreement(request, agreement):
    """活动协议 on A4, with room for both sides to sign and seal."""
    return agreement_form(agreement).page(request)
