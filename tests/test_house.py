"""The laws of the house, read from the code itself."""

import ast
import re
from pathlib import Path

import django_tables2 as tables
import pytest
from django.apps import apps
from django.conf import settings

from accounts.matters import Matter
from accounts.models import RecoveryCode, RegistrationCode, SecondFactor
from awards.cycle_verbs import CONTRIBUTION_VERBS, CYCLE_VERBS, NOMINATION_VERBS
from awards.models import ContributionFile, RewardFile
from awards.reward_verbs import REWARD_VERBS
from funds.carry_over_verbs import CARRY_OVER_VERBS
from funds.dues_verbs import DUES_VERBS
from funds.models import (
    Application,
    ApplicationAttachment,
    BudgetLine,
    Change,
    Closure,
    Commitment,
    DuesUse,
    DuesUseFile,
    Expense,
    PlaquePhoto,
    Serial,
)
from funds.plaque_verbs import PLAQUE_VERBS
from funds.verbs import APPLICATION_VERBS, CHANGE_VERBS
from mentors.models import Document, DocumentVersion, ExcusedWeek, VisitPhoto
from mentors.verbs import DIFFICULTY_VERBS, DOCUMENT_VERBS, EXCUSE_VERBS, VISIT_VERBS
from pairings.models import Agreement, AgreementFile, AgreementTopic, Seminar, SeminarPhoto
from pairings.verbs import AGREEMENT_VERBS, SEMINAR_VERBS
from pilotwork.appendonly import AppendOnly
from reports.models import Digest, ImportUpload
from reports.programmes.verbs import PROGRAMME_VERBS
from units.models import PublicPosting, Suggestion
from units.verbs import SUGGESTION_VERBS, UNIT_VERBS

ROOT = Path(settings.BASE_DIR)
# A room imports only from floors below it; rooms on one floor do not know each other.
FLOORS = [{"accounts"}, {"units"}, {"mentors"}, {"funds", "pairings"}, {"awards"}, {"reports"}]
ROOMS = set().union(*FLOORS)
# Of the ground, these stand on top of the house: they know the rooms, nobody imports them.
TOP = {"settings", "urls", "wsgi", "health"}
MAX_LINES, MAX_VIEW_LINES = 400, 25
DOCUMENTED = {"models", "rules", "actions", "standing", "matters", "access", "verbs"}
INLINE = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|javascript:|<script(?![^>]*\ssrc=)""")
UNSAFE = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off")
# Why a model has neither history nor an append-only table.
WITHOUT_HISTORY = {
    BudgetLine: "part of the application; every version that was handed in is kept",
    Commitment: "never changed after it is made; its entries say everything",
    Closure: "filed once; a returned one stays, only switched off, and the log says when",
    Expense: "part of its closure",
    Change: "every step is in the log",
    Suggestion: "every step is in the log",
    PublicPosting: "never changed; gone within a day",
    ApplicationAttachment: "kept for ever; says itself who added it and when it was removed",
    ExcusedWeek: "every step is in the log",
    Document: "every step is in the log; every version is kept",
    DocumentVersion: "never changed after it is uploaded",
    VisitPhoto: "kept for ever; says itself who added it and when it was removed",
    Seminar: "every step is in the log, with what was written",
    SeminarPhoto: "kept for ever; says itself who added it and when it was removed",
    Agreement: "every step is in the log, with what was written",
    AgreementTopic: "part of its agreement, whose every version says its topics",
    AgreementFile: "kept for ever; says itself who added it and when it was removed",
    ContributionFile: "never changed after it is uploaded",
    PlaquePhoto: "never changed after it is uploaded",
    RewardFile: "never changed after it is uploaded",
    DuesUse: "never changed; struck out it says itself by whom, when and why",
    DuesUseFile: "never changed after it is uploaded",
    ImportUpload: "kept for a day; what it wrote has a history of its own",
    Serial: "a counter",
    Digest: "says itself when it was taken up, sent and refused",
    RegistrationCode: "says itself when and by whom it was issued and used",
    RecoveryCode: "says itself when it was made and used",
    SecondFactor: "a secret; that it was set up or taken away stands in the person's history",
}


def modules():
    """(room or "pilotwork", path relative to the root, syntax tree) of all our code."""
    for room in sorted(ROOMS | {"pilotwork"}):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield room, path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree):
    """The absolute names of the modules a tree imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module


def may_import(room):
    """The rooms that `room` may import."""
    if room == "pilotwork":
        return {"pilotwork"}
    floor = next(number for number, rooms in enumerate(FLOORS) if room in rooms)
    return {"pilotwork", room}.union(*FLOORS[:floor])


def functions(tree):
    """Every function of a tree, methods included, with whether it stands at the top level."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node, node in tree.body


def test_the_floors_name_every_room():
    own = {app.name for app in apps.get_app_configs() if Path(app.path).parent == ROOT}
    assert own == ROOMS | {"pilotwork"}


def test_a_room_imports_only_from_floors_below_it():
    strays = [
        f"{path} imports {name}"
        for room, path, tree in modules()
        if not (room == "pilotwork" and path.stem in TOP)
        for name in imported(tree)
        if name.split(".")[0] in (ROOMS | {"pilotwork"}) - may_import(room)
    ]
    assert strays == []


def test_nobody_imports_what_stands_on_top():
    strays = [
        f"{path} imports {name}"
        for room, path, tree in modules()
        if not (room == "pilotwork" and path.stem in TOP)
        for name in imported(tree)
        if name in {f"pilotwork.{top}" for top in TOP}
    ]
    assert strays == []


def test_no_module_is_longer_than_a_newcomer_reads_at_once():
    lengths = {
        str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for _, path, _ in modules()
    }
    assert {path: length for path, length in lengths.items() if length > MAX_LINES} == {}


def test_a_view_fits_in_twenty_five_lines():
    too_long = [
        f"{path}:{function.name}"
        for _, path, tree in modules()
        if path.stem == "views" or "views" in path.parts
        for function, is_top in functions(tree)
        if is_top
        and [arg.arg for arg in function.args.args][:1] == ["request"]
        and function.end_lineno - function.lineno + 1 > MAX_VIEW_LINES
    ]
    assert too_long == []


def test_public_functions_of_models_rules_and_actions_say_what_they_do():
    # A predicate's name is its sentence; a property named like its label needs none either.
    silent = [
        f"{path}:{function.name}"
        for _, path, tree in modules()
        if DOCUMENTED & {*path.parts, path.stem}
        for function, is_top in functions(tree)
        if is_top
        and not function.name.startswith("_")
        and not ast.get_docstring(function)
        and not any("predicate" in ast.unparse(d) for d in function.decorator_list)
    ]
    assert silent == []


def test_nothing_is_imported_inside_a_function():
    hidden = [
        f"{path}:{node.lineno}"
        for _, path, tree in modules()
        if path.stem != "apps"
        for function, _ in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_a_state_is_set_by_transitions_alone():
    """No .update(state=…), no bulk_update of states, no assignment to a state."""
    strays = []
    for _, path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                named = node.func.attr == "update" and {k.arg for k in node.keywords} & {"state"}
                bulk = node.func.attr == "bulk_update" and '"state"' in ast.unparse(node)
                if named or bulk:
                    strays.append(f"{path}:{node.lineno}")
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets):
                strays.append(f"{path}:{node.lineno}")
    assert strays == []


def test_no_rule_hides_in_a_signal_or_in_save():
    # Django and axes tell the audit by their signals who came in, whichever way: no rule rests on it.
    allowed = {"pilotwork/apps.py", "pilotwork/appendonly.py", "pilotwork/files.py"}
    allowed |= {"accounts/apps.py"}
    strays = [
        f"{path}:{node.lineno}"
        for _, path, tree in modules()
        if str(path) not in allowed
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and "signals" in node.module)
        or (isinstance(node, ast.FunctionDef) and node.name == "save" and "models" in str(path))
    ]
    assert strays == []


def test_verbs_take_the_time_from_the_one_clock():
    strays = [
        f"{path}:{node.lineno}"
        for _, path, tree in modules()
        if str(path) != "pilotwork/clock.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)
        in {
            "timezone.now",
            "timezone.localdate",
            "datetime.now",
            "dt.datetime.now",
            "date.today",
            "dt.date.today",
            "datetime.today",
        }
    ]
    assert strays == []


@pytest.mark.parametrize("pattern", [INLINE, UNSAFE], ids=["inline", "unsafe"])
def test_templates_hold_no_inline_style_or_script_and_trust_no_text(pattern):
    templates = list((ROOT / "templates").rglob("*.html"))
    assert len(templates) > 20
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(text)
    ]
    assert found == []


def business_models():
    """Our own models, without the history tables that belong to others."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ROOMS and not hasattr(model, "history_object")
    ]


def test_every_business_model_keeps_its_history_or_is_never_changed():
    models = business_models()
    assert len(models) > 15
    without = {
        model
        for model in models
        if not issubclass(model, AppendOnly) and not hasattr(model, "history")
    }
    assert without == WITHOUT_HISTORY.keys()
    for model, reason in WITHOUT_HISTORY.items():
        assert reason
        logged = "log" in reason
        assert not logged or issubclass(model, Matter) or model is Closure


def test_every_kind_of_matter_declares_label_and_permission_of_each_transition():
    matters = [model for model in business_models() if issubclass(model, Matter)]
    assert {Application, Change, Suggestion} <= set(matters)
    for model in matters:
        for transition in model.declared_transitions():
            assert transition.custom["label"], transition.name
            assert callable(getattr(transition.permission, "why_not", None)), transition.name
            assert all(condition.refusal for condition in transition.conditions)


def test_every_verb_of_a_page_has_its_words():
    units = (PROGRAMME_VERBS, SUGGESTION_VERBS, UNIT_VERBS)
    mentors = (VISIT_VERBS, EXCUSE_VERBS, DIFFICULTY_VERBS, DOCUMENT_VERBS)
    pairings = (SEMINAR_VERBS, AGREEMENT_VERBS)
    funds = (APPLICATION_VERBS, CARRY_OVER_VERBS, CHANGE_VERBS, DUES_VERBS, PLAQUE_VERBS)
    awards = (REWARD_VERBS, CYCLE_VERBS, NOMINATION_VERBS, CONTRIBUTION_VERBS)
    for verbs in (*units, *mentors, *pairings, *funds, *awards):
        for verb in verbs.values():
            assert verb.done.endswith("。")
            assert verb.label
            assert set(verb.beside) <= verbs.keys()


def test_no_lists_cell_has_attributes_that_change_from_row_to_row():
    """`body_rows` asks each column for them once."""
    lists = [
        one for one in tables.Table.__subclasses__() if not one.__module__.startswith("django")
    ]
    assert lists
    for one in lists:
        for column in one.base_columns.values():
            given = [value for part in column.attrs.values() for value in part.values()]
            assert not any(map(callable, given)), f"{one.__name__}: {column.verbose_name}"
