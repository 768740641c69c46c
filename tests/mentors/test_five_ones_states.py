"""Visits, excused weeks, difficulties, documents: who may do what in which state.

One table for each, written by hand, against the code: `EVERYBODY` of tests/people.py tries every
verb in every state; what the table does not grant is refused, and nothing has changed then.
"""

import datetime as dt
import uuid

import pytest
from django.db import transaction

from accounts.matters import NotPermitted
from accounts.models import TransitionLog, User
from mentors.actions import records, visits
from mentors.models import (
    Difficulty,
    Document,
    DocumentVersion,
    ExcusedWeek,
    Visit,
)
from mentors.verbs import DIFFICULTY_VERBS, DOCUMENT_VERBS, EXCUSE_VERBS, VISIT_VERBS
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.refusals import Refused
from tests.factories import days_ago
from tests.people import BEGAN, EVERYBODY

# Free of every tie to the unit since five days ago, with all deciding duties.
FREE = {"allrounder", "early_mentor", "other_mentor", "county_member"}
REVIEWERS = {"reviewer"} | FREE
OFFICERS = {"approver", "second_approver"} | REVIEWERS
UNIT = {"member", "staff_member"}
MENTOR = {"mentor"}
# The mentor of today, a reviewer, and the colleague who stood in.
TAKE_BACK = {"withdraw": MENTOR | REVIEWERS | {"other_mentor"}}
UPLOAD = {"upload": UNIT | MENTOR}
PAPER = Accepted("方案.pdf", "application/pdf", b"%PDF-1.7")

# {model: {state: (steps that lead there, {verb: who may})}}
TABLES = {
    # Entered today for a day seventeen days ago, when `former_mentor` guided the unit.
    Visit: {
        # Of today: since then nobody has stopped guiding the unit.
        "recorded": ([], {"withdraw": TAKE_BACK["withdraw"] | {"former_mentor"}}),
        "late": (
            [],
            TAKE_BACK
            | {"confirm": REVIEWERS - {"other_mentor"}, "decline": REVIEWERS - {"other_mentor"}},
        ),
        "confirmed": (["confirm"], TAKE_BACK),
        "declined": (["decline"], {}),
        "withdrawn": (["withdraw"], {}),
    },
    ExcusedWeek: {
        "asked": ([], {"agree": OFFICERS, "decline": OFFICERS, "withdraw": MENTOR}),
        "agreed": (["agree"], {"withdraw": MENTOR}),
        "declined": (["decline"], {}),
        "withdrawn": (["withdraw"], {}),
    },
    Difficulty: {
        "raised": ([], {"solve": MENTOR, "reword": UNIT | MENTOR}),
        "solved": (["solve"], {"confirm": UNIT, "reject": UNIT}),
        "confirmed": (["solve", "confirm"], {}),
    },
    Document: {
        "uploaded": ([], UPLOAD | {"confirm": REVIEWERS, "send_back": REVIEWERS}),
        "returned": (["send_back"], UPLOAD),
        "confirmed": (["confirm"], UPLOAD),
    },
}
SITUATIONS = [(model, state) for model, table in TABLES.items() for state in table]
VERBS = {
    Visit: VISIT_VERBS,
    ExcusedWeek: EXCUSE_VERBS,
    Difficulty: DIFFICULTY_VERBS,
    Document: DOCUMENT_VERBS,
}
OPINION = {"opinion": "意见。"}
# What is typed beside the opinion.
TYPED = {"solve": lambda: {**OPINION, "on": clock.today()}, "upload": lambda: {"upload": PAPER}}
DOERS = {
    (ExcusedWeek, "withdraw"): "mentor",
    (Difficulty, "solve"): "mentor",
    (Difficulty, "confirm"): "member",
}


def ids(value):
    return getattr(value, "__name__", None)


def typed(verb):
    """The arguments with which a verb succeeds."""
    return TYPED.get(verb, lambda: OPINION)()


def make_visit(county, state):
    """A visit of today, or one so old that it waits; a colleague stood in."""
    return visits.record_visit(
        county.unit,
        by=county.other_mentor,
        key=uuid.uuid4(),
        visited_on=clock.today() if state == "recorded" else days_ago(17),
        progress="看了林地。",
    )


def make_excuse(county):
    return visits.ask_excuse(county.unit, by=county.mentor, week=clock.today(), reason="防汛。")


def make_difficulty(county):
    return records.raise_difficulty(county.unit, by=county.member, description="缺苗。")


def make_document(county):
    return records.upload_document(county.unit, by=county.member, kind="plan", upload=PAPER)


MAKERS = {ExcusedWeek: make_excuse, Difficulty: make_difficulty, Document: make_document}


def bring(county, model, state):
    """A matter in the given state, begun five days ago where it is not a visit or a week."""
    if model is Visit:
        matter = make_visit(county, state)
    else:
        matter = MAKERS[model](county)
        model.objects.update(began_on=days_ago(BEGAN))
    for step in TABLES[model][state][0]:
        person = county.people[DOERS.get((model, step), "reviewer")]
        VERBS[model][step].action(matter, by=person, **typed(step))
    matter = model.objects.get(pk=matter.pk)
    assert matter.state == state
    return matter


class Undo(Exception):
    """Ends a block that must leave no trace."""


def attempt(verb, matter, by):
    """Run the verb and undo it; returns whether it succeeded."""
    try:
        with transaction.atomic():
            verb.action(matter, by=by, **typed(verb.name))
            raise Undo
    except (NotPermitted, Refused):
        return False
    except Undo:
        return True


def everything():
    """What a refused verb must leave as it was."""
    models = (TransitionLog, DocumentVersion, *TABLES)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_tables_name_every_state_and_verb_of_the_code_and_no_other():
    for model, table in TABLES.items():
        granted = {(state, verb) for state, (_, verbs) in table.items() for verb in verbs}
        assert granted == {(t.source, t.name) for t in model.declared_transitions()}
        assert table.keys() == {value for value, _ in model._meta.get_field("state").choices}


@pytest.mark.parametrize(("model", "state"), SITUATIONS, ids=ids)
def test_everybody_is_offered_exactly_what_the_table_grants_and_told_why_not(county, model, state):
    pk, granted = bring(county, model, state).pk, TABLES[model][state][1]
    assert User.objects.count() == len(EVERYBODY)
    matter = model.objects.get(pk=pk)
    for verb in VERBS[model]:
        may = granted.get(verb, set())
        able = {p.username for p in User.objects.all() if matter.why_not(verb, p) == ""}
        assert able == may
        assert {person.username for person in matter.who_can(verb)} == may
    offered = {p.username: set(model.objects.get(pk=pk).verbs_for(p)) for p in User.objects.all()}
    for name, verbs in offered.items():
        assert verbs == {verb for verb, may in granted.items() if name in may}


@pytest.mark.parametrize(("model", "state"), SITUATIONS, ids=ids)
def test_every_verb_succeeds_for_exactly_those_and_otherwise_changes_nothing(county, model, state):
    matter, granted = bring(county, model, state), TABLES[model][state][1]
    before = everything()
    for verb in VERBS[model].values():
        able = {p.username for p in User.objects.all() if attempt(verb, matter, p)}
        assert able == granted.get(verb.name, set())
    assert everything() == before


@pytest.mark.parametrize(("model", "state"), SITUATIONS, ids=ids)
def test_what_everybody_waits_for_is_a_verb_that_somebody_may_use(county, model, state):
    matter = bring(county, model, state)
    main, granted = matter.main_verb, TABLES[model][state][1]
    assert main == "" or granted[main]
    assert matter.state_since <= clock.now()


def test_whoever_guided_the_unit_on_the_day_of_a_late_visit_is_recused(county):
    visit = bring(county, Visit, "late")
    assert visit.began_on == days_ago(17)
    assert "指导员" in visit.why_not("confirm", county.former_mentor)
    # He left twenty days ago, before the day of the visit.
    assert visit.why_not("confirm", county.early_mentor) == ""


def test_who_made_or_entered_a_late_visit_does_not_confirm_it(county):
    visit = bring(county, Visit, "late")
    assert "走访人或记录人" in visit.why_not("confirm", county.other_mentor)


def test_who_guided_the_unit_in_the_week_does_not_agree_that_it_is_excused(county):
    week = clock.today() - dt.timedelta(days=7)
    excuse = visits.ask_excuse(county.unit, by=county.mentor, week=week, reason="防汛。")
    assert "指导员" in excuse.why_not("agree", county.former_mentor)
    assert excuse.why_not("agree", county.mentor) != ""
