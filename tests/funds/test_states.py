"""Who may do what in which situation: one table, written by hand, against the code.

`EVERYBODY` of tests/people.py tries every verb in every situation; what the table does not grant is
refused, and nothing has changed then.
"""

import pytest
from django.db import transaction

from accounts.matters import NotPermitted
from accounts.models import TransitionLog, User
from funds.actions import applications, changes, closures, payments
from funds.models import (
    Application,
    ApplicationVersion,
    Change,
    Closure,
    Entry,
    EntryKind,
    Expense,
)
from funds.models.change import ChangeState
from funds.models.states import State
from funds.verbs import APPLICATION_VERBS, CHANGE_VERBS
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.journeys import OPINION, SITUATIONS, bring, expense, file_change, fresh
from tests.people import EVERYBODY

FREE = {"allrounder", "early_mentor", "other_mentor", "county_member"}
UNIT = {"member", "staff_member"}
MENTOR = {"mentor"}
REVIEWERS = {"reviewer"} | FREE
APPROVERS = {"approver", "second_approver"} | FREE
CASHIERS = {"cashier"} | FREE

OPINIONS = {"mentor_opinion": MENTOR, "superior_opinion": REVIEWERS}
FINAL = {"reopen": APPROVERS}
# situation: (state, {verb: who may})
TABLE = {
    "draft": ("draft", {"submit": UNIT}),
    "submitted": (
        "submitted",
        OPINIONS
        | {"withdraw": UNIT, "review": REVIEWERS, "send_back": REVIEWERS, "reject": REVIEWERS},
    ),
    "reviewed": (
        "reviewed",
        OPINIONS
        | {"withdraw": UNIT, "approve": APPROVERS, "send_back": APPROVERS, "reject": APPROVERS},
    ),
    "returned": ("returned", {"resubmit": UNIT, "withdraw": UNIT}),
    "approved": (
        "approved",
        {"pay": CASHIERS, "reduce": APPROVERS, "revoke": APPROVERS, "file_closure": UNIT},
    ),
    "partly_paid": (
        "approved",
        {
            "pay": CASHIERS,
            "reverse": CASHIERS,
            "reduce": APPROVERS,
            "terminate": APPROVERS,
            "file_closure": UNIT,
        },
    ),
    "paid": (
        "approved",
        {"reverse": CASHIERS, "terminate": APPROVERS, "file_closure": UNIT},
    ),
    "closing": (
        "closing",
        {
            "pay": CASHIERS,
            "recover": CASHIERS,
            "reverse": CASHIERS,
            "review_closure": REVIEWERS,
            "send_back_closure": REVIEWERS,
        },
    ),
    "closing_settled": (
        "closing",
        {
            "pay": CASHIERS,
            "reverse": CASHIERS,
            "review_closure": REVIEWERS,
            "send_back_closure": REVIEWERS,
        },
    ),
    "closure_reviewed": (
        "closure_reviewed",
        {
            "recover": CASHIERS,
            "reverse": CASHIERS,
            "waive": APPROVERS,
            "send_back_closure": APPROVERS,
        },
    ),
    "closure_settled": (
        "closure_reviewed",
        {"reverse": CASHIERS, "close": APPROVERS, "send_back_closure": APPROVERS},
    ),
    "closed": ("closed", FINAL),
    "rejected": ("rejected", FINAL),
    "withdrawn": ("withdrawn", FINAL),
    "revoked": ("revoked", FINAL),
    "terminated": ("terminated", FINAL | {"recover": CASHIERS, "waive": APPROVERS}),
    "terminated_settled": ("terminated", FINAL),
}
CHANGE_TABLE = {
    "filed": {"withdraw": UNIT, "review": REVIEWERS, "decline": REVIEWERS},
    "reviewed": {"withdraw": UNIT, "approve": APPROVERS, "decline": APPROVERS},
    "approved": {},
    "declined": {},
    "withdrawn": {},
}
CHANGE_STEPS = {
    "filed": [],
    "reviewed": ["review"],
    "approved": ["review", "approve"],
    "declined": ["review", "decline"],
    "withdrawn": ["withdraw"],
}
PEOPLE_OF_STEPS = {"review": "reviewer", "approve": "approver", "decline": "approver"}
SCAN = Accepted("意见.pdf", "application/pdf", b"%PDF-1.7")


def wrong_entry(application):
    """The last payment or recovery that can be reversed, or any entry where there is none."""
    mine = Entry.objects.reversible().filter(commitment=application.commitment_id)
    return mine.exclude(kind=EntryKind.RECEIPT).order_by("-number").first() or Entry.objects.first()


def transfer(application):
    return {"amount": to_yuan("1"), "occurred_on": clock.today(), "method": "银行转账"}


def opinion(application):
    return {"opinion": OPINION}


# verb: (action, the arguments with which it succeeds)
ACTIONS = {
    "submit": (applications.submit, lambda a: {}),
    "resubmit": (applications.resubmit, lambda a: {}),
    "withdraw": (applications.withdraw, lambda a: {}),
    "mentor_opinion": (applications.mentor_opinion, opinion),
    "superior_opinion": (
        applications.superior_opinion,
        lambda a: {"opinion": OPINION, "uploads": [SCAN]},
    ),
    "review": (applications.review, opinion),
    "approve": (applications.approve, lambda a: {"opinion": OPINION, "amount": to_yuan("800")}),
    "send_back": (applications.send_back, opinion),
    "reject": (applications.reject, opinion),
    "pay": (payments.pay, transfer),
    "reduce": (applications.reduce, lambda a: {"opinion": OPINION, "amount": to_yuan("700")}),
    "revoke": (applications.revoke, opinion),
    "terminate": (
        applications.terminate,
        lambda a: {"opinion": OPINION, "due_back": to_yuan("100")},
    ),
    "file_closure": (
        closures.file_closure,
        lambda a: {"report": "完成。", "document_count": 1, "expenses": [expense(a)]},
    ),
    "review_closure": (closures.review_closure, opinion),
    "send_back_closure": (closures.send_back_closure, opinion),
    "recover": (payments.recover, transfer),
    "waive": (payments.waive, opinion),
    "close": (closures.close, opinion),
    "reverse": (payments.reverse, lambda a: {"opinion": OPINION, "entry": wrong_entry(a)}),
    "reopen": (applications.reopen, opinion),
}
CHANGE_ACTIONS = {
    "review": (changes.review_change, opinion),
    "approve": (changes.approve_change, opinion),
    "decline": (changes.decline_change, opinion),
    "withdraw": (changes.withdraw_change, lambda change: {}),
}


def pairs_in_the_code(model):
    """{(state, verb)} of every declared transition."""
    return {(t.source, t.name) for t in model.declared_transitions()}


def everything():
    """What a refused verb must leave as it was."""
    models = (TransitionLog, Entry, ApplicationVersion, Closure, Expense, Change, Application)
    return [list(model.objects.order_by("pk").values()) for model in models]


class Undo(Exception):
    """Ends a block that must leave no trace."""


def attempt(action, matter, by, arguments):
    """Run the verb and undo it; returns None, or what was raised."""
    try:
        with transaction.atomic():
            action(matter, by=by, **arguments)
            raise Undo
    except (NotPermitted, Refused) as refusal:
        return refusal
    except Undo:
        return None


def who_succeeds(matter, actions):
    """{verb: names of the people for whom the real action succeeds}, each try undone.

    Where the state declares no such transition nobody's person is looked at: two try it.
    """
    everybody = list(User.objects.all())
    two = [person for person in everybody if person.username in {"allrounder", "member"}]
    succeeded = {}
    for verb, (action, arguments) in actions.items():
        typed = arguments(matter)
        for person in everybody if matter.transition_of(verb) else two:
            if attempt(action, matter, person, typed) is None:
                succeeded.setdefault(verb, set()).add(person.username)
    return succeeded


def who_is_offered(model, pk):
    """{verb: names of the people whom the matter offers it}."""
    offered, matter = {}, model.objects.get(pk=pk)
    for person in User.objects.all():
        for verb in matter.verbs_for(person):
            offered.setdefault(verb, set()).add(person.username)
    return offered


def test_the_tables_name_every_state_and_verb_of_the_code_and_no_other():
    table = {(state, verb) for state, verbs in TABLE.values() for verb in verbs}
    assert table == pairs_in_the_code(Application)
    assert {state for state, _ in TABLE.values()} == set(State.values)
    assert TABLE.keys() == SITUATIONS.keys()
    assert ACTIONS.keys() == APPLICATION_VERBS.keys()
    changes_table = {(state, verb) for state, verbs in CHANGE_TABLE.items() for verb in verbs}
    assert changes_table == pairs_in_the_code(Change)
    assert CHANGE_TABLE.keys() == set(ChangeState.values)
    assert CHANGE_ACTIONS.keys() == CHANGE_VERBS.keys()


@pytest.mark.parametrize("situation", TABLE)
def test_everybody_is_offered_exactly_what_the_table_grants(county, situation):
    state, granted = TABLE[situation]
    application = bring(county, situation)
    assert User.objects.count() == len(EVERYBODY)
    assert application.state == state
    assert who_is_offered(Application, application.pk) == granted


@pytest.mark.parametrize("situation", TABLE)
def test_every_verb_succeeds_for_exactly_those_and_otherwise_changes_nothing(county, situation):
    application = bring(county, situation)
    before = everything()
    assert who_succeeds(application, ACTIONS) == TABLE[situation][1]
    assert everything() == before


@pytest.mark.parametrize("situation", TABLE)
def test_whoever_may_not_is_told_why_and_who_can(county, situation):
    application = bring(county, situation)
    granted = TABLE[situation][1]
    for verb, able in granted.items():
        assert {person.username for person in application.who_can(verb)} == able
    for person in User.objects.all():
        for verb in ACTIONS:
            may = person.username in granted.get(verb, ())
            assert (application.why_not(verb, person) == "") == may, (person, verb)


def bring_change(county, state):
    change = file_change(county, bring(county, "approved"))
    for step in CHANGE_STEPS[state]:
        action, arguments = CHANGE_ACTIONS[step]
        person = county.people[PEOPLE_OF_STEPS.get(step, "member")]
        action(change, by=person, **arguments(change))
    return Change.objects.get(pk=change.pk)


@pytest.mark.parametrize("state", CHANGE_TABLE)
def test_a_change_offers_and_does_exactly_what_its_table_grants(county, state):
    change = bring_change(county, state)
    assert change.state == state
    assert who_is_offered(Change, change.pk) == CHANGE_TABLE[state]
    before = everything()
    assert who_succeeds(change, CHANGE_ACTIONS) == CHANGE_TABLE[state]
    assert everything() == before


@pytest.mark.parametrize("situation", TABLE)
def test_the_log_says_every_step_from_to_by_and_at(county, situation):
    application = bring(county, situation)
    state = State.DRAFT
    for number, row in enumerate(application.log, start=1):
        assert (row.number, row.source) == (number, state)
        assert row.by_id
        assert row.by_name == str(row.by)
        state = row.target
    assert state == application.state
    assert fresh(application).state_since == max(
        [row.at for row in application.log if row.source != row.target],
        default=application.created_at,
    )
