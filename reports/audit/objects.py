"""What an audit row is about: its kind's name, the unit it belongs to, its title, its page."""

import dataclasses
import functools

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce, Concat, Left
from django.urls import reverse

from accounts.models import User
from funds.models import Commitment, Entry
from units.models import Organisation, PilotUnit, Suggestion

# The page of each kind of object that has one of its own, by its key.
PAGES = {
    "accounts.user": "mentors:person",
    "units.pilotprogramme": "reports:programme",
    "units.pilotunit": "reports:unit",
    "units.suggestion": "units:suggestion",
    "mentors.visit": "mentors:visit",
    "mentors.excusedweek": "mentors:excuse",
    "mentors.document": "mentors:document",
    "mentors.difficulty": "mentors:difficulty",
    "funds.application": "funds:application",
    "funds.change": "funds:change",
    "funds.duesrecord": "funds:dues_record",
    "funds.plaque": "funds:plaque",
    "funds.fundaccount": "funds:account",
    "funds.carryover": "funds:carry_over",
    "pairings.pairing": "pairings:pairing",
    "pairings.seminar": "pairings:seminar",
    "pairings.agreement": "pairings:agreement",
    "awards.awardcycle": "awards:cycle",
    "awards.campaign": "awards:campaign",
    "awards.contribution": "awards:contribution",
    "awards.nomination": "awards:nomination",
    "awards.reward": "awards:reward",
    "reports.frozenbriefing": "reports:frozen_briefing",
}
# Where the name of an object of some kind stands: the first of these that it has.
TITLES = ("name", "title", "nominee_name", "user__name", "mentor__name")
BEGINNING = 30  # characters; all that a suggestion has to be called by is what it says
DEEPEST = 3  # relations from an object to its unit
NAME = "organisation__name"


@functools.cache
def path_to_unit(model, depth=DEEPEST):
    """The lookup from a kind of object to its pilot unit; "" where it belongs to none."""
    if model is PilotUnit:
        return "pk"
    links = [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    for field in links:
        if field.related_model is PilotUnit:
            return field.name
    for field in links:
        if depth and field.related_model not in {User, ContentType, model}:
            further = path_to_unit(field.related_model, depth - 1)
            if further:
                return field.name if further == "pk" else f"{field.name}__{further}"
    return ""


@functools.cache
def paths_to_unit(model):
    """All lookups from a kind of object to its pilot unit; an entry belongs to its matter's."""
    if model is Entry:
        owners = Commitment.owners_of_units().items()
        return tuple(f"commitment__{name}__{owner.unit_path}" for name, owner in owners)
    path = path_to_unit(model)
    return (path,) if path else ()


@functools.cache
def paths_to_organisation(model):
    """The lookups from a kind of object to the organisations that it names itself."""
    if model is Organisation:
        return ("pk",)
    links = (f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey))
    return tuple(field.name for field in links if field.related_model is Organisation)


@functools.cache
def title_of(model):
    """The lookup from a kind of object to what it is called; "" where it has no name."""
    if model is Suggestion:
        return "text"
    for path in TITLES:
        try:
            model._meta.get_field(path.partition("__")[0])
        except FieldDoesNotExist:
            continue
        return path
    return ""


def visible(model, user):
    """The rows of a kind that the person may see: of matters not what nobody has handed in yet."""
    manager = model._default_manager
    return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()


@dataclasses.dataclass(frozen=True)
class Named:
    """What is said of an object: nothing of one that the person may not see."""

    unit: str = ""
    title: str = ""
    is_hidden: bool = False


def names_of(objects, user):
    """{(content type's id, key): Named} of the objects that are still there.

    `objects` are such pairs, of any kinds; one query for all of them.
    """
    by_kind = {}
    for kind, key in objects:
        by_kind.setdefault(kind, set()).add(key)
    parts = []
    for kind, keys in sorted(by_kind.items()):
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is not None:
            parts.append(_named(model, keys, user, kind))
    if not parts:
        return {}
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {
        (kind, key): Named(unit, title) if is_seen else Named(is_hidden=True)
        for kind, key, unit, title, is_seen in found
    }


def _named(model, keys, user, kind):
    title, nothing = title_of(model), Value("", models.CharField())
    words = Left(title, BEGINNING) if title == "text" else F(title)
    if title.endswith("__name"):
        # Two people of one name are told apart by their posts.
        post = F(title.replace("__name", "__post"))
        words = Concat(words, Value(" "), post, output_field=models.CharField())
    seen = visible(model, user).order_by().filter(pk=OuterRef("pk"))
    return (
        model._base_manager.filter(pk__in=keys)
        .order_by()
        .annotate(
            audit_kind=Value(kind, models.BigIntegerField()),
            audit_unit=Coalesce(*_names_of_unit(model), nothing),
            audit_title=Coalesce(words, nothing) if title else nothing,
            audit_seen=Exists(seen),
        )
        .values_list("audit_kind", "pk", "audit_unit", "audit_title", "audit_seen")
    )


def _names_of_unit(model):
    """Whose an object is: its unit's name, else that of the organisation which it names itself."""
    unit = path_to_unit(model)
    if unit:
        yield F(NAME if unit == "pk" else f"{unit}__{NAME}")
    if model is not Organisation and "organisation" in paths_to_organisation(model):
        yield F(NAME)
    yield Value(None, models.CharField())


def page_of(model, key):
    """The address of an object's own page, "" where its kind has none."""
    name = PAGES.get(model._meta.label_lower)
    return reverse(name, args=[key]) if name else ""
