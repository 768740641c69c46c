"""What waits for a person is exactly what the transitions let him do."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.prepared import Prepared
from accounts.todo import count_by_place, items_for
from awards.todo import KINDS as AWARDS
from funds.actions import applications, changes
from funds.carry_over_todo import KINDS as CARRY_OVERS
from funds.models import Application, DuesRecord
from funds.plaque_todo import KINDS as PLAQUES
from mentors.ties import ties_of
from mentors.todo import KINDS as MENTORS
from pairings.todo import KINDS as PAIRINGS
from pilotwork import clock
from reports.todo import KINDS, PREPARED
from tests.funds import dues
from tests.funds.desk import client_of
from tests.journeys import OPINION, SITUATIONS, bring, draft, file_change, go_on
from tests.people import County
from units.actions import end_programme, file, suggest
from units.models import PilotUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return County()


def people_at_work(county):
    """Everybody who can sign in."""
    return [person for _, person in county.everybody() if person.is_active]


def listed(person):
    """The (kind of matter, id, verb) of everything on the person's list."""
    items = items_for(KINDS, person)
    return [(type(item.matter), item.matter.pk, item.verb) for item in items]


def applications_listed(person):
    """The same of applications: from Wednesday on a mentor is reminded of his visits too."""
    return [row for row in listed(person) if row[0] is Application]


def one_of_everything(county):
    """An application in every situation, a change at every step, a suggestion."""
    matters = [bring(county, situation) for situation in SITUATIONS]
    matters += [dues.bring(county, situation) for situation in dues.SITUATIONS]
    filed, reviewed, approved = (file_change(county, bring(county, "approved")) for _ in range(3))
    for change in (reviewed, approved):
        changes.review_change(change, by=county.reviewer, opinion=OPINION)
    changes.approve_change(approved, by=county.approver, opinion=OPINION)
    return [*matters, filed, reviewed, approved, suggest(by=county.member, text="能否晚上开会？")]


def assert_list_agrees_with_verbs(mine, matter, person):
    """Nothing is listed that he may not do; what everybody waits for him to do is listed."""
    mine = [verb for model, pk, verb in mine if (model, pk) == (type(matter), matter.pk)]
    assert len(mine) == len(set(mine))
    verbs = matter.verbs_for(person)
    assert {verb for verb in mine if verb} <= set(verbs), (person, matter)
    if matter.main_verb in verbs:
        assert matter.main_verb in mine, (person, matter, matter.main_verb)


@pytest.mark.long
def test_the_list_and_its_counts_agree_with_the_verbs_of_every_matter(county):
    matters = [type(m).objects.get(pk=m.pk) for m in one_of_everything(county)]
    met = set()
    for person in people_at_work(county):
        items = items_for(KINDS, person)
        mine = [(type(item.matter), item.matter.pk, item.verb) for item in items]
        for matter in matters:
            assert_list_agrees_with_verbs(mine, matter, person)
        counts = count_by_place(KINDS, person)
        assert sum(counts.values()) == len(mine), person
        # Once prepared for the person's posture, once filled in for him.
        assert PREPARED.first(1000, person, ties_of(person)) == items, person
        assert PREPARED.count(person, ties_of(person)) == counts, person
        assert PREPARED.count(person, ties_of(person)) == counts, person
        waiting = PREPARED.everything(person, ties_of(person))
        assert (len(waiting), waiting.counts) == (len(items), counts), person
        assert [*waiting[0:3], *waiting[3:1000]] == items, person
        met |= {verb for _, _, verb in mine}
    # Otherwise the comparison would prove nothing about the kinds that nobody met. Those of the
    # mentors room are met in tests/mentors/test_five_ones_todo.py, those of pairs in
    # tests/pairings/test_joint_pages.py, those of plaques and of the awards room in tests/awards,
    # those of money carried over in tests/funds/test_carry_over.py.
    met_elsewhere = (*MENTORS, *PAIRINGS, *PLAQUES, *AWARDS, *CARRY_OVERS)
    elsewhere = {id(kind) for kind in met_elsewhere}
    here = [kind for kind in KINDS if id(kind) not in elsewhere]
    assert met - {""} == {kind.verb for kind in here} - {""}
    assert count_by_place(KINDS, county.second_approver)["units:suggestions"] == 1


def test_a_kind_that_looks_further_than_the_posture_is_refused(county):
    """Prepared for one person, it would count wrongly for the next one of his duties."""

    def waiting(user):
        return Application.objects.filter(created_by=User.objects.get(pk=user.pk))

    prepared = Prepared([dataclasses.replace(KINDS[0], waiting=waiting)])
    with pytest.raises(AssertionError, match="posture"):
        prepared.count(county.approver)


def test_a_filed_suggestion_waits_for_nobody(county):
    suggestion = suggest(by=county.member, text="能否晚上开会？")
    assert any(item.matter == suggestion for item in items_for(KINDS, county.approver))
    file(suggestion, by=county.reviewer)
    assert items_for(KINDS, county.approver) == []


def test_who_guides_the_unit_is_not_asked_to_decide(county):
    application = bring(county, "reviewed")
    assert (Application, application.pk, "approve") in listed(county.approver)
    assert (Application, application.pk, "approve") not in listed(county.mentor)
    assert (Application, application.pk, "approve") not in listed(county.staff_member)


def test_who_reviewed_is_not_asked_to_approve(county):
    application = bring(county, "submitted")
    applications.review(application, by=county.allrounder, opinion=OPINION)
    assert (Application, application.pk, "approve") in listed(county.approver)
    assert (Application, application.pk, "approve") not in listed(county.allrounder)


def test_the_mentor_is_asked_once_for_his_opinion(county):
    application = bring(county, "submitted")
    assert applications_listed(county.mentor) == [(Application, application.pk, "mentor_opinion")]
    applications.mentor_opinion(application, by=county.mentor, opinion=OPINION)
    assert applications_listed(county.mentor) == []


def long_over(county, *steps):
    """An application whose activity ended 31 days ago, with the given steps taken."""
    ended = clock.today() - dt.timedelta(days=31)
    starts = ended - dt.timedelta(days=1)
    return go_on(county, draft(county, starts_on=starts, ends_on=ended), *steps)


def test_an_overdue_closure_is_red_for_unit_and_mentor(county):
    application = long_over(county, "submit", "review", "approve", "pay_part")
    [item] = items_for(KINDS, county.member)
    assert (item.verb, item.tone, item.state) == ("file_closure", "r", "逾期未结项")
    assert (Application, application.pk, "") in listed(county.mentor)
    assert (Application, application.pk, "") not in listed(county.former_mentor)


def test_the_unit_is_reminded_even_when_nothing_was_paid(county):
    application = long_over(county, "submit", "review", "approve")
    assert listed(county.member) == [(Application, application.pk, "")]


@pytest.mark.parametrize(
    ("situation", "owed"), [("closure_reviewed", "60.00"), ("terminated", "100.00")]
)
def test_the_unit_is_told_what_it_owes_back_until_it_came(county, situation, owed):
    application = bring(county, situation)
    [item] = items_for(KINDS, county.member)
    assert (item.matter, item.verb, item.state) == (application, "", "结余待退")
    assert str(item.amount) == owed
    assert applications_listed(county.mentor) == []
    go_on(county, application, "recover_rest")
    assert listed(county.member) == []


def test_the_unit_is_told_which_dues_it_has_not_paid(county):
    record = dues.bring(county, "unpaid")
    [item] = items_for(KINDS, county.member)
    assert (item.matter, item.verb, item.state) == (record, "", "团费待缴")
    assert item.amount == record.unpaid
    assert (DuesRecord, record.pk, "") not in listed(county.mentor)
    dues.collect(county, record, "800")
    assert listed(county.member) == []


def test_dues_that_the_unit_may_keep_are_not_asked_for(county):
    dues.bring(county, "to_waive")
    assert listed(county.member) == []


def test_nothing_is_overdue_within_the_grace_days(county):
    county.programme.closure_grace_days = 31
    county.programme.save()
    application = long_over(county, "submit", "review", "approve", "pay_part")
    [item] = items_for(KINDS, county.member)
    assert (item.matter.pk, item.state) == (application.pk, "待结项")
    assert (Application, application.pk, "") not in listed(county.mentor)


def test_a_closure_that_was_sent_back_is_told_from_one_never_filed(county):
    application = bring(county, "closing")
    go_on(county, application, "return_closure")
    (item,) = items_for(KINDS, county.member)
    assert item.state == "结项退回修改"


def test_nobody_is_asked_for_what_the_ended_programme_forbids(county):
    waiting, written = bring(county, "reviewed"), bring(county, "draft")
    assert (Application, waiting.pk, "approve") in listed(county.approver)
    assert (Application, written.pk, "submit") in listed(county.member)
    end_programme(county.programme, by=county.administrator, opinion=OPINION)
    assert listed(county.approver) == []
    # What the end of the pilot asks of the unit is no application.
    assert {model for model, _, _ in listed(county.member)} == {PilotUnit}


def test_the_longest_waiting_comes_first(county):
    later = bring(county, "reviewed")
    with clock.at(clock.now() - dt.timedelta(days=2)):
        earlier = bring(county, "reviewed")
    assert [pk for _, pk, _ in listed(county.approver)] == [earlier.pk, later.pk]


def test_the_list_takes_as_many_queries_with_one_row_as_with_many(county):
    bring(county, "reviewed")
    listed(county.approver)
    with CaptureQueriesContext(connection) as with_one:
        listed(county.approver)
    for _ in range(6):
        bring(county, "reviewed", requested="100")
    with CaptureQueriesContext(connection) as with_many:
        assert len(listed(county.approver)) == 7
    assert len(with_many) == len(with_one)


def test_the_page_says_when_more_waits_than_it_lists(county, monkeypatch):
    for _ in range(2):
        bring(county, "reviewed", requested="100")
    page = client_of(county.approver).get(reverse("reports:todo")).content.decode()
    assert "共 2 条" in page
    monkeypatch.setattr("accounts.prepared.MOST_LISTED", 1)
    page = client_of(county.approver).get(reverse("reports:todo")).content.decode()
    assert "共 1+ 条" in page
