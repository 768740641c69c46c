"""The plaques and rewards of the access table."""

import types
from functools import cached_property

from django.core.files.uploadedfile import SimpleUploadedFile

from awards.actions import rewards
from funds.actions import plaques
from funds.models import PlaquePhoto
from pilotwork import clock
from reports.public.actions import open_page
from tests import honours
from units.actions import suggest_publicly
from units.models import new_receipt


class HonoursWorld:
    """Rows of the access table's world; each made when it is first asked for."""

    @cached_property
    def working_account(self):
        return honours.working_money(self)

    @cached_property
    def proposed_plaque(self):
        """Of the neighbours' unit: a unit has one plaque under way at a time."""
        return honours.plaque_in(self, "proposed", self.other_unit)

    @cached_property
    def hung_plaque(self):
        """Paid; made before the next one of the unit."""
        assert self.working_account
        return honours.plaque_in(self, "hung")

    @cached_property
    def next_plaque(self):
        """Approved, to take the place of the one that hangs."""
        return honours.plaque_in(self, "approved", replaces=self.hung_plaque)

    @cached_property
    def lasting_plaque(self):
        """Hangs at a unit where nobody here is tied, with nothing else under way."""
        assert self.working_account
        return honours.plaque_in(self, "hung", self.free_unit)

    @cached_property
    def ended_plaque(self):
        """Taken back where nothing else is under way."""
        plaque = honours.plaque_in(self, "approved", self.free_unit, replaces=self.lasting_plaque)
        return plaques.withdraw_plaque(plaque, by=self.approver, opinion="写错。")

    @cached_property
    def plaque_photo(self):
        return PlaquePhoto.keep(honours.PDF, by=self.reviewer, plaque=self.hung_plaque)

    @cached_property
    def public_page(self):
        """What the public address is about: the page of the neighbours' unit, which is open."""
        unit = open_page(self.other_unit, by=self.approver)
        return types.SimpleNamespace(pk=unit.public_token)

    @cached_property
    def visitors_suggestion(self):
        assert self.public_page
        typed = {"kind": "complaint", "text": "门总锁着。", "receipt": new_receipt()}
        return suggest_publicly(self.other_unit, address="", **typed)

    @cached_property
    def visitors_receipt(self):
        """What a visitor's receipt is about."""
        return types.SimpleNamespace(pk=self.visitors_suggestion.receipt)

    @cached_property
    def proposed_reward(self):
        return honours.reward_in(self, "proposed")

    @cached_property
    def approved_reward(self):
        return honours.reward_in(self, "approved", self.other_unit)

    @cached_property
    def paid_reward(self):
        assert self.working_account
        return honours.reward_in(self, "paid")

    @cached_property
    def reopened_reward(self):
        assert self.working_account
        reward = honours.reward_in(self, "paid", self.free_unit)
        return rewards.reopen_reward(reward, by=self.approver, opinion="核对。")

    @cached_property
    def reward_file(self):
        return self.proposed_reward.files.get()

    def plaque_form(self):
        """A proposal as a browser posts it, for a unit without a plaque of its own."""
        unit = self.lonely_pairing.pilot_unit.pk
        return {"pilot_unit": unit, "text": "试点单位", "cost": "180", **honours.MAKER}

    def plaque_step(self):
        """What any step of a plaque asks for."""
        today = clock.today()
        hanging = {"made_on": today, "hung_on": today, "place": "门口"}
        return self.opinion(**self.transfer(), **hanging)

    def reward_form(self):
        """A proposal as a browser posts it."""
        pdf = honours.PDF
        file = SimpleUploadedFile(pdf.name, pdf.content, pdf.content_type)
        basis = {"level": "city", "basis_title": "通知", "files": file}
        return {"pilot_unit": self.other_unit.pk, **basis}

    def reward_step(self):
        """What any step of a reward asks for."""
        return self.opinion(second_reason="又获命名。", **self.transfer())
