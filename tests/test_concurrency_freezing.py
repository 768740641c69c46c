"""Two people freeze the report in the same instant, while the fund goes on paying."""

import uuid
from functools import partial

import pytest

from funds.models import Entry
from reports.models import FrozenBriefing
from tests.people import County, receive
from tests.reports.briefing import freeze_report, shown
from tests.test_concurrency import all_at_once, refusals, winners

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def county(transactional_db):
    return County()


def test_the_same_report_frozen_at_once_by_two_is_kept_once(county, race_rounds):
    for number in range(1, race_rounds + 1):
        receive(county, "1")
        seen = shown(county.programme)
        results = all_at_once(
            *(
                partial(freeze_report, county.programme, by, **seen | {"request_key": uuid.uuid4()})
                for by in (county.reviewer, county.approver, county.second_approver)
            )
        )
        assert [row.number for row in winners(results)] == [number]
        assert all("完全相同" in str(refusal) for refusal in refusals(results))


def test_figures_and_chain_heads_belong_together_while_the_fund_receives(county, race_rounds):
    for _ in range(race_rounds):
        seen = shown(county.programme)
        frozen, _ = all_at_once(
            partial(freeze_report, county.programme, county.reviewer, **seen),
            lambda: receive(county, "1"),
        )
        if isinstance(frozen, FrozenBriefing):
            [head] = frozen.heads
            last = Entry.objects.get(account=county.fund, number=head["number"])
            assert frozen.figures["fund_received"] == str(last.cash_after.normalize())
        else:
            assert frozen.stale
