"""Matters: things that change state only through declared transitions, each logged.

A matter's transitions are methods decorated with django-fsm's ``@transition``; ``custom`` holds the
Chinese label of the verb and, where it is one, the act (review, approve, pay) it counts as. A verb
in a room's ``actions`` locks the matter, asks `require`, does its work and calls `take`.
"""

import functools

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.functional import cached_property
from django_fsm import ConcurrentTransitionMixin

from accounts.models import TransitionLog
from pilotwork import clock
from pilotwork.appendonly import canonical
from pilotwork.refusals import Refused


class NotPermitted(PermissionDenied):
    """The person may not do this; carries the reason in Chinese and who can instead."""

    def __init__(self, reason, who_can=()):
        super().__init__(reason)
        self.reason = reason
        self.who_can = list(who_can)


def condition(refusal):
    """Mark a method as a transition's condition and give the sentence said when it is not met."""

    def decorate(function):
        @functools.wraps(function)
        def met(matter):
            # Between `require` and `take` the verb does its work, after which a condition such as
            # "something is unpaid" need no longer hold; what was granted stays granted till then.
            return matter.is_granted or function(matter)

        met.refusal = refusal
        return met

    return decorate


class Matter(ConcurrentTransitionMixin, models.Model):
    """A row with a `state` that only transitions change."""

    state_since = models.DateTimeField("进入当前状态的时间", default=clock.now, editable=False)

    # Set by `require` on the locked instance of one verb call, unset by `take`.
    is_granted = False

    # Why nothing at all may be done here any more, whoever asks, in a sentence; a room says when.
    sealed = ""

    class Meta:
        abstract = True

    @classmethod
    def hold_open(cls, matters):
        """Raise Refused when one is sealed by now; until the transaction ends none will be.

        Asked for every log row; a room says what it locks.
        """

    @classmethod
    def declared_transitions(cls):
        """Every declared transition of this kind of matter, as django-fsm's Transition objects."""
        return list(cls._meta.get_field("state").get_all_transitions(cls))

    def transition_of(self, verb):
        """The Transition that `verb` would take from the present state, or None."""
        meta = getattr(type(self), verb)._django_fsm
        return meta.get_transition(self.state) if meta.has_transition(self.state) else None

    def verbs_for(self, user):
        """The names of the verbs `user` may use on this matter now, in order of declaration."""
        if self.sealed:
            return []
        return [t.name for t in self.get_available_user_state_transitions(user)]

    def people_concerned(self):
        """The people among whom `who_can` looks; a room says who they are."""
        raise NotImplementedError

    def who_can(self, verb):
        """The people who may use `verb` on this matter now."""
        transition = self.transition_of(verb)
        if self.sealed or transition is None:
            return []
        return [user for user in self.people_concerned() if transition.has_perm(self, user)]

    def why_not(self, verb, user):
        """Why `user` may not use `verb` now, in a sentence; empty when he may."""
        transition = self.transition_of(verb)
        if self.sealed or transition is None:
            return self.sealed or self.stale_message(verb)
        return transition.permission.why_not(self, user) or self.unmet_condition(transition)

    def unmet_condition(self, transition):
        """The sentence of the first condition that does not hold; empty when all do."""
        for met in transition.conditions:
            if not met(self):
                return met.refusal
        return ""

    def stale_message(self, verb):
        """What to say when the state no longer allows `verb`: who did what in the meantime."""
        label = label_of(type(self), verb)
        last = self.log[-1] if self.log else None
        done = (
            f"{last.by_name}已于{clock.local(last.at):%m月%d日 %H:%M}“{last.label}”，"
            if last
            else ""
        )
        return f"{done}本事项现为“{self.get_state_display()}”，不能再“{label}”。"

    @cached_property
    def log(self):
        """The whole log of this matter, oldest first (one query, kept)."""
        return list(TransitionLog.objects.of(self))

    @property
    def log_name(self):
        """How papers name this matter's log, so that its head can be checked later: 立项申请-12."""
        return log_name(type(self), self.pk)

    @property
    def last_number(self):
        """The number of the last log row: what a form was shown, so that a stale one is noticed."""
        return self.log[-1].number if self.log else 0


def log_name(model, pk):
    """How papers name the log of the matter of a kind with that key."""
    return f"{model._meta.verbose_name}-{pk}"


def keep_logs(matters):
    """Read the logs of many matters, of any kinds, in one query a kind; each keeps its own.

    Returns the matters as a list.
    """
    matters = list(matters)
    by_kind = {}
    for matter in matters:
        by_kind.setdefault(type(matter), []).append(matter)
    for kind, some in by_kind.items():
        rows = TransitionLog.objects.filter(
            content_type=ContentType.objects.get_for_model(kind),
            object_id__in={matter.pk for matter in some},
        )
        logs = {}
        for row in rows.order_by("object_id", "number"):
            logs.setdefault(row.object_id, []).append(row)
        for matter in some:
            matter.__dict__["log"] = logs.get(matter.pk, [])
    return matters


def label_of(model, verb):
    """The Chinese label of a verb, as its transition declares it."""
    return next(iter(getattr(model, verb)._django_fsm.transitions.values())).custom["label"]


def lock(matter):
    """Lock the matter's row until the transaction ends and return it fresh from the database.

    Always before the account's row (DESIGN, Money). On SQLite the IMMEDIATE transaction is the lock.
    """
    return type(matter)._default_manager.select_for_update(of=("self",)).get(pk=matter.pk)


def require(matter, verb, by, *, seen=None):
    """Check under the lock that `by` may use `verb` on `matter` now.

    `seen` is the last log number the person's page showed. Raises NotPermitted for the wrong person
    and Refused when the matter is sealed, the state has moved on, a condition is not met or the page
    was out of date.
    """
    if matter.sealed:
        raise Refused(matter.sealed, stale=True)
    transition = matter.transition_of(verb)
    if transition is None:
        raise Refused(matter.stale_message(verb), stale=True)
    reason = transition.permission.why_not(matter, by)
    if reason:
        raise NotPermitted(reason, matter.who_can(verb))
    refusal = matter.unmet_condition(transition)
    if refusal:
        raise Refused(refusal)
    if seen is not None and seen != matter.last_number:
        last = matter.log[-1] if matter.log else None
        news = (
            f"您打开页面之后，{last.by_name}办理了“{last.label}”。" if last else "页面不是最新的。"
        )
        raise Refused(f"{news}请核对最新内容后再次提交，您填写的内容已保留。")
    matter.is_granted = True


def take(matter, verb, *, by, opinion="", minutes_number="", details=None, fields=(), **arguments):
    """Take the transition `verb`: change state, save the changed `fields`, log it.

    Call after `lock` and `require`, inside the same transaction. Returns the log row. `details`
    holds what the timeline and the printed forms must still be able to say later (amounts, dates).
    """
    transition = matter.transition_of(verb)
    source, now = matter.state, clock.now()
    getattr(matter, verb)(**arguments)
    matter.is_granted = False
    changed = [*fields, "state"]
    if matter.state != source:
        matter.state_since = now
        changed.append("state_since")
    matter._history_user = by
    matter.save(update_fields=changed)
    return record(
        matter,
        verb,
        label=transition.custom["label"],
        act=transition.custom.get("act", ""),
        source=source,
        by=by,
        at=now,
        opinion=opinion,
        minutes_number=minutes_number,
        details=details or {},
    )


def record(matter, verb, *, label, by, source, at, act="", opinion="", minutes_number="", details):
    """Append one row to the matter's log, numbered and chained to the row before.

    Raises Refused when the matter is sealed by now, whatever the instance at hand says.
    """
    matter.hold_open([matter])
    last = TransitionLog.objects.of(matter).last()
    row = TransitionLog(
        content_type=ContentType.objects.get_for_model(matter),
        object_id=matter.pk,
        number=last.number + 1 if last else 1,
        verb=verb,
        label=label,
        act=act,
        source=source,
        target=matter.state,
        by=by,
        by_name=str(by),
        at=max(at, last.at) if last else at,
        opinion=opinion,
        minutes_number=minutes_number,
        # Spelled as JSON now, so that the digest is over what will be read back.
        details=canonical(details),
    )
    row.digest = row.computed_digest(last.digest if last else "")
    row.save()
    matter.__dict__.pop("log", None)
    return row


def record_all(matters, verb, *, label, by, act="", is_new=False, details_of=None):
    """Append one row to the logs of many matters of one kind, chained as `record` does.

    `is_new` says that they were made just now: their logs are empty. `details_of` is a function of
    a matter.
    """
    if not matters:
        return
    matters[0].hold_open(matters)
    kind, now = ContentType.objects.get_for_model(matters[0]), clock.now()
    last = {} if is_new else _last_rows(kind, matters)
    rows = []
    for matter in matters:
        before = last.get(matter.pk)
        row = TransitionLog(
            content_type=kind,
            object_id=matter.pk,
            number=before.number + 1 if before else 1,
            verb=verb,
            label=label,
            act=act,
            source="" if is_new else matter.state,
            target=matter.state,
            by=by,
            by_name=str(by),
            at=max(now, before.at) if before else now,
            details=canonical(details_of(matter) if details_of else {}),
        )
        row.digest = row.computed_digest(before.digest if before else "")
        rows.append(row)
        matter.__dict__.pop("log", None)
    TransitionLog.objects.bulk_create(rows, batch_size=500)


def _last_rows(kind, matters):
    """{matter's id: the last row of its log}."""
    keys = [matter.pk for matter in matters]
    rows = TransitionLog.objects.filter(content_type=kind, object_id__in=keys)
    return {row.object_id: row for row in rows.order_by("object_id", "number")}


def verb(function):
    """Decorate an action: it runs in one transaction on the locked, fresh matter.

    The first argument may be any instance of the matter; the action receives the locked one.
    Whatever is raised inside undoes everything.
    """

    @functools.wraps(function)
    def locked(matter, /, **arguments):
        with transaction.atomic():
            return function(lock(matter), **arguments)

    return locked
