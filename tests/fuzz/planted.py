"""Marks hostile text in every row that anybody has written, and says who may ever read which mark."""

import io
import re
import zipfile
from collections import defaultdict, deque

from django.apps import apps
from django.db import models

from accounts.models import TransitionLog, User
from funds.models import Commitment
from mentors.models import MentorAssignment
from pilotwork.appendonly import lifted
from units.models import Organisation, PilotProgramme

ROOMS = {"accounts", "units", "mentors", "funds", "pairings", "awards", "reports"}
# What the software writes itself, finds things by, or holds as a sign of something else.
OWN = {
    *("password", "username", "name_key", "email", "code", "code_hash", "mark", "group", "receipt"),
    *("verb", "label", "source", "target", "returned_from", "digest", "sha256", "content_type"),
    *("number", "method", "by_name", "invoice_code", "invoice_number", "brand_name"),
}
# Read by everybody who signs in, wherever something of theirs is named.
KNOWN_TO_ALL = {User, Organisation, PilotProgramme, MentorAssignment}
ACTING = "\"' onplant=ran(1)><plant>{{7*7}}]]><script>ran(1)</script>"
MARK = re.compile(rb"Mk\d{5}k")
XML_TEXT = re.compile(rb"<[^>]*>")


class Planted:
    """The marks of a world: `marks` maps each to the row whose readers may see it."""

    def __init__(self):
        self.marks = {}
        self.places = {}
        self.owners = {}
        self.names = {
            field.name
            for model in written_models()
            for field in model._meta.concrete_fields
            if is_written(field)
        }
        with lifted():
            for model in written_models():
                self._plant(model)

    def _plant(self, model):
        fields = [field for field in model._meta.concrete_fields if is_written(field)]
        packed = [f for f in model._meta.concrete_fields if isinstance(f, models.JSONField)]
        for row in model._base_manager.all() if fields or packed else ():
            owner, changed = self._owner_of(row), {}
            for field in fields:
                if getattr(row, field.attname) and (field.max_length or 99) > 9:
                    text = self._hostile(owner, f"{model.__name__}.{field.name}")
                    changed[field.attname] = text[: field.max_length or None]
            for field in packed:
                changed[field.attname] = self._hostile_within(getattr(row, field.attname), owner)
            # Past the managers, which refuse to change what is only ever appended.
            models.QuerySet(model).filter(pk=row.pk).update(**changed)

    def _hostile(self, owner, place):
        """A new mark and the text that acts, as would begin a formula."""
        mark = f"Mk{len(self.marks):05d}k"
        self.marks[mark], self.places[mark] = owner, place
        return f"={mark}{ACTING}"

    def _hostile_within(self, value, owner, name=""):
        """A packed value with hostile text wherever a written field's words stand in it."""
        if isinstance(value, dict):
            return {key: self._hostile_within(item, owner, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._hostile_within(item, owner, name) for item in value]
        is_text = isinstance(value, str) and value and name in self.names
        return self._hostile(owner, f"packed {name}") if is_text else value

    def _owner_of(self, row):
        """The row that decides who reads this one; None where everybody may."""
        if isinstance(row, Commitment):
            row = next(matter for matter in matters_of(row) if matter)
        way = way_to_owner(type(row))
        for step in way or ():
            row = row and getattr(row, step)
        if way is None or row is None or type(row) in KNOWN_TO_ALL:
            return None
        self.owners.setdefault((type(row), row.pk), row)
        return type(row), row.pk

    def origins(self, marks):
        """Where `marks` were planted, in words."""
        return sorted(f"{self.places[mark]} ({mark})" for mark in marks)

    def hidden_from(self, person):
        """The marks that must never reach `person` (None: somebody who is not signed in)."""
        seen = defaultdict(set)
        for model in {model for model, _ in self.owners}:
            if person is not None:
                seen[model] = set(
                    model._default_manager.visible_to(person).values_list("pk", flat=True)
                )
        owned = ((mark, owner) for mark, owner in self.marks.items() if owner)
        return {mark for mark, (model, pk) in owned if pk not in seen[model]}


def matters_of(commitment):
    """What a commitment may belong to, None for what it does not."""
    ways = [field for field in Commitment._meta.related_objects if field.one_to_one]
    return [getattr(commitment, way.get_accessor_name(), None) for way in ways]


def written_models():
    """The models of the rooms, their histories left out."""
    for model in apps.get_models():
        if model._meta.app_label in ROOMS and not hasattr(model, "history_date"):
            yield model


def is_written(field):
    """Whether people write into the field what they like."""
    is_text = isinstance(field, (models.CharField, models.TextField))
    is_file = isinstance(field, models.FileField)
    return is_text and not (is_file or field.choices or field.unique or field.name in OWN)


def way_to_owner(model):
    """The attributes that lead from a row to the one whose `visible_to` decides; None for nowhere.

    () is the row itself. Attachments say it of themselves; a log row belongs to its matter.
    """
    if model is TransitionLog:
        return ("matter",)
    queue = deque([(model, ())])
    while queue:
        current, way = queue.popleft()
        if current in KNOWN_TO_ALL:
            continue
        if hasattr(current._default_manager, "visible_to"):
            return way
        if len(way) < 3:
            for field in current._meta.concrete_fields:
                if field.is_relation and field.related_model not in KNOWN_TO_ALL:
                    queue.append((field.related_model, (*way, field.name)))
    return None


def marks_in(answer):
    """The marks that an answer holds, also inside of packed files; in several runs of text too."""
    return {mark.decode() for text in texts_of(answer.content) for mark in MARK.findall(text)}


def texts_of(content):
    """`content`, or, of an archive or Office file, what is packed in it, archives within too."""
    if not content.startswith(b"PK\x03\x04"):
        yield content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            yield name.encode()
            for text in texts_of(package.read(name)):
                yield XML_TEXT.sub(b"", text) if name.endswith(".xml") else text


def formulas_in(content):
    """The cells of a workbook that would be computed: there must be none."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return [name for name in sheets if re.search(rb"<f[ >/]", package.read(name))]
