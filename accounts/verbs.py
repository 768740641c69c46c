"""From a declared transition to a button, a form and a POST: one way for every room.

A room lists its verbs in ``verbs.py`` as `Verb`s; the page of a matter asks `panel_for` what this
person may do now, and its verb view hands the POST to `perform`.
"""

import dataclasses
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse

from accounts.freshness import require_fresh
from accounts.matters import NotPermitted, label_of
from accounts.pages import undoable
from accounts.sessions import is_fresh
from pilotwork.money import MoneyFormField, to_yuan
from pilotwork.refusals import Refused

# Marks the message after a decision, beside which the next waiting matter is offered.
DECIDED = "decided"


class VerbForm(forms.Form):
    """Base of every verb's form; knows the matter, the person and what the page had shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, matter, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.matter = matter
        self.user = user
        self.fields["seen"].initial = matter.last_number

    def arguments(self):
        """The keyword arguments for the verb's action."""
        return dict(self.cleaned_data)

    def refuse(self, refusal):
        """Show a verb's refusal where it belongs and let the next try know the present state."""
        self.place(refusal)
        # The next try is made knowing what the page shows now.
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = self.matter.last_number

    def place(self, refusal):
        """Show the refusal beside the field it belongs to, or on top."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, refusal.message)


@dataclasses.dataclass(frozen=True)
class Verb:
    """How a transition is offered: its form, its action, how loud its button is.

    `beside` names verbs whose buttons stand under the same form (they use a part of its fields);
    `done` is what the person is told afterwards; `help` what the verb will do, in a sentence;
    `button` the words on the form's own button where the label is not something one does; `fresh`
    whether the password must have been typed lately (accounts.freshness). Every verb names in
    `undo` the verbs that take it back, or in `final` why none does and what to do instead.
    """

    name: str
    form: type[VerbForm]
    action: Callable
    done: str
    tone: str = "secondary"
    beside: tuple = ()
    help: str = ""
    label: str = ""
    button: str = ""
    fresh: bool = False
    undo: tuple = ()
    final: str = ""
    undo_labels: tuple = ()
    undo_words: tuple = ()

    @property
    def way_back(self):
        """What the form says before it is sent: how a mistake is put right."""
        if self.final:
            return f"此操作不能撤销。{self.final}"
        return f"办错了，可以{'，或'.join(self.undo_words)}改回来。"


def catalogue(model, *verbs):
    """The verbs of one kind of matter by name, labelled as their transitions are declared.

    Raises ValueError when a declared transition has no verb or a verb no transition, so that a
    transition added later cannot be forgotten, and for an `undo` that is no verb.
    """
    declared = {transition.name for transition in model.declared_transitions()}
    named = {verb.name for verb in verbs}
    if declared != named:
        raise ValueError(f"{model.__name__}: transitions and verbs differ by {declared ^ named}.")
    unknown = {name for verb in verbs for name in verb.undo} - declared
    if unknown:
        raise ValueError(f"{model.__name__}: {unknown} undo something and are no verbs.")
    labels = {name: label_of(model, name) for name in declared}
    return {
        verb.name: dataclasses.replace(
            verb,
            label=labels[verb.name],
            undo_labels=tuple(labels[name] for name in verb.undo),
            undo_words=tuple(
                f"{_whom_to_ask(model, verb.name, name)}用“{labels[name]}”" for name in verb.undo
            ),
        )
        for verb in verbs
    }


def _whom_to_ask(model, verb, undo):
    """请审批人, where the verb that takes `verb` back is somebody else's from where it led; else ""."""
    declared = model.declared_transitions()
    done = [one for one in declared if one.name == verb]
    reached = {one.target for one in done}
    back = [one for one in declared if one.name == undo]
    back = [one for one in back if one.source in reached] or back
    own, theirs = ({one.permission.who for one in rows} for rows in (done, back))
    whom = "" if own & theirs else "或".join(sorted(theirs))
    return f"请{whom}" if whom else ""


@dataclasses.dataclass
class Panel:
    """What the side of a matter's page shows one person: a form, more buttons, or why not."""

    verb: Verb | None
    form: VerbForm | None
    beside: list
    others: list
    why_not: str = ""
    waiting_for: str = ""
    who_can: list = dataclasses.field(default_factory=list)


def panel_for(matter, user, verbs, *, chosen=None, form=None):
    """The Panel of `matter` for `user`; `verbs` maps names to Verbs, in order of preference.

    `chosen` is the verb whose page this is (its bound `form`, if it was posted), else the verb that
    everybody waits for, else the first one with a form of its own that he may use.
    """
    available = matter.verbs_for(user)
    main = matter.main_verb
    offered = [verbs[name] for name in verbs if name in available]
    verb = chosen or (verbs.get(main) if main in available else None)
    if verb is not None and form is None:
        form = verb.form(matter=matter, user=user)
    beside = [verbs[name] for name in (verb.beside if verb else ()) if name in available]
    panel = Panel(
        verb=verb,
        form=form,
        beside=beside,
        others=[other for other in offered if other is not verb and other not in beside],
    )
    if main and main not in available:
        panel.waiting_for = matter.transition_of(main).custom["label"]
        panel.why_not = matter.why_not(main, user)
        panel.who_can = matter.who_can(main)
    return panel


def perform(request, matter, verb):
    """Run a posted verb; returns (form, result), result None when the form has errors to show.

    Raises NotPermitted for the wrong person and PasswordNeeded where the verb wants the password
    again; a stale Refused is left to the caller, because the form no longer fits the matter.
    """
    form = verb.form(request.POST, request.FILES, matter=matter, user=request.user)
    if not form.is_valid():
        return form, None
    if verb.fresh and not is_fresh(request):
        open_verb(matter, verb, request.user)
        require_fresh(request)
    try:
        result = verb.action(matter, by=request.user, **form.arguments())
    except Refused as refusal:
        if refusal.stale:
            raise
        matter.__dict__.pop("log", None)
        form.refuse(refusal)
        return form, None
    said = said_of(matter, verb, request.user, request.resolver_match.view_name)
    messages.success(request, said, extra_tags=DECIDED)
    return form, result


def said_of(matter, verb, user, view_name):
    """What `user` is told afterwards; with a link to the form that takes it back, if he may.

    Nothing is taken back by the link itself; `view_name` is the page of the matter's verbs.
    """
    now = type(matter)._default_manager.get(pk=matter.pk)
    for name, label in zip(verb.undo, verb.undo_labels, strict=True):
        if now.transition_of(name) and not now.why_not(name, user):
            return undoable(verb.done, label, reverse(view_name, args=[matter.pk, name]))
    return verb.done


def open_verb(matter, verb, user):
    """Check before showing a verb's form: raises NotPermitted or a stale Refused."""
    transition = matter.transition_of(verb.name)
    if matter.sealed:
        raise Refused(matter.sealed, stale=True)
    if transition is None:
        raise Refused(matter.stale_message(verb.name), stale=True)
    reason = matter.why_not(verb.name, user)
    if reason and not transition.permission(matter, user):
        raise NotPermitted(reason, matter.who_can(verb.name))
    if reason:
        raise Refused(reason, stale=True)


def run_verb(request, matter, verb, *, render, done):
    """The whole view of a verb: GET shows its form, POST performs it, a stale one goes back.

    `render(verb, form)` answers with the matter's page, `done(result)` with the redirect after
    success.
    """
    try:
        if request.method == "POST":
            form, result = perform(request, matter, verb)
            return render(verb, form) if result is None else redirect(done(result))
        open_verb(matter, verb, request.user)
    except Refused as refusal:
        if _was_done_by(request, matter, verb):
            messages.success(request, verb.done, extra_tags=DECIDED)
        else:
            typed = request.POST.get("opinion", "").strip()
            kept = f" 您刚才填写的没有保存：“{typed}”" if typed else ""
            messages.error(request, refusal.message + kept)
        return redirect(done(None))
    return render(verb, None)


def _was_done_by(request, matter, verb):
    """Whether the refusal only meets the same person's second click on what has just been done.

    The same words and, where the log remembers one, the same amount: another form of his, filled in
    differently on another page, was not done.
    """
    matter.__dict__.pop("log", None)
    last = matter.log[-1] if matter.log else None
    if last is None or (last.verb, last.by_id) != (verb.name, request.user.pk):
        return False
    said = request.POST.get("opinion", "").replace("\r\n", "\n").strip()
    amount = request.POST.get("amount", "")
    return said == last.opinion.strip() and (
        not amount or "amount" not in last.details or _is_amount(amount, last.details["amount"])
    )


def _is_amount(typed, remembered):
    try:
        return MoneyFormField().clean(typed) == to_yuan(remembered)
    except ValidationError:
        return False
