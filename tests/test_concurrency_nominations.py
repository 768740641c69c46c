"""Races for the last place of an award cycle: whoever wins, no quota is exceeded."""

import pytest

from awards.actions import cycles, nominations
from awards.models import Nomination
from pilotwork.refusals import Refused
from tests.awards.rounds import approved, draft, nominated, open_cycle, posted, recognised
from tests.people import County
from tests.test_concurrency import all_at_once, refusals, winners

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 6


@pytest.fixture
def county(transactional_db):
    return County()


def submissions(county, drafts):
    """A call for each draft that hands it in."""
    return [lambda one=one: nominations.submit(one, by=one.entered_by) for one in drafts]


def test_many_handed_in_at_once_never_exceed_the_base_quota(county, race_rounds):
    for year in range(2026, 2026 + race_rounds):
        cycle = open_cycle(county, places=2, year=year)
        drafts = [draft(county, cycle, nominee_name=f"青年 {n}") for n in range(RIVALS)]
        results = all_at_once(*submissions(county, drafts))
        assert len(winners(results)) == 2
        said = [refusal.message for refusal in refusals(results)]
        assert all(message.endswith("基本名额为 2 个，已用 2 个。") for message in said), said
        assert cycle.nominations.in_play().count() == 2


def test_two_units_at_once_do_not_both_take_the_pilots_extra_place(county, race_rounds):
    backings = [recognised(county), recognised(county, county.other_unit)]
    for year in range(2026, 2026 + race_rounds):
        cycle = open_cycle(county, places=0, year=year)
        drafts = [
            draft(county, cycle, organisation, by, is_extra=True, contribution=backing)
            for organisation, by, backing in [
                (county.branch, county.member, backings[0]),
                (county.other, county.neighbour, backings[1]),
            ]
        ]
        results = all_at_once(*submissions(county, drafts * 2))
        assert len(winners(results)) == 1
        assert cycle.nominations.in_play().count() == 1


def test_a_lowered_quota_and_a_nomination_at_once_agree(county, race_rounds):
    for year in range(2026, 2026 + race_rounds):
        cycle = open_cycle(county, year=year)
        written = draft(county, cycle)
        submitted, lowered = all_at_once(
            lambda one=written: nominations.submit(one, by=county.member),
            lambda c=cycle: cycles.set_quotas(c, by=county.reviewer, rows={}),
        )
        assert [isinstance(one, Refused) for one in (submitted, lowered)].count(True) == 1
        in_play = cycle.nominations.in_play().count()
        assert in_play <= cycle.quotas.filter(award_type="member").count()


def test_a_nomination_and_the_notice_at_once_leave_nothing_undecided_under_it(county, race_rounds):
    for year in range(2026, 2026 + race_rounds):
        cycle = open_cycle(county, year=year)
        approved(county, nominated(county, cycle, award_type="official"))
        written = draft(county, cycle)
        all_at_once(
            lambda one=written: nominations.submit(one, by=county.member),
            lambda c=cycle: posted(county, c),
        )
        cycle.refresh_from_db()
        undecided = Nomination.objects.filter(cycle=cycle).undecided().exists()
        assert (cycle.state, undecided) in [("notice", False), ("open", True)]
