"""Brings plaques and rewards of the county's unit into any situation, through the verbs."""

import datetime as dt
from uuid import uuid4

from awards.actions import rewards
from awards.models import Reward
from funds.actions import outright, plaques
from funds.actions.accounts import county_account
from funds.models import AccountKind, Plaque
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.money import to_yuan
from tests.people import BEGAN, receive

OPINION = "同意。"
COST = to_yuan("180")
PDF = Accepted("通知.pdf", "application/pdf", b"%PDF-1.7")
MAKER = {"maker_name": "县标牌厂", "maker_bank": "县农商银行", "maker_account": "6210 7"}


def working_money(county, amount="3000"):
    """Let `amount` yuan come into 工作经费; returns the account."""
    account = county_account(AccountKind.WORKING)
    receive(county, amount, account)
    return account


def days_before(days):
    """The clock stands so many days ago."""
    return clock.at(clock.now() - dt.timedelta(days=days))


def payment(**changed):
    """What the cashier types."""
    return {"occurred_on": clock.today(), "method": "银行转账", "request_key": uuid4()} | changed


# --- Plaques ----------------------------------------------------------------------------------


def propose_plaque(county, unit=None, by=None, **changed):
    """A proposed plaque of the county's unit."""
    content = {"cost": COST, "made_on": None, **MAKER} | changed
    return plaques.propose_plaque(unit or county.unit, by=by or county.reviewer, **content)


def approve_plaque(county, plaque, by=None):
    """Let the approver agree."""
    return plaques.approve_plaque(plaque, by=by or county.approver, opinion=OPINION)


def pay(county, matter, by=None, **changed):
    """Let the cashier pay a plaque or a reward; returns the entry."""
    return outright.pay_price(matter, by=by or county.cashier, **payment(**changed))


def reverse(county, matter, by=None, **changed):
    """Let the cashier reverse what was paid; returns the entry."""
    changed = {"opinion": "记错。", "request_key": uuid4()} | changed
    return outright.reverse_price(matter, by=by or county.cashier, **changed)


def hang(county, plaque, by=None, **changed):
    """Let the reviewer note that it hangs."""
    typed = {"made_on": clock.today(), "hung_on": clock.today(), "place": "社门口"} | changed
    return plaques.hang_plaque(plaque, by=by or county.reviewer, **typed)


def plaque_in(county, situation, unit=None, **changed):
    """A plaque that began five days ago: proposed, approved, paid, hung (and paid)."""
    with days_before(BEGAN):
        plaque = propose_plaque(county, unit, **changed)
    steps = ["proposed", "approved", "paid", "hung"]
    reached = steps.index(situation)
    if reached >= 1:
        approve_plaque(county, plaque)
    if reached >= 2:
        pay(county, plaque)
    if reached >= 3:
        hang(county, plaque)
    return fresh_plaque(plaque)


def fresh_plaque(plaque):
    """The plaque as the database has it."""
    return Plaque.objects.get(pk=plaque.pk)


# --- Rewards ----------------------------------------------------------------------------------


def propose_reward(county, unit=None, by=None, **changed):
    """A proposed reward of the county's unit."""
    content = {"level": "city", "basis_title": "关于命名先进典型的通知", "files": [PDF]} | changed
    return rewards.propose_reward(unit or county.unit, by=by or county.reviewer, **content)


def approve_reward(county, reward, by=None, **changed):
    """Let the approver agree."""
    return rewards.approve_reward(reward, by=by or county.approver, opinion=OPINION, **changed)


def reward_in(county, situation, unit=None, **changed):
    """A reward that began five days ago: proposed, approved or paid."""
    with days_before(BEGAN):
        reward = propose_reward(county, unit, **changed)
    if situation != "proposed":
        approve_reward(county, reward)
    if situation == "paid":
        pay(county, reward)
    return fresh_reward(reward)


def fresh_reward(reward):
    """The reward as the database has it."""
    return Reward.objects.get(pk=reward.pk)
