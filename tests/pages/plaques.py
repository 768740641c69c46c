"""Plaques and rewards for the page tests: one in every state, and more of them."""

from awards.actions import rewards
from awards.models import Reward, RewardState
from funds.actions import outright, plaques
from funds.models import Plaque, PlaquePhoto, PlaqueState
from pilotwork import clock
from pilotwork.money import to_yuan
from tests.honours import MAKER

ONE = to_yuan("1")
OPINION = "同意"


class PlaquesAndRewards:
    """`rows` are plaques and rewards in every state; `new_unit` makes a unit without a plaque."""

    def __init__(self, world, photo, new_unit):
        self.people, self.photo, self.new_unit = world.people, photo, new_unit
        world.receive("5000")
        self.hanging = Plaque.objects.get(pilot_unit=world.unit)
        self.rewarded = self._reward(RewardState.PAID, world.unit)
        self.rows = {
            Plaque: [self.hanging, *map(self._plaque, PlaqueState), self._paid_not_hung()],
            Reward: [self.rewarded, *map(self._reward, RewardState), self._reopened()],
        }

    def _decision(self):
        return {"by": self.people["secretary"], "opinion": OPINION}

    def _pay(self, matter):
        today = clock.today()
        by = self.people["officer"]
        return outright.pay_price(matter, by=by, occurred_on=today, method="现金")

    def _proposed(self, unit, replaces=None):
        by = self.people["orghead"]
        return plaques.propose_plaque(unit, by=by, cost=ONE, replaces=replaces, **MAKER)

    def _plaque(self, state, unit=None):
        """A plaque brought to `state` by the people whose duty it is."""
        plaque = self._proposed(unit or self.new_unit())
        if state == PlaqueState.DECLINED:
            return plaques.decline_plaque(plaque, **self._decision())
        if state == PlaqueState.PROPOSED:
            return plaque
        plaques.approve_plaque(plaque, **self._decision())
        if state in {PlaqueState.HUNG, PlaqueState.REPLACED}:
            self._hang(plaque)
        if state == PlaqueState.REPLACED:
            following = self._proposed(plaque.pilot_unit, plaque)
            self._hang(plaques.approve_plaque(following, **self._decision()))
        if state == PlaqueState.WITHDRAWN:
            plaques.withdraw_plaque(plaque, **self._decision())
        return Plaque.objects.get(pk=plaque.pk)

    def _hang(self, plaque):
        today = clock.today()
        by = self.people["orghead"]
        photos = [self.photo]
        plaques.hang_plaque(
            plaque, by=by, made_on=today, hung_on=today, place="门口", photos=photos
        )

    def _paid_not_hung(self):
        plaque = self._plaque(PlaqueState.APPROVED)
        self._pay(plaque)
        return Plaque.objects.get(pk=plaque.pk)

    def _reward(self, state, unit=None):
        """A reward brought to `state` by the people whose duty it is."""
        unit = unit or self.new_unit()
        reward = rewards.propose_reward(
            unit, by=self.people["orghead"], level="city", basis_title="通知", files=[self.photo]
        )
        if state == RewardState.DECLINED:
            return rewards.decline_reward(reward, **self._decision())
        if state == RewardState.PROPOSED:
            return reward
        rewards.approve_reward(reward, second_reason="又获命名", **self._decision())
        if state == RewardState.CANCELLED:
            rewards.cancel_reward(reward, **self._decision())
        if state == RewardState.PAID:
            self._pay(reward)
        return Reward.objects.get(pk=reward.pk)

    def _reopened(self):
        return rewards.reopen_reward(self._reward(RewardState.PAID), **self._decision())

    def fill(self, unit):
        """More of everything about a new `unit`, and about the matters whose pages grow."""
        cashier, reviewer = self.people["officer"], self.people["orghead"]
        for state in (RewardState.PROPOSED, RewardState.APPROVED):
            self._reward(state, unit)
        self._plaque(PlaqueState.DECLINED, unit)
        self._plaque(PlaqueState.PROPOSED, unit)
        plaques.decline_plaque(
            self._proposed(self.hanging.pilot_unit, self.hanging), **self._decision()
        )
        outright.reverse_price(self.hanging, by=cashier, opinion="记错")
        self._pay(self.hanging)
        PlaquePhoto.keep(self.photo, by=reviewer, plaque=self.hanging)
        rewards.reopen_reward(self.rewarded, **self._decision())
        outright.reverse_price(self.rewarded, by=cashier, opinion="记错")
        self._pay(self.rewarded)
