"""The list of applications: who sees what, filters, pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.models import Application
from pilotwork.lists import MOST_COUNTED, CappedPaginator
from tests import journeys
from tests.factories import MembershipFactory
from tests.funds.desk import client_of
from tests.people import County

pytestmark = pytest.mark.django_db
LIST = "/funds/applications/"


@pytest.fixture
def county():
    return County()


@pytest.mark.parametrize(
    ("username", "sees_submitted", "sees_draft"),
    [
        ("approver", True, False),
        ("leader", True, False),
        ("mentor", True, False),
        ("member", True, True),
        ("neighbour", False, False),
        ("partner", False, False),
    ],
)
def test_a_draft_is_the_units_own_until_it_is_submitted(
    county, username, sees_submitted, sees_draft
):
    person = getattr(county, username)
    submitted, draft = journeys.bring(county, "submitted"), journeys.bring(county, "draft")
    listed = client_of(person).get(LIST).content.decode()
    for application, is_seen in [(submitted, sees_submitted), (draft, sees_draft)]:
        url = reverse("funds:application", args=[application.pk])
        assert (f'href="{url}"' in listed) == is_seen
        expected = 200 if is_seen else 404
        assert client_of(person).get(url).status_code == expected


def test_who_belongs_to_two_units_finds_the_applications_of_both(county):
    own = journeys.draft(county)
    others = journeys.draft(county, unit=county.other_unit, by=county.neighbour)
    assert list(Application.objects.visible_to(county.member)) == [own]
    MembershipFactory(user=county.member, organisation=county.other)
    assert set(Application.objects.visible_to(county.member)) == {own, others}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=林下", True),
        ("q=顺丰", True),
        ("q=直播", False),
        ("state=submitted", True),
        ("state=closed", False),
        ("paid=none", False),
        ("year=1999", True),
    ],
)
def test_filters_stand_in_the_address(county, query, found):
    application = journeys.bring(county, "submitted")
    page = client_of(county.reviewer).get(f"{LIST}?{query}").content.decode()
    assert (reverse("funds:application", args=[application.pk]) in page) == found


def test_among_many_units_one_is_searched_for_and_a_link_still_narrows(county, monkeypatch):
    monkeypatch.setattr("funds.filters.MOST_UNITS", 1)
    application = journeys.bring(county, "submitted")
    client, url = client_of(county.reviewer), reverse("funds:application", args=[application.pk])
    for unit, is_found in ((county.unit, True), (county.other_unit, False)):
        page = client.get(f"{LIST}?unit={unit.pk}").content.decode()
        assert 'type="hidden" name="unit"' in page
        assert f"只看 <strong>{unit}</strong>" in page
        assert (url in page) == is_found
    assert '<select name="unit"' not in client.get(LIST).content.decode()


def test_a_unit_finds_what_is_in_review_whoever_has_it_on_the_table(county):
    application = journeys.bring(county, "reviewed")
    page = client_of(county.member).get(f"{LIST}?state=review").content.decode()
    assert reverse("funds:application", args=[application.pk]) in page
    assert "待审批" not in page
    empty = client_of(county.member).get(f"{LIST}?state=closed").content.decode()
    assert reverse("funds:application", args=[application.pk]) not in empty


@pytest.mark.parametrize(
    ("situation", "paid"), [("approved", "none"), ("partly_paid", "part"), ("paid", "all")]
)
def test_the_list_is_narrowed_by_what_is_paid(county, situation, paid):
    application = journeys.bring(county, situation)
    shown = [
        choice
        for choice in ("none", "part", "all")
        if application
        in client_of(county.leader).get(f"{LIST}?paid={choice}").context["table"].data
    ]
    assert shown == [paid]


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(county):
    journeys.bring(county, "submitted")
    client = client_of(county.reviewer)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(29):
        journeys.bring(county, "submitted")
    with CaptureQueriesContext(connection) as thirty:
        client.get(f"{LIST}?per_page=50")
    assert len(thirty) == len(one)
    assert len(thirty) <= 12


def test_only_the_offered_page_sizes_are_served(county):
    journeys.bring(county, "submitted")
    sizes = {
        asked: client_of(county.leader).get(f"{LIST}?per_page={asked}").context["table"].paginator
        for asked in ("50", "7", "x")
    }
    assert {asked: found.per_page for asked, found in sizes.items()} == {"50": 50, "7": 20, "x": 20}


def test_a_list_counts_no_further_than_a_person_reads(county, monkeypatch):
    journeys.bring(county, "submitted")
    journeys.bring(county, "submitted")
    assert CappedPaginator(Application.objects.all(), 20).count_label == "2"
    assert MOST_COUNTED == 1000
    monkeypatch.setattr("pilotwork.lists.MOST_COUNTED", 1)
    capped = CappedPaginator(Application.objects.all(), 20)
    assert (capped.count_label, capped.count) == ("1+", 1)


def test_an_empty_list_says_what_to_do_next(county):
    assert "新建立项申请" in client_of(county.member).get(LIST).content.decode()
    assert "新建立项申请" not in client_of(county.leader).get(LIST).content.decode()
