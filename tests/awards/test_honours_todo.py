"""What waits about plaques and rewards is exactly what their transitions let each person do."""

import pytest

from accounts.todo import items_for
from awards.actions import rewards
from awards.reward_todo import KINDS as REWARDS
from funds.plaque_todo import KINDS as PLAQUES
from tests import honours

pytestmark = pytest.mark.django_db


def reopened(county):
    """A reward whose payment is to be reversed."""
    reward = honours.reward_in(county, "paid")
    return rewards.reopen_reward(reward, by=county.approver, opinion="账号有误。")


def hung_unpaid(county):
    """A plaque that hangs and is still to be paid."""
    return honours.hang(county, honours.plaque_in(county, "approved"))


SITUATIONS = {
    "a proposed plaque": lambda c: honours.plaque_in(c, "proposed"),
    "an approved plaque": lambda c: honours.plaque_in(c, "approved"),
    "a plaque that hangs unpaid": hung_unpaid,
    "a plaque that hangs and is paid": lambda c: honours.plaque_in(c, "hung"),
    "a proposed reward": lambda c: honours.reward_in(c, "proposed"),
    "an approved reward": lambda c: honours.reward_in(c, "approved"),
    "a paid reward": lambda c: honours.reward_in(c, "paid"),
    "a reopened reward": reopened,
}


@pytest.mark.parametrize("bring", SITUATIONS.values(), ids=SITUATIONS)
def test_a_matter_waits_for_exactly_those_who_may_take_its_next_step(county, bring):
    honours.working_money(county)
    matter = bring(county)
    matter = type(matter).objects.get(pk=matter.pk)
    for _, person in county.everybody():
        if not person.is_active:
            continue
        mine = [(item.matter, item.verb) for item in items_for([*PLAQUES, *REWARDS], person)]
        verb = matter.main_verb
        expected = [(matter, verb)] if verb in matter.verbs_for(person) else []
        assert mine == expected, person
