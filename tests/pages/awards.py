"""评优, 突出贡献 and campaigns for the page tests: one of everything, and more of it."""

from itertools import count

from awards.actions import contributions, cycles, nominations
from awards.actions.campaigns import save_campaign
from awards.models import AwardCycle, AwardLevel, AwardType, Campaign, Contribution, Nomination
from pilotwork import clock
from pilotwork.money import to_yuan

MANY = 200
OPINION = "同意"
ROW = {"base_places": 1, "extra_places": 0, "base_amount": to_yuan("1")}
STEPS = {
    "draft": [],
    "nominated": ["submit"],
    "returned": ["submit", "send_back"],
    "declined": ["submit", "decline"],
    "withdrawn": ["submit", "withdraw"],
    "reviewed": ["submit", "review"],
    "approved": ["submit", "review", "approve"],
}


class Honours:
    """A cycle in every state; nominations and contributions in every state, most of the open one."""

    def __init__(self, world, photo):
        self.story, self.people, self.photo = world.story, world.people, photo
        self.unit, self.member = world.unit, world.member
        self.serial, self.levels = count(1), self._levels()
        self.backing = self._contribution("recognise")
        self.open = self._cycle()
        posted, over, concluded = self._notice(1), self._notice(20), self._notice(20)
        results = {concluded.nominations.get().pk: ("won", "")}
        cycles.conclude(concluded, by=self.people["secretary"], results=results)
        cancelled = cycles.cancel(self._cycle(), by=self.people["orghead"], opinion="不办")
        self.posted = posted
        self.campaign = self._campaign([self.unit.organisation])
        self.rows = {
            AwardCycle: [self.open, posted, over, concluded, cancelled],
            Nomination: [*self._one_in_every_state(), concluded.nominations.get()],
            Contribution: [self.backing, *map(self._contribution, ("", "decline", "withdraw"))],
        }

    def _levels(self):
        """A year and level of its own for each cycle."""
        for number in count(1):
            for level in AwardLevel.values:
                yield {"year": self.story.programme.year + number, "level": level}

    def _cycle(self):
        by = self.people["orghead"]
        year_and_level = next(self.levels)
        cycle = cycles.open_cycle(
            self.story.programme, by=by, types=AwardType.values, **year_and_level
        )
        rows = {self.unit.organisation: dict.fromkeys(AwardType.values, MANY)}
        return cycles.set_quotas(cycle, by=by, rows=rows)

    def _nomination(self, cycle, state, **content):
        """A nomination of the unit, brought to `state` by the people whose duty it is."""
        content = {
            "award_type": AwardType.MEMBER,
            "nominee_name": f"青年 {next(self.serial)}",
            "deeds": "志愿服务",
            "party_opinion": "",
            "is_extra": False,
            "contribution": None,
        } | content
        started = nominations.start_nomination(cycle, self.unit.organisation, by=self.member)
        nomination = nominations.save_nomination(started, by=self.member, **content)
        people = {"submit": self.member, "withdraw": self.member}
        people["approve"] = self.people["secretary"]
        for verb in STEPS[state]:
            by = people.get(verb, self.people["orghead"])
            words = {} if verb == "submit" else {"opinion": OPINION}
            nomination = getattr(nominations, verb)(nomination, by=by, **words)
        return nomination

    def _one_in_every_state(self):
        extra = {"is_extra": True, "contribution": self.backing}
        return [
            self._nomination(self.open, state, **(extra if state == "approved" else {}))
            for state in STEPS
        ]

    def _notice(self, days_ago):
        """A cycle with a notice posted so many days ago."""
        with self.story.at(days_ago, "10:00"):
            cycle = self._cycle()
            self._nomination(cycle, "approved")
            return cycles.post(
                cycle, by=self.people["orghead"], posted_on=clock.today(), objections_to="团县委"
            )

    def _contribution(self, verb):
        by = {"by": self.people["clerk"] if verb == "withdraw" else self.people["secretary"]}
        contribution = contributions.propose(
            self.unit, by=self.people["clerk"], deeds="抗洪抢险", uploads=[self.photo]
        )
        if not verb:
            return contribution
        return getattr(contributions, verb)(contribution, opinion=OPINION, **by)

    def _campaign(self, organisations, campaign=None):
        return save_campaign(
            campaign or Campaign(),
            by=self.people["orghead"],
            rows=[
                ROW | {"organisation": organisation, "extra_amount": to_yuan("0")}
                for organisation in organisations
            ],
            programme=self.story.programme,
            kind="hope",
            year=self.story.programme.year,
            name=campaign.name if campaign else f"圆梦行动 {next(self.serial)}",
            note="",
        )

    def fill(self, organisation):
        """More of everything; `organisation` takes part in the open cycle and the campaign."""
        reviewer = self.people["orghead"]
        for state in ("draft", "nominated", "returned", "reviewed", "approved"):
            self._nomination(self.open, state)
        self._contribution("")
        self._contribution("recognise")
        self._cycle()
        self._campaign([organisation])
        taking_part = [row.organisation for row in self.campaign.allocations.all()]
        self._campaign([*taking_part, organisation], self.campaign)
        rows = {one: {AwardType.MEMBER: MANY} for one in [*taking_part, organisation]}
        cycles.set_quotas(self.open, by=reviewer, rows=rows)
        objection = cycles.log_objection(
            self.posted, by=reviewer, text="事迹不实", received_on=clock.today()
        )
        cycles.answer_objection(objection, by=reviewer, handling="查无此事")
        cycles.log_objection(
            self.posted,
            by=reviewer,
            text="事迹不实",
            received_on=clock.today(),
            nomination=self.posted.nominations.get(),
        )
