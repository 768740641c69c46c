"""What the pages of seminars and agreements share."""

import datetime as dt

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse, reverse_lazy

from accounts.matters import NotPermitted
from accounts.pages import form_page
from accounts.verbs import panel_for, run_verb
from mentors.pages import timeline_of
from pairings.models import JointState
from pairings.rules import may_enter, may_enter_on_behalf
from pilotwork.templatetags.pilotwork import cn_full_date

PAIRINGS = {"label": "联试共建", "url": reverse_lazy("pairings:pairings")}
STATE_TONES = {
    JointState.RECORDED: "a",
    JointState.DISPUTED: "r",
    JointState.CONFIRMED: "g",
    JointState.WITHDRAWN: "n",
}
ABSENT = "没有账户，可由团县委代录"


def crumbs_of(pairing, *further):
    """The way to a page below a pair."""
    label = f"{pairing.pilot_unit.organisation.label} — {pairing.partner.label}"
    url = reverse("pairings:pairing", args=[pairing.pk])
    return [PAIRINGS, {"label": label, "url": url}, *further]


def of_pair(pairings):
    """Pairs with all that their pages name and their rules ask."""
    return pairings.select_related(
        "pilot_unit__organisation__parent", "pilot_unit__programme", "partner"
    )


def probe(kind, pairing, user):
    """An unsaved row of `kind`, for asking who stands where in the pair today."""
    joint = kind(pairing=pairing, began_on=dt.date.max)
    joint.viewer_id = user.pk
    return joint


def require_enter(kind, pairing, user, *, on_behalf):
    """Raises NotPermitted when `user` may not enter something of `kind` for the pair."""
    permission = may_enter_on_behalf if on_behalf else may_enter
    reason = permission.why_not(probe(kind, pairing, user), user)
    if reason:
        raise NotPermitted(reason)


def enter_page(request, pairing, kind, form, action, *, on_behalf):
    """The page on which something of `kind` is entered, by a side or on behalf of one."""
    noun = kind._meta.verbose_name
    require_enter(kind, pairing, request.user, on_behalf=on_behalf)

    def act(**typed):
        action(pairing, by=request.user, on_behalf=on_behalf, **typed)
        return f"{noun}已代录，计入联试共建。" if on_behalf else f"{noun}已登记，等对方确认。"

    way = "代录后即计入，经办人记录在案。" if on_behalf else "登记后由对方确认，确认后计入。"
    return form_page(
        request,
        form,
        act,
        back=reverse("pairings:pairing", args=[pairing.pk]),
        title=f"{'代录' if on_behalf else '登记'}{noun}",
        button="代录" if on_behalf else "登记",
        sub=f"{pairing}。{way}",
        crumbs=crumbs_of(pairing),
    )


def joint_page(request, joint, verbs, *, noun, chosen=None, form=None, **context):
    """The page of one seminar or agreement with what this person may do on it.

    `noun` names its addresses (pairings:<noun>, act_on_<noun>, print_<noun>); `context` brings
    facts and files. Correcting has a page of its own, which the panel only leads to.
    """
    joint.viewer_id = request.user.pk
    panel = panel_for(joint, request.user, verbs, chosen=chosen, form=form)
    if panel.verb is verbs["correct"]:
        if chosen:
            return correction_page(request, joint, chosen, panel.form, noun)
        panel.others = [panel.verb, *panel.others]
        panel.verb = None
    waits = joint.state == JointState.RECORDED
    printed = {"label": "打印", "url": reverse(f"pairings:print_{noun}", args=[joint.pk])}
    context = {
        "matter": joint,
        "tone": STATE_TONES[joint.state],
        "crumbs": crumbs_of(joint.pairing),
        "sub": f"{joint._meta.verbose_name} · {joint.entered_in_words}",
        "actions": [printed | {"icon": "printer"}],
        "absent": joint.organisations[joint.other_side]
        if waits and joint.other_side_is_absent
        else None,
        "panel": panel,
        "is_chosen": chosen is not None,
        "page_url": reverse(f"pairings:{noun}", args=[joint.pk]),
        "verb_url": f"pairings:act_on_{noun}",
        "corrections": corrections_of(joint),
        "timeline": timeline_of(joint),
        **context,
    }
    return render(request, "pairings/joint.html", context)


def correction_page(request, joint, verb, form, noun):
    """The page on which the entering side writes it anew."""
    disputes = [row for row in joint.log if row.verb == "dispute"]
    warning = f"对方的异议：{disputes[-1].opinion}" if disputes else ""
    context = {
        "form": form,
        "title": f"更正{joint._meta.verbose_name}",
        "sub": verb.help,
        "warning": warning,
        "crumbs": crumbs_of(joint.pairing),
        "buttons": [{"label": "保存更正", "kind": "primary"}],
        "back_url": reverse(f"pairings:{noun}", args=[joint.pk]),
    }
    return render(request, "accounts/form_page.html", context)


def act_on(request, joint, verbs, name, *, noun, page):
    """The view of a verb: GET shows its form, POST performs it."""
    if name not in verbs:
        raise Http404("没有这个办理事项。")
    return run_verb(
        request,
        joint,
        verbs[name],
        render=lambda chosen, form: page(request, joint, chosen=chosen, form=form),
        done=lambda result: reverse(f"pairings:{noun}", args=[joint.pk]),
    )


def facts_of(joint, *own):
    """Both sides and what is known besides: [{label, value, url}]; `own` are (label, value)."""
    pairing = joint.pairing
    unit_url = reverse("pairings:pairing", args=[pairing.pk])
    return [
        {"label": "试点单位", "value": pairing.pilot_unit, "url": unit_url},
        {"label": "结对单位", "value": pairing.partner, "url": unit_url},
        *({"label": label, "value": value} for label, value in own),
    ]


def corrections_of(joint):
    """What each correction changed, newest first: [{label, before, after, who, when}]."""
    rows = [row for row in joint.log if "written" in row.details]
    found = []
    for before, after in zip(rows, rows[1:], strict=False):
        old, new = before.details["written"], after.details["written"]
        found += [
            {
                "label": label_of(joint, name),
                "before": in_words(joint, name, old.get(name)),
                "after": in_words(joint, name, value),
                "who": after.by_name,
                "when": after.at,
            }
            for name, value in new.items()
            if old.get(name) != value
        ]
    return found[::-1]


def label_of(joint, name):
    """The words of one written field; topics are no field of the row itself."""
    return "主题类别" if name == "topics" else joint._meta.get_field(name).verbose_name


def in_words(joint, name, value):
    """A value of the log as people read it."""
    if name == "topics":
        return "、".join(value or [])
    if name.endswith("_on"):
        return cn_full_date(dt.date.fromisoformat(value)) if value else ""
    return value or "（空）"
