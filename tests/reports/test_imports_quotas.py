"""Importing 评优基本名额: the file's rows take their place in the table that stands."""

import pytest

from accounts.matters import NotPermitted
from awards.actions import cycles
from awards.models import BaseQuota
from reports.imports.kinds import KINDS
from tests.awards.rounds import approved, nominated, open_cycle, posted
from tests.reports.importing import bring_in, errors, keep, outcomes, plan

pytestmark = pytest.mark.django_db
HEAD = [
    "团组织",
    "评优年度",
    "评优级别",
    "五四红旗团委",
    "五四红旗团支部",
    "优秀团干部",
    "优秀共青团员",
]
BRANCH, TOWN = "顺丰林木种植专业合作社团支部", "沿庄镇团委"


def table(*rows):
    return [HEAD, *rows]


@pytest.fixture
def cycle(county):
    """A cycle in which the branch, the other unit and the office have one place of every type."""
    return open_cycle(county)


def places_of(cycle, organisation):
    """The places of an organisation, in the order of the types."""
    rows = dict(cycle.quotas.filter(organisation=organisation).values_list("award_type", "places"))
    return [rows[kind] for kind in cycle.types] if rows else []


def test_quotas_are_added_and_changed_and_those_not_in_the_file_stay(county, cycle):
    rows = table([TOWN, "2026年", "市级", 2, 0, "３"], [BRANCH, 2026, "市", "", 4, "", ""])
    assert bring_in("quotas", rows, county.reviewer) == {"new": 1, "changed": 1}
    assert places_of(cycle, county.town) == [2, 0, 3, 0]
    assert places_of(cycle, county.branch) == [1, 4, 1, 1]
    assert places_of(cycle, county.office) == [1, 1, 1, 1]
    assert outcomes("quotas", rows, county.reviewer) == {"same": 2}
    makers = BaseQuota.history.filter(organisation=county.town).values_list(
        "history_user", flat=True
    )
    assert list(makers) == [county.reviewer.pk] * 4


def test_a_change_names_the_places_before(county, cycle):
    (row,) = plan(keep("quotas", table([BRANCH, 2026, "市级", 1, 2, 1, 1]), county.reviewer))
    assert row.changes == [("五四红旗团支部", "1", "2")]


def test_a_place_that_is_taken_cannot_be_taken_away(county, cycle):
    nominated(county, cycle)
    found = errors("quotas", table([BRANCH, 2026, "市级", 1, 1, 1, 0]), county.reviewer)
    sentence = f"{BRANCH}的“优秀共青团员”已报送 1 个，名额不能少于此数。"
    assert found == [(2, "优秀共青团员", sentence)]


def test_a_cycle_that_is_posted_takes_no_quotas_any_more(county, cycle):
    approved(county, nominated(county, cycle))
    posted(county, cycle)
    found = errors("quotas", table([TOWN, 2026, "市级", 1]), county.reviewer)
    assert found == [(2, "评优年度", "本次评优已公示或结束，不能再改名额。")]
    assert outcomes("quotas", table([BRANCH, 2026, "市级", 1]), county.reviewer) == {"same": 1}


def test_what_is_wrong_is_said_row_by_row(county, cycle):
    cycles.open_cycle(
        county.programme, by=county.reviewer, year=2026, level="county", types=["member"]
    )
    rows = table(
        [TOWN, 2025, "市级", 1],
        ["没有", 2026, "市级", 1],
        [TOWN, 2026, "县级", 1, "", "", 1],
        [TOWN, 2026, "市级", "一"],
        [TOWN, 2026, "镇级", 1],
        [BRANCH, 2026, "市级", 1],
        [BRANCH, 2026, "市级", 2],
    )
    assert errors("quotas", rows, county.reviewer) == [
        (2, "评优年度", "2025年度市级评优还没有开始。"),
        (3, "团组织", "没有叫“没有”的团组织。"),
        (4, "五四红旗团委", "本次评优没有这个奖项，请空着。"),
        (5, "五四红旗团委", "“一”不是整数。"),
        (6, "评优级别", "“镇级”不在可填的范围内，可以填：县级、市级、市级以上。"),
        (8, "", "与第 7 行重复：同一次评优的同一团组织只能有一行，请删去一行。"),
    ]


def test_the_verb_asks_for_a_reviewer_again(county, cycle):
    rows = plan(keep("quotas", table([TOWN, 2026, "市级", 1]), county.reviewer))
    with pytest.raises(NotPermitted):
        KINDS["quotas"].write(rows, county.cashier)
    assert places_of(cycle, county.town) == []
