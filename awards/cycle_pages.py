"""What the pages of award cycles share: the page of one matter, its verbs, the way to it."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Duty
from accounts.verbs import panel_for, run_verb
from awards.models import CycleState
from funds.forms.verbs import ConfirmForm
from mentors.pages import timeline_of
from pilotwork.exports import list_page


def crumbs(*further):
    """The way to a page below the cycles."""
    return [{"label": "评优", "url": reverse("awards:cycles")}, *further]


def cycle_crumb(cycle):
    """The cycle as a step of the way."""
    return {"label": str(cycle), "url": reverse("awards:cycle", args=[cycle.pk])}


def nothing_nominated(cycle, user):
    """What stands where `user` sees no nomination of the cycle, as components/empty_state.html wants it.

    A unit sees its own nominations alone; of the others' it may read the notice, once it is posted.
    """
    if cycle.state == CycleState.OPEN:
        text = "试点单位的成员推荐本单位；没有账户的单位由初审人员代录。"
        return {"title": "还没有推荐", "text": text}
    words = {"title": "没有推荐" if user.is_county else "本单位没有推荐"}
    if cycle.posted_on:
        words |= {
            "text": "各单位拟推荐的组织和个人都列在公示上。",
            "action_label": "查看公示",
            "action_url": reverse("awards:print_notice", args=[cycle.pk]),
        }
    return words


def lists_of(user, here):
    """The buttons to the room's other lists, and to what `user` may add to the list `here`."""
    places = [
        ("awards:cycles", "评优"),
        ("awards:contributions", "突出贡献"),
        ("awards:campaigns", "希望工程和支教"),
    ]
    new = {
        "awards:cycles": ("awards:open_cycle", "开始评优"),
        "awards:campaigns": ("awards:new_campaign", "新建"),
    }
    buttons = [{"label": words, "url": reverse(name)} for name, words in places if name != here]
    if here in new and Duty.REVIEWER in user.duties:
        name, words = new[here]
        buttons.append({"label": words, "url": reverse(name), "icon": "plus-lg", "kind": "primary"})
    return buttons


def matter_page(
    request,
    matter,
    verbs,
    template,
    *,
    noun,
    own_page="",
    chosen=None,
    form=None,
    export=None,
    rows=(),
    **context,
):
    """The page of one matter with what this person may do on it.

    `noun` names its addresses (awards:<noun>, awards:act_on_<noun>); `own_page` a verb whose form has
    a page of its own, to which a button leads; `context` brings what the template shows. `rows`
    is the list on the page that `export` gives as a ledger.
    """
    matter.viewer_id = request.user.pk
    if own_page and chosen is None and matter.main_verb == own_page:
        # Only the way to its page stands here.
        form = ConfirmForm(matter=matter, user=request.user)
    panel = panel_for(matter, request.user, verbs, chosen=chosen, form=form)
    if panel.verb and panel.verb.name == own_page:
        panel.others.insert(0, panel.verb)
        panel.verb = panel.form = None
    context = {
        "matter": matter,
        "panel": panel,
        "is_chosen": chosen is not None,
        "page_url": reverse(f"awards:{noun}", args=[matter.pk]),
        "verb_url": f"awards:act_on_{noun}",
        "timeline": timeline_of(matter),
        **context,
    }
    if export is None:
        return render(request, template, context)
    return list_page(request, template, context, export, rows=rows)


def act_on(request, matter, verbs, name, *, noun, page):
    """The view of a verb: GET shows the matter's page with its form, POST performs it."""
    if name not in verbs:
        raise Http404("没有这个办理事项。")
    return run_verb(
        request,
        matter,
        verbs[name],
        render=lambda chosen, form: page(request, matter, chosen=chosen, form=form),
        done=lambda result: reverse(f"awards:{noun}", args=[matter.pk]),
    )
