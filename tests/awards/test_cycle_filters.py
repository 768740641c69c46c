"""The lists of cycles, 突出贡献 and campaigns are narrowed as the address says."""

import re

import pytest
from django.urls import reverse

from awards.actions import contributions
from awards.actions.campaigns import save_campaign
from awards.models import Campaign
from pilotwork.money import ZERO
from tests.awards.rounds import DEEDS, nominated, of_the_office, open_cycle

pytestmark = pytest.mark.django_db
NOTHING = "没有符合条件的记录"


def shown(client, person, name, /, **query):
    """What the list `name` links to as `person` reads it: the words of its rows' links."""
    client.force_login(person)
    answer = client.get(reverse(f"awards:{name}"), query)
    assert answer.status_code == 200
    page = answer.content.decode()
    rows = re.findall(rf'<a href="/awards/{name}/\d+/">(.*?)</a>', page)
    assert bool(rows) == (NOTHING not in page)
    return sorted(rows)


def campaign(county, name, kind, *organisations):
    """A recorded campaign of which each organisation got one place."""
    figures = {"base_places": 1, "extra_places": 0, "base_amount": ZERO, "extra_amount": ZERO}
    return save_campaign(
        Campaign(),
        by=county.reviewer,
        rows=[{"organisation": organisation} | figures for organisation in organisations],
        programme=county.programme,
        kind=kind,
        year=2026,
        name=name,
        note="",
    )


def test_cycles_are_found_by_year_level_state_and_who_was_nominated(client, county):
    theirs = open_cycle(county, year=2026)
    open_cycle(county, year=2025)
    nominated(county, theirs)
    of_the_office(county, open_cycle(county, year=2024))
    every = [f"{year}年度市级评优" for year in (2024, 2025, 2026)]
    for query, found in [
        ({}, every),
        ({"year": 2025}, every[1:2]),
        ({"level": "city", "state": "open"}, every),
        ({"level": "county"}, []),
        ({"q": "顺丰"}, every[2:]),
        ({"q": "林业"}, every[:1]),
        ({"unit": county.unit.pk}, every[2:]),
        ({"unit": county.other_unit.pk}, []),
        ({"unit": 10**20, "year": "x"}, []),
    ]:
        assert shown(client, county.approver, "cycles", **query) == found, query


def test_nobody_finds_out_by_a_filter_what_he_may_not_see(client, county):
    cycle = open_cycle(county, year=2026)
    nominated(county, cycle)
    assert shown(client, county.neighbour, "cycles") == [str(cycle)]
    assert shown(client, county.neighbour, "cycles", q="顺丰") == []
    assert shown(client, county.neighbour, "cycles", unit=county.unit.pk) == []
    assert shown(client, county.member, "cycles", unit=county.unit.pk) == [str(cycle)]


def test_campaigns_are_found_by_name_kind_and_who_got_something(client, county):
    campaign(county, "圆梦行动", "hope", county.branch, county.other)
    campaign(county, "暑期支教", "teaching", county.office)
    for query, found in [
        ({}, ["圆梦行动", "暑期支教"]),
        ({"name": "支教"}, ["暑期支教"]),
        ({"kind": "hope"}, ["圆梦行动"]),
        ({"year": 2026, "q": "王口"}, ["圆梦行动"]),
        ({"unit": county.unit.pk}, ["圆梦行动"]),
    ]:
        assert shown(client, county.leader, "campaigns", **query) == found, query


def test_contributions_are_found_by_unit_person_deeds_and_state(client, county):
    for unit, person in [(county.unit, ""), (county.unit, "郑 · 队长"), (county.other_unit, "")]:
        contributions.propose(unit, by=county.reviewer, deeds=DEEDS, person=person)
    assert len(shown(client, county.approver, "contributions")) == 3
    assert len(shown(client, county.approver, "contributions", unit=county.unit.pk)) == 2
    assert len(shown(client, county.approver, "contributions", q="王口")) == 1
    assert len(shown(client, county.approver, "contributions", text="队长")) == 1
    assert len(shown(client, county.approver, "contributions", text=DEEDS[:3])) == 3
    assert shown(client, county.approver, "contributions", state="declined") == []
