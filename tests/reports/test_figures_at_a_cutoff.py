"""The figures at any cutoff, against a slow, obvious recomputation from the rows and the logs.

DOMAIN, The report: money by booking day, states by transition day, everything else by its own date
as known today. Money and states at a day are also what was measured when the county stood there.
"""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import TransitionLog
from awards.models import Reward
from funds.models import Application, DuesRecord, Entry, FundAccount, Plaque
from mentors.models import (
    Coordination,
    Difficulty,
    Document,
    MentorAssignment,
    Research,
    SignatureActivity,
    Visit,
)
from pairings.models import Agreement, Pairing, Seminar
from pilotwork import clock
from pilotwork.money import ZERO
from reports.figures import FIGURES, measure
from reports.figures.figure import SumOfMoney
from tests.mentors.five_ones import day, living_on
from tests.people import County
from tests.reports.histories import ACTS, MOMENTS, OFTEN, History
from units.models import PilotUnit

BEGIN = day(9, 20)
MONEY_AND_STATES = (
    "fund_received",
    "fund_from_working",
    "fund_from_donation",
    "fund_carried_in",
    "fund_carried_out",
    "units_applied",
    "applications",
    "approved_amount",
    "disbursed_amount",
    "recovered_amount",
    "dues_refunded",
    "rewards_amount",
    "plaques",
    "difficulties_solved",
    "plans_confirmed",
    "seminars",
    "agreements",
)


# --- Slow and obvious -------------------------------------------------------------------------


class Slow:
    """Everything there is, read once; each figure is then counted row by row."""

    def __init__(self):
        self.entries = list(Entry.objects.select_related("account", "reverses"))
        self.reversals = {e.reverses_id: e for e in self.entries if e.reverses_id}
        self.logs = {}
        for row in TransitionLog.objects.order_by("number"):
            self.logs.setdefault((row.content_type_id, row.object_id), []).append(row)
        self.units = list(PilotUnit.objects.all())
        self.rows = {
            model: list(model.objects.all())
            for model in (
                Application,
                DuesRecord,
                Reward,
                Plaque,
                Visit,
                Difficulty,
                Coordination,
                Research,
                SignatureActivity,
                Document,
                MentorAssignment,
                Pairing,
                Seminar,
                Agreement,
            )
        }
        self.unit_of_pairing = {row.pk: row.pilot_unit_id for row in self.rows[Pairing]}

    def log(self, matter, on):
        """The matter's log up to the end of the day."""
        kind = ContentType.objects.get_for_model(matter).pk
        rows = self.logs.get((kind, matter.pk), [])
        return [row for row in rows if clock.local(row.at).date() <= on]

    def state(self, matter, on):
        """The state in which the last row of that log left it; "" where there is none."""
        rows = self.log(matter, on)
        return rows[-1].target if rows else ""

    def of(self, programme, model):
        """The rows of the programme's units."""
        own = {unit.pk for unit in self.units if unit.programme_id == programme.pk}
        return [
            row
            for row in self.rows[model]
            if (
                self.unit_of_pairing[row.pairing_id]
                if model in {Seminar, Agreement}
                else row.pilot_unit_id
            )
            in own
        ]

    def standing(self, kind, on, **where):
        """The entries of a kind that were booked by then and not reversed by then."""
        found = []
        for entry in self.entries:
            if entry.kind != kind or clock.local(entry.booked_at).date() > on:
                continue
            reversal = self.reversals.get(entry.pk)
            if reversal and clock.local(reversal.booked_at).date() <= on:
                continue
            if all(getattr(entry, name) == value for name, value in where.items()):
                found.append(entry)
        return found

    def paid(self, kind, programme, model, on):
        """Σ of what stood of a kind of entry, for the programme's matters of one model."""
        own = {row.commitment_id for row in self.of(programme, model)} - {None}
        return sum((e.amount for e in self.standing(kind, on) if e.commitment_id in own), ZERO)

    def approved(self, programme, on):
        """Σ of what was approved last of each application whose approval stood."""
        amounts = [ZERO]
        for row in self.of(programme, Application):
            if self.state(row, on) in {
                "approved",
                "closing",
                "closure_reviewed",
                "closed",
                "terminated",
            }:
                decided = [r for r in self.log(row, on) if r.verb in {"approve", "reduce"}]
                amounts.append(Decimal(decided[-1].details["amount"]))
        return sum(amounts)

    def visited(self, programme, on):
        """The days on which a unit was visited, each once."""
        days = set()
        for row in self.of(programme, Visit):
            if row.mode != "on_site" or row.visited_on > on:
                continue
            if row.state == "recorded" or self.state(row, on) == "confirmed":
                days.add((row.pilot_unit_id, row.visited_on))
        return len(days)

    def in_the_pilot(self, programme, on):
        """The units that were in the pilot that day."""
        return {
            unit.pk
            for unit in self.units
            if unit.programme_id == programme.pk
            and unit.joined_on <= on
            and (unit.left_on is None or unit.left_on >= on)
        }

    def in_force(self, programme, model, on):
        """Assignments or pairs in force that day, of units in the pilot."""
        return [
            row
            for row in self.rows[model]
            if row.pilot_unit_id in self.in_the_pilot(programme, on)
            and row.starts_on <= on
            and (row.ends_on is None or row.ends_on >= on)
        ]

    def figures(self, programme, on):
        """Every figure that the programme does not set itself."""
        fund = FundAccount.objects.get(programme=programme)
        receipts = self.standing("receipt", on, account=fund)
        applied = [
            row
            for row in self.of(programme, Application)
            if self.state(row, on) not in {"", "withdrawn"}
        ]

        def by_date(model, field):
            days = [getattr(row, field) for row in self.of(programme, model)]
            return len([one for one in days if one and one <= on])

        def in_state(model, state, **where):
            return [
                row
                for row in self.of(programme, model)
                if self.state(row, on) == state
                and all(getattr(row, name) == value for name, value in where.items())
            ]

        return {
            "units": len(self.in_the_pilot(programme, on)),
            "mentors": len({r.mentor_id for r in self.in_force(programme, MentorAssignment, on)}),
            "pairs": len(self.in_force(programme, Pairing, on)),
            "fund_received": sum((e.amount for e in receipts), ZERO),
            "fund_from_working": sum((e.amount for e in receipts if e.source == "working"), ZERO),
            "fund_from_donation": sum((e.amount for e in receipts if e.source == "donation"), ZERO),
            "fund_carried_in": sum((e.amount for e in receipts if e.source == "carry_over"), ZERO),
            "fund_carried_out": ZERO,  # nothing is carried over here; tests/test_three_years.py
            "units_applied": len({row.pilot_unit_id for row in applied}),
            "applications": len(applied),
            "approved_amount": self.approved(programme, on),
            "disbursed_amount": self.paid("disburse", programme, Application, on),
            "recovered_amount": self.paid("recover", programme, Application, on),
            "dues_refunded": self.paid("disburse", programme, DuesRecord, on),
            "rewards_amount": self.paid("disburse", programme, Reward, on),
            "plaques": len(in_state(Plaque, "hung")),
            "visits": self.visited(programme, on),
            "activities_designed": by_date(SignatureActivity, "designed_on"),
            "difficulties_solved": len(in_state(Difficulty, "confirmed")),
            "coordinated_amount": sum(
                (
                    row.amount
                    for row in self.of(programme, Coordination)
                    if row.received_on and row.received_on <= on
                ),
                ZERO,
            ),
            "research": by_date(Research, "on"),
            "plans_confirmed": len(in_state(Document, "confirmed", kind="plan")),
            "seminars": len([r for r in in_state(Seminar, "confirmed") if r.held_on <= on]),
            "agreements": len([r for r in in_state(Agreement, "confirmed") if r.signed_on <= on]),
        }


def added_up(figure, programme, on):
    """A figure's number, counted over the very rows that its page lists."""
    rows = list(figure.rows(programme, on))
    if isinstance(figure.tally, SumOfMoney):
        return sum((getattr(row, figure.tally.field) for row in rows), ZERO)
    if hasattr(figure.tally, "alike_in"):
        return len({tuple(getattr(row, f) for f in figure.tally.alike_in) for row in rows})
    return len(rows)


# --- Random histories -------------------------------------------------------------------------

NUMBER = st.integers(0, 10_000)
STEP = st.tuples(
    st.sampled_from([*[0] * 6, 1, 2]),
    st.integers(0, len(MOMENTS) - 1),
    st.sampled_from([*ACTS, *OFTEN]),
    NUMBER,
    NUMBER,
    NUMBER,
)
# Days since the beginning, before and after which something happens.
CUTOFFS = st.lists(st.integers(-40, 60), min_size=3, max_size=3)


@pytest.fixture
def county(db):
    """The county of the tests, as it was on a fixed day."""
    with living_on(BEGIN):
        return County()


@settings(
    max_examples=max(2, settings.default.max_examples // 20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=60, max_size=100), cutoffs=CUTOFFS)
def test_figures_at_any_cutoff_equal_a_recomputation_and_what_was_measured_then(
    county, steps, cutoffs
):
    with transaction.atomic():
        with living_on(BEGIN):
            history = History(county, stands)
            last = history.live(steps)
        with living_on(last):
            compare(history, {BEGIN + dt.timedelta(days=number) for number in cutoffs} | {last})
        transaction.set_rollback(True)


def stands(programme, on):
    """What later reports must still say of this day."""
    return measure(programme, on, MONEY_AND_STATES)


def compare(history, cutoffs):
    """The days on which something happened and the `cutoffs`; of the second programme these."""
    slow, today = Slow(), max(history.stood)
    here, there = history.programmes
    for programme, days in [(here, cutoffs | {*history.stood}), (there, cutoffs)]:
        for on in sorted(days):
            measured, expected = measure(programme, on), slow.figures(programme, on)
            assert {key: measured[key] for key in expected} == expected, on
            then = history.stood[on] if programme == here and on in history.stood else measured
            for key in MONEY_AND_STATES:
                assert measured[key] == then[key], (key, on)
            if on == today:
                found = {key: added_up(FIGURES[key], programme, on) for key in expected}
                assert found == expected
