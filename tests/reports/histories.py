"""A county that lives through some weeks at random, through the verbs that people use.

Each act takes three whole numbers, which choose the matter, the day and the amount; what the verb
refuses does not happen.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.matters import NotPermitted
from awards.actions import rewards
from awards.models import Reward
from funds.actions import applications, dues_refunds, ledger
from funds.actions import plaques as plaque_verbs
from funds.actions.outright import standing_payment
from funds.models import Application, DuesRecord, Entry, Plaque, Source
from mentors.models import MentorAssignment
from pairings.actions import joint as joint_verbs
from pairings.actions import pair
from pairings.actions.agreements import correct_agreement, enter_agreement
from pairings.actions.seminars import correct_seminar, enter_seminar
from pairings.models import Agreement, Pairing, Seminar
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests import honours, journeys
from tests.factories import (
    FundAccountFactory,
    MentorAssignmentFactory,
    OrganisationFactory,
    PilotProgrammeFactory,
    PilotUnitFactory,
)
from tests.funds import dues as of_dues
from tests.pairings.together import deal, talk
from tests.reports.application_steps import FORWARD, OPINION, STEPS
from tests.reports.mentoring import Mentoring
from tests.reports.picks import ONE_DAY, ago, pick
from units.models import Kind

# Moments at which a day in Shanghai and one elsewhere begin and end, and the middle of the day.
MOMENTS = (
    dt.time.min,
    dt.time(7, 59, 59, 999_999),
    dt.time(8),
    dt.time(12),
    dt.time(15, 30),
    dt.time.max,
)
# Opinions move nothing that counts.
WITHOUT_EFFECT = {"mentor_opinion", "superior_opinion"}


class History(Mentoring):
    """The county of tests/people.py, a second programme with a unit and a fund of its own.

    `stood` is {day: what `look(programme, day)` said of the county's programme when that day was
    over}, of every other day on which something happened and of the last one.
    """

    def __init__(self, county, look):
        self.county, self.look, self.stood = county, look, {}
        self.serial = 0
        self.elsewhere = PilotProgrammeFactory()
        self.programmes = [county.programme, self.elsewhere]
        self.guest = PilotUnitFactory(programme=self.elsewhere, organisation=county.other)
        MentorAssignmentFactory(pilot_unit=self.guest, mentor=county.other_mentor)
        self.units = [county.unit, county.other_unit, self.guest]
        self.funds = [county.fund, FundAccountFactory(programme=self.elsewhere)]
        self.offices = [county.office] + [
            OrganisationFactory(kind=Kind.ADMINISTRATIVE) for _ in range(2)
        ]
        honours.working_money(county)
        for unit, office in zip(self.units, self.offices, strict=True):
            pair(unit, office, by=county.administrator, starts_on=ago(9, 9))

    def live(self, steps):
        """Let the steps happen, each (days later, which moment, act, three numbers)."""
        day, latest = clock.today(), 0
        for later, moment, act, *numbers in steps:
            if later:
                if day.toordinal() % 2:
                    self._note(day)
                day, latest = day + ONE_DAY * later, 0
            # Within a day, time does not run back.
            latest = max(latest, moment % len(MOMENTS))
            with clock.at(dt.datetime.combine(day, MOMENTS[latest], clock.SHANGHAI)):
                self._try(ACTS[act], numbers)
        self._note(day)
        return day

    def _try(self, act, numbers):
        try:
            with transaction.atomic():
                act(self, *numbers)
        except (Refused, NotPermitted, ValidationError):
            pass

    def _note(self, day):
        with clock.at(clock.end_of(day) - dt.timedelta(microseconds=1)):
            self.stood[day] = self.look(self.county.programme, day)

    # --- Who does it ----------------------------------------------------------------------------

    def member_of(self, unit):
        """Who acts for a unit; of the guest it is the same person as of the other unit."""
        return self.county.member if unit == self.county.unit else self.county.neighbour

    def mentor_of(self, unit):
        """The unit's present mentor."""
        return MentorAssignment.objects.get(pilot_unit=unit, ends_on=None).mentor

    def next(self):
        """A number that was not used before."""
        self.serial += 1
        return self.serial

    # --- Money and applications -----------------------------------------------------------------

    def receive(self, a, b, c):
        ledger.receive(
            pick(self.funds, a),
            by=self.county.cashier,
            amount=to_yuan(f"{100 + b % 900}.{c % 100:02d}"),
            source=pick([Source.WORKING, Source.DONATION, Source.SUPERIOR], c),
            occurred_on=ago(b, 5),
            counterparty="某",
            reference="",
        )

    def reverse_receipt(self, a, b, c):
        receipts = Entry.objects.reversible().filter(account__in=self.funds, kind="receipt")
        # Not the fund's first money, without which little would happen.
        entry = pick(receipts.filter(available__lt=to_yuan("2000")), a)
        if entry:
            ledger.reverse_receipt(entry, by=self.county.cashier, reason=OPINION)

    def apply(self, a, b, c):
        unit = pick(self.units, a)
        requested = to_yuan(str(300 + b % 300))
        application = journeys.draft(self.county, requested, unit=unit, by=self.member_of(unit))
        if c % 5:
            applications.submit(application, by=self.member_of(unit))

    def decide(self, a, b, c):
        """Some steps of an application, mostly forward, at times whatever else may come next."""
        chosen = pick(Application.objects.all(), a)
        for number in range(b % 3 + 1 if chosen else 0):
            application = Application.objects.get(pk=chosen.pk)
            possible = [
                t.name
                for t in application.declared_transitions()
                if t.source == application.state and t.name not in WITHOUT_EFFECT
            ]
            forward = [name for name in FORWARD if name in possible]
            name = pick(possible, c // 4) if c % 4 == 0 else pick(forward, c // 4 + number)
            self._try(STEPS[name], [application, c])

    # --- Visits and mentors ---------------------------------------------------------------------

    def meet(self, a, b, c):
        pairing = pick(Pairing.objects.all(), a)
        title, on = f"共建 {self.next()}", ago(b, 8)
        by = self.member_of(pairing.pilot_unit)
        if pairing.partner != self.county.office and c % 3:
            who = {"by": self.county.reviewer, "on_behalf": True}
        else:
            who = {"by": by}
        if c % 2:
            enter_seminar(pairing, **who, **talk(title=title, held_on=on))
        else:
            enter_agreement(pairing, **who, **deal(title=title, signed_on=on))

    def answer(self, a, b, c):
        """Whatever may come next of a seminar or an agreement."""
        row = pick([*Seminar.objects.all(), *Agreement.objects.all()], a)
        if row is None:
            return
        by = self.member_of(row.pairing.pilot_unit)
        if row.state == "recorded" and b % 4:
            is_absent = row.pairing.partner != self.county.office
            verb = joint_verbs.confirm_on_behalf if is_absent else joint_verbs.confirm
            verb(row, by=self.county.reviewer if is_absent else self.county.partner)
        elif row.state == "recorded":
            joint_verbs.dispute(row, by=self.county.partner, opinion=OPINION)
        elif row.state == "disputed" and isinstance(row, Seminar):
            correct_seminar(row, by=by, **talk(title=row.title, held_on=ago(c, 8)))
        elif row.state == "disputed":
            correct_agreement(row, by=by, **deal(title=row.title, signed_on=ago(c, 8)))
        elif b % 3 == 0:
            joint_verbs.withdraw(row, by=self.county.reviewer, opinion=OPINION)

    # --- Dues, rewards, plaques -----------------------------------------------------------------

    def dues_in(self, a, b, c):
        payable = to_yuan(str(100 + b % 100))
        of_dues.due(self.county, unit=pick(self.units, a), payable=payable)

    def dues_back(self, a, b, c):
        """Give dues back; or take that up again and reverse it."""
        record = pick(DuesRecord.objects.all(), a)
        if record and record.state == "confirmed" and record.refundable:
            of_dues.refund(self.county, record)
        elif record and b % 2:
            of_dues.reopen(self.county, record)
            entry = standing_payment(record.commitment)
            dues_refunds.reverse_refund(
                record, by=self.county.cashier, entry=entry, opinion=OPINION
            )

    def reward(self, a, b, c):
        row = pick(Reward.objects.all(), b) if b % 3 else None
        if row is None:
            row = honours.propose_reward(self.county, pick(self.units, a))
            honours.approve_reward(self.county, row, second_reason="再次")
        elif row.state == "approved" and not row.is_paid:
            honours.pay(self.county, row)
        elif row.state == "approved":
            honours.reverse(self.county, row)
        elif row.state == "paid":
            rewards.reopen_reward(row, by=self.county.approver, opinion=OPINION)

    def plaque(self, a, b, c):
        row = pick(Plaque.objects.all(), b) if b % 3 else None
        county = self.county
        if row is None:
            unit = pick(self.units, a)
            hanging = Plaque.objects.filter(pilot_unit=unit, state="hung").first()
            row = honours.propose_plaque(county, unit, replaces=hanging)
            honours.approve_plaque(county, row)
        elif row.state == "approved":
            honours.hang(county, row, made_on=ago(20, 20), hung_on=ago(c, 6))
        elif row.state == "hung" and c % 3 == 0:
            plaque_verbs.withdraw_plaque(row, by=county.reviewer, opinion=OPINION)
        elif row.state in {"withdrawn", "replaced"}:
            plaque_verbs.reopen_plaque(row, by=county.approver, opinion=OPINION)


ACTS = {
    name: getattr(History, name)
    for name in (
        "receive",
        "reverse_receipt",
        "apply",
        "decide",
        "visit",
        "correct_visit",
        "judge_visit",
        "take_visit_back",
        "change_mentor",
        "come_and_go",
        "difficulty",
        "settle_difficulty",
        "coordinate",
        "correct_coordination",
        "research",
        "correct_research",
        "activity",
        "document",
        "repair",
        "meet",
        "answer",
        "dues_in",
        "dues_back",
        "reward",
        "plaque",
    )
}
# Drawn more often: what takes many steps until it counts.
OFTEN = (
    "apply",
    *["decide"] * 8,
    "visit",
    "visit",
    "judge_visit",
    "settle_difficulty",
    "document",
    "meet",
    "answer",
    "dues_back",
    "reward",
)
