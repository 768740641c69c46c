"""What the templates of an application and of a change are given."""

import datetime as dt

from django.urls import reverse

from accounts.verbs import panel_for
from funds import page, presenters
from funds.budget import budget_of
from funds.cautions import cautions_of, closure_cautions, late_end
from funds.forms.verbs import ConfirmForm
from funds.models import State
from funds.models.states import EDITABLE
from funds.snapshots import differences
from funds.verbs import APPLICATION_VERBS, CHANGE_VERBS
from mentors.rules import may_act_for_unit
from pilotwork.money import ZERO


def crumbs(*further):
    """The way to a page below the list: `further` are {label, url} dicts."""
    return [{"label": "基金申请", "url": reverse("funds:applications")}, *further]


def keep_typed(request, verbs, verb, form):
    """What to show again after a button beside another verb's form was refused: (verb, form).

    The buttons share one form; when the small verb (say 退回修改) is refused, the whole form comes
    back with everything typed in it and the refusal in its place.
    """
    main = verbs.get(request.POST.get("shown", ""))
    if form is None or main is None or verb.name not in main.beside:
        return verb, form
    whole = main.form(request.POST, matter=form.matter, user=form.user)
    # The errors stand on the small form; it only borrows the fields that its page had.
    errors = form.errors
    form.fields = whole.fields | {name: form.fields[name] for name in errors if name in form.fields}
    return main, form


def application_context(application, user, dossier, *, chosen=None, form=None):
    """The context of funds/application.html: the dossier and the panel of one person.

    `chosen` and `form` are the verb whose page this is and its form when it was posted.
    """
    asked = chosen or _opinion_first(application, user)
    if chosen is None and application.main_verb == "file_closure":
        # The closure has a page of its own; here stands only the way there.
        form = ConfirmForm(matter=application, user=user)
    panel = panel_for(application, user, APPLICATION_VERBS, chosen=asked, form=form)
    may_edit = may_act_for_unit(application, user)
    mentors = [p for p in application.people_concerned() if application.standing_of(p).is_mentor]
    return {
        "application": application,
        "matter": application,
        "verb_url": "funds:act",
        "dossier": dossier,
        "budget": budget_of(application, dossier.lines),
        "panel": panel,
        "says_why_not": bool(panel.why_not) and chosen is None,
        "is_chosen": chosen is not None,
        "sub": subtitle(application, mentors),
        "crumbs": crumbs({"label": application.number or "草稿"}),
        "state_words": presenters.state_words(application, user),
        "tone": presenters.tone_of(
            application, waits_for_me=bool(panel.verb) and panel.verb.name == application.main_verb
        ),
        "steps": presenters.steps(application),
        "facts": presenters.facts(application),
        "opinions": presenters.opinions(application) if application.number else [],
        "timeline": presenters.timeline(application, dossier.events),
        "spending": page.by_line(dossier.lines, dossier.expenses) if dossier.closure else [],
        # The unit spent more of what was approved than it was paid: the rest is to follow.
        "still_to_pay": application.still_to_pay if dossier.closure else ZERO,
        "owed": application.owed_back,
        "cautions": cautions_of(application, application.fund_available),
        "versions": range(1, (application.version_count or 0) + 1),
        "may_edit": may_edit and application.state in EDITABLE,
        "may_discard": may_edit and application.state == State.DRAFT,
        "may_ask_for_change": may_edit
        and application.state == State.APPROVED
        and not application.has_open_change,
        "returned": presenters.last_return(application),
    }


def subtitle(application, mentors):
    """The line under the name: the unit, its level and its mentors."""
    unit = application.pilot_unit
    parts = [str(unit), f"{unit.get_level_display()}试点"]
    if mentors:
        parts.append("指导员 " + "、".join(map(str, mentors)))
    return " · ".join(parts)


def _opinion_first(application, user):
    """The mentor's own form, as long as he has not said anything and does not decide."""
    available = application.verbs_for(user)
    said = any(row.verb == "mentor_opinion" and row.by_id == user.pk for row in application.log)
    if "mentor_opinion" in available and application.main_verb not in available and not said:
        return APPLICATION_VERBS["mentor_opinion"]
    return None


def closure_context(application, form, dossier):
    """The context of funds/closure_edit.html: the form and the figures it is held against."""
    return {
        "application": application,
        "form": form,
        "title": "报送结项",
        "sub": f"{application.number} {application.name} · {application.pilot_unit}",
        "crumbs": crumbs(
            {
                "label": application.number,
                "url": reverse("funds:application", args=[application.pk]),
            }
        ),
        "cautions": closure_cautions(application),
        "paid": application.sums.disbursed,
        "held": application.sums.held,
        "recovered": application.sums.recovered,
        "unpaid": application.sums.unpaid,
        "limit": application.sums.held + application.sums.unpaid,
        "budget": budget_of(application, dossier.lines),
        "returned": next(
            (row for row in reversed(application.log) if row.verb == "send_back_closure"), None
        ),
        "old_files": dossier.attachments["closure"],
    }


def change_context(change, user, *, chosen=None, form=None):
    """The context of funds/change.html: what would be different, and the panel of one person."""
    change.viewer_id = user.pk
    panel = panel_for(change, user, CHANGE_VERBS, chosen=chosen, form=form)
    application = change.application
    before = application.versions.filter(at__lte=change.created_at).last()
    is_waiting_for_me = bool(panel.verb) and panel.verb.name == change.main_verb
    return {
        "change": change,
        "matter": change,
        "verb_url": "funds:act_on_change",
        "panel": panel,
        "says_why_not": bool(panel.why_not) and chosen is None,
        "is_chosen": chosen is not None,
        "application": application,
        "crumbs": crumbs(
            {
                "label": application.number,
                "url": reverse("funds:application", args=[application.pk]),
            },
            {"label": "变更"},
        ),
        "sub": f"{application.name} · {application.pilot_unit}",
        "tone": "bl" if is_waiting_for_me else presenters.CHANGE_TONES.get(change.state, "a"),
        "differences": differences(before.content, change.content),
        "cautions": late_end(
            application.programme, dt.date.fromisoformat(change.content["ends_on"])
        ),
        "timeline": presenters.timeline(change, change.log),
    }
