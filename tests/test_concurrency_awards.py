"""Races about plaques and rewards: paid once, one decision at a time, one plaque on the wall."""

import uuid

import pytest

from awards.actions import rewards
from awards.models import RewardState
from funds.actions import outright, plaques
from funds.models import Entry, Plaque
from funds.verify import differences
from pilotwork import clock
from tests import honours
from tests.factories import OrganisationFactory, PilotUnitFactory
from tests.people import County
from tests.test_concurrency import all_at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(transactional_db):
    return County()


def new_unit(county):
    """A unit where nobody is tied, one for each round."""
    organisation = OrganisationFactory(parent=county.county_committee)
    return PilotUnitFactory(programme=county.programme, organisation=organisation)


def paying(matter, by, key):
    """A call that pays the matter in full."""
    today = clock.today()
    return lambda: outright.pay_price(
        type(matter)(pk=matter.pk), by=by, occurred_on=today, method="现金", request_key=key
    )


@pytest.mark.parametrize("bring", [honours.reward_in, honours.plaque_in])
def test_two_cashiers_at_once_pay_a_reward_or_a_plaque_once(county, race_rounds, bring):
    honours.working_money(county, str(2000 * race_rounds))
    for _ in range(race_rounds):
        matter = bring(county, "approved", new_unit(county))
        cashiers = (county.cashier, county.allrounder)
        results = all_at_once(*[paying(matter, by, uuid.uuid4()) for by in cashiers * 2])
        assert len(refusals(results)) == 3
        fresh = type(matter).objects.get(pk=matter.pk)
        assert Entry.objects.filter(commitment=fresh.commitment, kind="disburse").count() == 1
        assert fresh.sums.disbursed == fresh.amount_due
    assert list(differences()) == []


@pytest.mark.parametrize("bring", [honours.reward_in, honours.plaque_in])
def test_one_form_sent_many_times_at_once_pays_once(county, race_rounds, bring):
    honours.working_money(county, str(2000 * race_rounds))
    for _ in range(race_rounds):
        matter = bring(county, "approved", new_unit(county))
        results = all_at_once(*[paying(matter, county.cashier, uuid.uuid4())] * 4)
        assert refusals(results) == []
        assert len({entry.pk for entry in results}) == 1
    assert list(differences()) == []


def test_of_two_rewards_approved_at_once_the_later_one_is_the_second(county, race_rounds):
    for _ in range(race_rounds):
        unit = new_unit(county)
        both = [honours.reward_in(county, "proposed", unit) for _ in range(2)]
        results = all_at_once(
            *[
                lambda r=reward, by=by: rewards.approve_reward(r, by=by, opinion="同意。")
                for reward, by in zip(both, (county.approver, county.second_approver), strict=True)
            ]
        )
        (refusal,) = refusals(results)
        assert refusal.field == "second_reason"
        states = sorted(honours.fresh_reward(reward).state for reward in both)
        assert states == [RewardState.APPROVED, RewardState.PROPOSED]


def test_two_proposals_at_once_leave_one_plaque_under_way(county, race_rounds):
    for _ in range(race_rounds):
        unit = new_unit(county)
        proposing = [lambda u=unit: honours.propose_plaque(county, u)] * 4
        assert len(refusals(all_at_once(*proposing))) == 3
        assert Plaque.objects.filter(pilot_unit=unit).count() == 1


def test_replacing_against_taking_back_leaves_one_plaque_on_the_wall(county, race_rounds):
    honours.working_money(county, str(2000 * race_rounds))
    for _ in range(race_rounds):
        unit = new_unit(county)
        old = honours.plaque_in(county, "hung", unit)
        new = honours.plaque_in(county, "approved", unit, replaces=old)
        results = all_at_once(
            lambda p=new: honours.hang(county, p),
            lambda p=old: plaques.replace_plaque(
                p, by=county.allrounder, made_on=clock.today(), hung_on=clock.today(), place="门"
            ),
            lambda p=old: plaques.withdraw_plaque(p, by=county.approver, opinion="收回。"),
        )
        assert len(refusals(results)) in {1, 2}
        assert Plaque.objects.get(pilot_unit=unit, state="hung") == new
        assert honours.fresh_plaque(old).state in {"replaced", "withdrawn"}
