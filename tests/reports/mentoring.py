"""What mentors do in a random history."""

import uuid

from mentors.actions import assign_mentor, records, register_activity, visits
from mentors.models import OUT, Coordination, Difficulty, Document, Mode, Research, Visit
from pairings.actions import end_pairing, pair
from pairings.models import Pairing
from pilotwork import clock
from pilotwork.files import PDF, Accepted
from pilotwork.money import to_yuan
from tests.reports.application_steps import OPINION
from tests.reports.picks import ONE_DAY, ago, pick
from units.actions import finish, leave, resume
from units.models import PilotUnit

PAPER = Accepted("方案.pdf", PDF, b"%PDF-1.7")


class Mentoring:
    """The part of `History` that mentors play: visits, their records, who guides whom, who is paired."""

    def visit(self, a, b, c):
        unit = pick(self.units, a)
        visits.record_visit(
            unit,
            by=self.mentor_of(unit),
            key=uuid.uuid4(),
            visited_on=ago(b, 25 if c % 3 else 2),
            progress="看了林地。",
            mode=Mode.REMOTE if c % 5 == 0 else Mode.ON_SITE,
        )

    def correct_visit(self, a, b, c):
        visit = pick(Visit.objects.all(), a)
        if visit:
            values = {name: getattr(visit, name) for name in visits.CORRECTABLE}
            values["visited_on"] = ago(b, 20) if c % 3 else visit.visited_on
            values["mode"] = Mode.REMOTE if c % 4 == 0 else Mode.ON_SITE
            visits.correct_visit(visit, by=self.mentor_of(visit.pilot_unit), **values)

    def judge_visit(self, a, b, c):
        visit = pick(Visit.objects.filter(state="late"), a)
        if visit and b % 3:
            visits.confirm_visit(visit, by=self.county.reviewer)
        elif visit:
            visits.decline_visit(visit, by=self.county.reviewer, opinion=OPINION)

    def take_visit_back(self, a, b, c):
        visit = pick(Visit.objects.exclude(state__in=OUT), a)
        if visit and b % 2:
            visits.withdraw_visit(visit, by=self.county.reviewer, opinion=OPINION)

    def change_mentor(self, a, b, c):
        county = self.county
        mentors = [county.mentor, county.former_mentor, county.early_mentor, county.other_mentor]
        assign_mentor(
            pick(self.units, a),
            by=county.administrator,
            mentor=pick(mentors, b),
            starts_on=ago(c, 6),
            reason="调整",
        )

    def come_and_go(self, a, b, c):
        unit = PilotUnit.objects.get(pk=pick(self.units, a).pk)
        by = {"by": self.county.administrator, "opinion": OPINION}
        if unit.left_on is not None:
            resume(unit, **by)
        elif b % 3 == 0:
            (leave if b % 2 else finish)(unit, last_day=ago(c, 5), **by)

    # --- The five ones --------------------------------------------------------------------------

    def difficulty(self, a, b, c):
        unit = pick(self.units, a)
        by = self.member_of(unit)
        records.raise_difficulty(unit, by=by, description="缺灯。", on=ago(b, 4))

    def settle_difficulty(self, a, b, c):
        row = pick(Difficulty.objects.exclude(state="confirmed"), a)
        if row is None:
            return
        member = self.member_of(row.pilot_unit)
        if row.state == "raised":
            mentor = self.mentor_of(row.pilot_unit)
            records.solve_difficulty(row, by=mentor, opinion=OPINION, on=clock.today())
        elif b % 4:
            records.confirm_difficulty(row, by=member)
        else:
            records.reject_difficulty(row, by=member, opinion=OPINION)

    def coordinate(self, a, b, c):
        unit, on = pick(self.units, a), ago(b, 8)
        records.coordinate(
            unit,
            by=self.mentor_of(unit),
            source="县总工会",
            amount=to_yuan(f"{1 + c % 999}.50"),
            on=on,
            received_on=min(on + ONE_DAY * (c % 3), clock.today()) if c % 2 else None,
        )

    def correct_coordination(self, a, b, c):
        row = pick(Coordination.objects.all(), a)
        if row and row.received_on is None and c % 2:
            mentor = self.mentor_of(row.pilot_unit)
            records.receive_coordinated(row, by=mentor, received_on=ago(b, 3))
        elif row:
            records.correct_coordination(
                row,
                by=self.mentor_of(row.pilot_unit),
                source=row.source,
                amount=to_yuan(str(1 + c % 999)),
                on=ago(b, 9),
                received_on=ago(b, 9) if c % 3 else None,
            )

    def research(self, a, b, c):
        unit = pick(self.units, a)
        records.note_research(unit, by=self.mentor_of(unit), summary="流动。", on=ago(b, 9))

    def correct_research(self, a, b, c):
        row = pick(Research.objects.all(), a)
        if row:
            by = self.mentor_of(row.pilot_unit)
            records.correct_research(row, by=by, summary="留守。", on=ago(b, 12))

    def activity(self, a, b, c):
        unit = pick(self.units, a)
        register_activity(unit, by=self.member_of(unit), name="课堂", designed_on=ago(b, 6))

    def document(self, a, b, c):
        row = pick(Document.objects.filter(state="uploaded"), a)
        if row and b % 2:
            records.confirm_document(row, by=self.county.reviewer)
        elif row and b % 3 == 0:
            records.send_back_document(row, by=self.county.reviewer, opinion=OPINION)
        else:
            unit, kind = pick(self.units, a), "summary" if c % 4 == 0 else "plan"
            records.upload_document(unit, by=self.member_of(unit), kind=kind, upload=PAPER)

    # --- Pairs ----------------------------------------------------------------------------------

    def repair(self, a, b, c):
        """End a pair, or make one."""
        unit, by = pick(self.units, a), self.county.administrator
        pairing = Pairing.objects.filter(pilot_unit=unit, ends_on=None).first()
        if pairing:
            end_pairing(pairing, by=by, ends_on=ago(b, 3))
        else:
            pair(unit, pick(self.offices, c), by=by, starts_on=ago(b, 2))
