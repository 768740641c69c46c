"""One line of time of all that is recorded: audit events, steps in matters, changes of rows.

Each source finds its own newest rows by an index; only those are put in order, so that a page costs
the same among a thousand rows and among millions.
"""

import collections
import functools

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.functional import cached_property

from accounts.matters import Matter
from accounts.models import AuditEvent, AuditKind, TransitionLog
from pilotwork import clock
from pilotwork.content_types import remember_all
from pilotwork.exports import MOST_ROWS
from pilotwork.lists import MOST_COUNTED
from pilotwork.sql import OneOf
from reports.audit.objects import paths_to_organisation, paths_to_unit

EVENT, STEP, CHANGE = "event", "step", "change"
WORDS = {"+": "新建", "~": "修改", "-": "删除"}
# The field in which a row says why it was made or changed: the first of these that it has.
REASONS = ("reason", "change_reason")
Row = collections.namedtuple("Row", "source key at who what title path client request kind about")
# Fields of each source: when, who.
WHEN = {EVENT: ("at", "by_id"), STEP: ("at", "by_id"), CHANGE: ("history_date", "history_user_id")}


@functools.cache
def histories():
    """{name of the source: history model} of every kind of row that keeps its history."""
    kept = [model for model in apps.get_models() if hasattr(model, "history_object")]
    return {f"{CHANGE}:{model.instance_type._meta.label_lower}": model for model in kept}


class Timeline:
    """The rows that `asked` (what AuditFilter has cleaned) leaves, newest first; sliced like a list."""

    def __init__(self, asked):
        self.asked = asked
        remember_all()
        self.arms = list(self._arms())

    def __getitem__(self, part):
        """The Rows from part.start to part.stop, in one query."""
        start, stop = part.start or 0, part.stop
        if not self.arms:
            return []
        rows = [_as_rows(arm[0], _newest(*arm, stop)) for arm in self.arms]
        rows = rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]
        found = rows.order_by("-audit_at", "audit_source", "-audit_key")[start:stop]
        return [Row(*values) for values in found]

    def __iter__(self):
        return iter(self[:MOST_ROWS])

    def count_to(self, most):
        """How many rows there are, up to `most`, in one query."""
        if not self.arms:
            return 0
        keys = [_newest(*arm, most).values("pk") for arm in self.arms]
        keys = keys[0].union(*keys[1:], all=True) if len(keys) > 1 else keys[0]
        return min(keys.count(), most)

    def _arms(self):
        """(source, model, condition) of every source that can have rows of what is asked."""
        kind = self.asked.get("kind")
        if not kind or kind in AuditKind:
            for about in self._about_objects(_models_of_units()):
                yield EVENT, AuditEvent, self._events(kind) & about
        if kind in {"", None, STEP}:
            matters = [model for model in _models_of_units() if issubclass(model, Matter)]
            for about in self._about_objects(matters):
                yield STEP, TransitionLog, self._steps() & about
        if kind in {"", None, CHANGE}:
            for source, model in histories().items():
                condition = self._changes(model)
                if condition is not None:
                    yield source, model, condition

    def _common(self, when, person):
        """What every source is asked alike: who, from when, until when."""
        asked, condition = self.asked, Q()
        if asked.get("people") is not None:
            condition &= Q(**{f"{person}__in": asked["people"]})
        if asked.get("since"):
            condition &= Q(**{f"{when}__gte": clock.start_of(asked["since"])})
        if asked.get("until"):
            condition &= Q(**{f"{when}__lt": clock.end_of(asked["until"])})
        return condition

    def _events(self, kind):
        condition = self._common(*WHEN[EVENT])
        if kind:
            condition &= Q(kind=kind)
        if text := self.asked.get("text"):
            said = Q(title__icontains=text) | Q(path__icontains=text)
            condition &= said | Q(kind__in=self.asked["events_called"]) | self._about_called()
        return condition

    def _steps(self):
        condition = self._common(*WHEN[STEP])
        if text := self.asked.get("text"):
            said = Q(label__icontains=text) | Q(opinion__icontains=text)
            condition &= said | self._about_called()
        return condition

    def _about_called(self):
        """The rows about objects that are called so, or of a kind that is."""
        found = Q(content_type__in=self.asked["kinds_called"])
        for model, keys in self.asked["called"].items():
            kind = ContentType.objects.get_for_model(model)
            found |= Q(content_type=kind, object_id__in=keys)
        return found

    def _changes(self, history):
        """The condition on one kind of history; None where it can have none of what is asked."""
        model, asked = history.instance_type, self.asked
        condition = self._common(*WHEN[CHANGE])
        if asked.get("matter"):
            wanted, key = asked["matter"]
            return condition & Q(id=key) if wanted is model else None
        text = asked.get("text")
        if text and text not in str(model._meta.verbose_name):
            condition &= self._changes_called(history, text)
        if asked.get("units") is not None:
            return condition & Q(id__in=self._of_units(model)) if _has_unit(model) else None
        return condition

    def _changes_called(self, history, text):
        """The changes of objects that are called so, of that sort, or for a reason that says so."""
        sorts = [sort for sort, word in WORDS.items() if text in word]
        found = Q(id__in=self.asked["called"].get(history.instance_type, []))
        found |= Q(history_type__in=sorts)
        if reason := _reason_of(history):
            found |= Q(**{f"{reason}__icontains": text})
        return found

    def _of_units(self, model):
        """The keys of the rows of a kind that belong to the units asked for, as a subquery."""
        belongs = Q(pk=None)
        for path in paths_to_unit(model):
            belongs |= Q(**{f"{path}__in": self.asked["units"]})
        for path in paths_to_organisation(model):
            belongs |= Q(**{f"{path}__in": self.asked["organisations"]})
        return model._base_manager.filter(belongs).order_by().values("pk")

    def _about_objects(self, models_of_units):
        """The conditions on what a row is about, each for rows of its own.

        One for all rows; or the matter that is asked for; or one for every kind of object that
        belongs to a unit, so that each finds its rows by index.
        """
        if self.asked.get("matter"):
            model, key = self.asked["matter"]
            yield Q(content_type=ContentType.objects.get_for_model(model), object_id=key)
        elif self.asked.get("units") is None:
            yield Q()
        else:
            types = ContentType.objects.get_for_models(*models_of_units)
            for model in models_of_units:
                yield Q(content_type=types[model], object_id__in=self._of_units(model))


@functools.cache
def recorded_kinds():
    """Every kind of object that steps and changes are about."""
    matters = [m for m in apps.get_models() if issubclass(m, Matter)]
    return tuple(dict.fromkeys([*matters, *(kept.instance_type for kept in histories().values())]))


@functools.cache
def _models_of_units():
    """Every kind of object that belongs to a unit or names an organisation."""
    return [m for m in apps.get_models() if not hasattr(m, "history_object") and _has_unit(m)]


def _has_unit(model):
    return bool(paths_to_unit(model) or paths_to_organisation(model))


@functools.cache
def _reason_of(history):
    """The name of the field that says why; "" where a kind of row has none."""
    names = {field.name for field in history._meta.concrete_fields}
    return next((name for name in REASONS if name in names), "")


def _newest(source, model, condition, most):
    """The newest `most` rows of one source.

    Their keys first, then the rows: a database that knows nothing of its tables would join them.
    """
    when, _ = WHEN[source.partition(":")[0]]
    keys = model.objects.filter(condition).order_by(f"-{when}", "-pk").values("pk")[:most]
    return model.objects.filter(OneOf("pk", keys)).order_by()


def _as_rows(source, found):
    """What was found in one source, as Rows."""
    when, _ = WHEN[source.partition(":")[0]]
    shown = {"source": _words(source), "key": F("pk"), "at": F(when)}
    shown |= _shown(source, found.model)
    columns = {f"audit_{name}": shown[name] for name in Row._fields}
    return found.annotate(**columns).values_list(*columns)


def _shown(source, model):
    """The columns of a Row that each source fills in its own way."""
    if not source.startswith(CHANGE):
        is_event = source == EVENT
        return {
            "who": F("by_name"),
            "what": F("kind") if is_event else F("label"),
            "title": F("title") if is_event else F("opinion"),
            "path": F("path") if is_event else _words(""),
            "client": F("client") if is_event else _words(""),
            "request": F("request_id") if is_event else _words(""),
            "kind": F("content_type_id"),
            "about": F("object_id"),
        }
    name, post = F("history_user__name"), F("history_user__post")
    kind = ContentType.objects.get_for_model(model.instance_type).pk
    return {
        "who": Concat(name, Value(" · "), post, output_field=models.CharField()),
        "what": F("history_type"),
        "title": F(reason) if (reason := _reason_of(model)) else _words(""),
        "path": _words(""),
        "client": _words(""),
        "request": _words(""),
        "kind": Value(kind, models.BigIntegerField()),
        "about": F("id"),
    }


def _words(text):
    return Value(text, models.CharField())


class TimelinePaginator(Paginator):
    """Counts to 1000 and says "1000+" beyond, as the other lists do."""

    @cached_property
    def _counted(self):
        return self.object_list.count_to(MOST_COUNTED + 1)

    @cached_property
    def count(self):
        return min(self._counted, MOST_COUNTED)

    @property
    def count_label(self):
        """The number of rows as the foot of the list says it."""
        return f"{MOST_COUNTED}+" if self._counted > MOST_COUNTED else str(self._counted)
