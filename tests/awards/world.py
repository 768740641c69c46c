"""Award cycles, nominations, 突出贡献 and campaigns that the access table is about."""

import datetime as dt
from functools import cached_property

from awards.actions import contributions, cycles, nominations
from awards.actions.campaigns import save_campaign
from awards.models import Campaign
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.money import to_yuan
from tests.awards.rounds import (
    DEEDS,
    EVERY_TYPE,
    NAME,
    OPINION,
    approved,
    draft,
    nominated,
    open_cycle,
    posted,
    reviewed,
)

PAPER = Accepted("证书.pdf", "application/pdf", b"%PDF-1.7")


class CyclesWorld:
    """Part of the access world: everything here is about `unit`, each cycle of a year of its own."""

    @cached_property
    def cycle(self):
        return open_cycle(self, places=9)

    @cached_property
    def empty_cycle(self):
        return open_cycle(self, year=2031)

    def _decided(self, year):
        cycle = open_cycle(self, year=year)
        approved(self, nominated(self, cycle))
        return cycle

    @cached_property
    def ready_cycle(self):
        return self._decided(2032)

    @cached_property
    def posted_cycle(self):
        return posted(self, self._decided(2033))

    @cached_property
    def over_cycle(self):
        with clock.at(clock.now() - dt.timedelta(days=25)):
            return posted(self, self._decided(2034))

    @cached_property
    def objection(self):
        cycle = self.posted_cycle
        return cycles.log_objection(
            cycle,
            by=self.reviewer,
            text="事迹不实。",
            received_on=clock.today(),
            nomination=cycle.nominations.get(),
        )

    # --- Nominations ----------------------------------------------------------------------------

    @cached_property
    def draft_nomination(self):
        return draft(self, self.cycle)

    @cached_property
    def nomination(self):
        return nominated(self, self.cycle, nominee_name="郑 · 一队")

    @cached_property
    def reviewed_nomination(self):
        return reviewed(self, nominated(self, self.cycle, nominee_name="郑 · 二队"))

    @cached_property
    def returned_nomination(self):
        handed_in = nominated(self, self.cycle, nominee_name="郑 · 三队")
        return nominations.send_back(handed_in, by=self.reviewer, opinion=OPINION)

    # --- Contributions and campaigns --------------------------------------------------------------

    @cached_property
    def contribution(self):
        return contributions.propose(self.unit, by=self.mentor, deeds=DEEDS, uploads=[PAPER])

    @cached_property
    def evidence(self):
        return self.contribution.files.get()

    @cached_property
    def campaign(self):
        row = {"organisation": self.branch, "base_places": 1, "extra_places": 1}
        row |= {"base_amount": to_yuan("5"), "extra_amount": to_yuan("5")}
        return save_campaign(
            Campaign(),
            by=self.reviewer,
            rows=[row],
            programme=self.programme,
            kind="hope",
            year=2026,
            name="圆梦行动",
            note="",
        )

    # --- What is typed --------------------------------------------------------------------------

    def cycle_form(self):
        """A new cycle as a browser posts it."""
        return {"programme": self.programme.pk, "year": 2040, "level": "city", "types": EVERY_TYPE}

    def quota_form(self):
        """Quotas that leave room for what was handed in."""
        rows = {"quotas-TOTAL_FORMS": 1, "quotas-INITIAL_FORMS": 0}
        row = {"organisation": self.branch.pk} | dict.fromkeys(EVERY_TYPE, 10)
        return rows | {f"quotas-0-{name}": value for name, value in row.items()}

    def cycle_step(self):
        """All that the verbs of a cycle ask for."""
        results = {}
        for nomination in self.over_cycle.nominations.all():
            results[f"result_{nomination.pk}"] = "won"
        return {
            "opinion": OPINION,
            "posted_on": clock.today(),
            "objections_to": "组宣部",
        } | results

    def objection_form(self):
        """An objection as a browser posts it."""
        return {"text": "事迹不实。", "received_on": clock.today()}

    def nomination_form(self):
        """A nomination as a browser posts it; who acts for a unit nominates that unit."""
        own = {"member": self.branch, "neighbour": self.other}
        organisation = own.get(self.typing.username, self.office)
        fields = {"award_type": "member", "nominee_name": NAME, "deeds": "事迹。"}
        return fields | {"organisation": organisation.pk}

    def contribution_form(self):
        """A contribution as a browser posts it."""
        return {"pilot_unit": self.unit.pk, "deeds": DEEDS}

    def campaign_form(self):
        """A campaign with one row as a browser posts it."""
        rows = {"allocations-TOTAL_FORMS": 1, "allocations-INITIAL_FORMS": 0}
        rows |= {"allocations-0-organisation": self.branch.pk, "allocations-0-base_places": 7}
        head = {"programme": self.programme.pk, "kind": "teaching", "year": 2026, "name": "支教"}
        return head | rows
