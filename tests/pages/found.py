"""Finds every page of the site by itself: its addresses, with objects of the world put in."""

import itertools
import re

from django.urls import reverse

from accounts.access import all_views
from accounts.models import User
from funds.models import Application, CarryOver, DuesRecord, Entry, EntryKind
from pairings.models import Agreement, Pairing, Seminar
from reports.figures import PAGED
from reports.models import ImportKind, ImportUpload
from units.models import PilotProgramme, PilotUnit

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SAMPLES = 4

# Figures of every kind first; of the others the fast suite opens none.
FIRST_FIGURES = ("visits", "fund_received", "approved_amount", "reward_setting", "seminars")
FIGURE_KEYS = dict.fromkeys([*FIRST_FIGURES, *PAGED])

# Who looks at the pages: one person of each kind.
EVERYBODY = {
    "nobody": None,
    "approver": "secretary",
    "approver who mentors": "deputy",
    "reviewer": "orghead",
    "cashier": "clerk",
    "leader": "leader",
    "administrator": "admin",
    "superuser": "root",
    "unit member": "wangkou",
    "other unit's member": "shunfeng",
    "partner": "education",
}

# No pages but whole archives, made of hundreds of them: tests/reports/test_archive.py counts there.
ARCHIVES = {"reports:unit_archive", "reports:programme_archive"}


def site():
    """(name, view) of every page of the site, Django's admin left out, in a fixed order."""
    return sorted((name, view) for _, name, view in all_views() if name and name not in ARCHIVES)


def objects_of(model, world):
    """Rows of `model` to open pages with: of applications one in every state, else a few."""
    if model is Application:
        return [*world.by_state.values(), world.busy]
    if model in {Seminar, Agreement}:
        return world.joint[model]
    if model in world.outright.rows:
        return world.outright.rows[model]
    if model in world.honours.rows:
        return world.honours.rows[model]
    if model is DuesRecord:
        return list(world.dues.values())
    if model is Pairing:
        return [world.pairing, world.lonely_pairing]
    if model is PilotUnit:
        return [world.unit, world.story.units["顺丰合作社"]]
    if model is ImportUpload:
        return world.imports.rows
    if model is CarryOver:
        return world.years.rows
    if model is PilotProgramme:
        return [world.story.programme, *(row.programme for row in world.years.rows[::4])]
    if model is User:
        return [world.people["clerk"], world.people["wangkou"]]
    if model is Entry:
        of_each_kind = (Entry.objects.filter(kind=kind).first() for kind in EntryKind)
        return [entry for entry in of_each_kind if entry]
    return list(model._default_manager.order_by("pk")[:SAMPLES])


def values_of(parameter, obj):
    """The values to try for an address's further parameter."""
    if parameter == "verb":
        possible = [t.name for t in obj.declared_transitions() if t.source in {obj.state, "*"}]
        return [*dict.fromkeys(possible), obj.declared_transitions()[0].name]
    if parameter == "number":
        return [1]
    if parameter == "document":
        return ["report", "summary", "none of these"]
    if parameter == "kind":
        return ["plan", "summary"]
    raise AssertionError(f"Say in tests/pages/found.py which values '{parameter}' can take.")


def addresses(name, view, route, world):
    """Every address of one page in this world."""
    parameters = PARAMETER.findall(route)
    if not parameters:
        return [reverse(name)]
    if parameters == ["token"]:
        return [reverse(name, args=[world.unit.public_token])]
    if parameters == ["code"]:
        return [reverse(name, args=[said.receipt]) for said in world.said_by_visitors]
    if parameters == ["change"]:
        change = Application.history.filter(name=world.busy.name).earliest("history_id")
        return [reverse(name, args=[f"funds-application-{change.pk}"])]
    if parameters == ["name"]:
        return [reverse(name, args=["workbench"])]
    if parameters == ["key"]:
        return [reverse(name, args=[key]) for key in FIGURE_KEYS]
    if parameters == ["kind"]:
        return [reverse(name, args=[kind]) for kind in ImportKind.values]
    assert view.access_model, f"{name}: its pk belongs to no model that `access` knows"
    found = []
    for obj in objects_of(view.access_model, world):
        others = [p for p in parameters if p != "pk"]
        for values in itertools.product(*(values_of(p, obj) for p in others)):
            found.append(
                reverse(name, kwargs={"pk": obj.pk, **dict(zip(others, values, strict=False))})
            )
    return found


ROUTES = {name: route for route, name, _ in all_views() if name}
