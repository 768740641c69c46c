"""What the access table stands on: one person of every kind, and a matter for every address."""

import datetime as dt
from functools import cached_property
from types import SimpleNamespace
from uuid import uuid4

from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Duty, DutyGrant
from funds.actions.carry_over import decide_carry_over
from funds.models import ApplicationAttachment, Entry, EntryKind, Source
from mentors.actions import records, register_activity
from mentors.actions.visits import ask_excuse, record_visit
from mentors.models import VisitPhoto
from pairings.actions import pair
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.money import to_yuan
from reports.guide_pictures import path_of
from tests import journeys
from tests.accounts.phone import with_phone
from tests.awards.world import CyclesWorld
from tests.factories import (
    FundAccountFactory,
    MembershipFactory,
    MentorAssignmentFactory,
    OrganisationFactory,
    PilotProgrammeFactory,
    PilotUnitFactory,
    UserFactory,
    days_ago,
)
from tests.funds.dues_world import DuesWorld
from tests.honours_world import HonoursWorld
from tests.imports_world import ImportsWorld
from tests.joint_world import JointWorld
from tests.people import County, receive
from tests.reports.briefing import freeze_report
from units.actions import end_programme, set_working_day, suggest
from units.models import Kind

# Letter of the table's columns: who it is, in tests/people.py or, with *, added here.
KINDS = {
    "N": None,  # nobody, not signed in
    "A": "approver",
    "R": "reviewer",
    "C": "cashier",
    "G": "mentor",  # guides the unit and holds all three deciding duties
    "L": "leader",
    "D": "administrator",
    "S": "superuser",  # without any duty
    "U": "member",  # of the pilot unit that every matter here is about
    "O": "neighbour",  # a member of another pilot unit
    "T": "town_member",  # * of the organisation above the unit, without duty
    "P": "partner",  # a member of the office paired with the unit
    "F": "past_guide",  # * guided the unit until three days ago, without duty
    "X": "switched_off",  # a closed account whose browser still holds a session
    "E": "retired",  # all duties ended yesterday
}
REQUESTED = to_yuan("400")  # so that the fund is enough for an application in every situation
PDF = Accepted("证明.pdf", "application/pdf", b"%PDF-1.7")


class AccessWorld(CyclesWorld, DuesWorld, HonoursWorld, ImportsWorld, JointWorld, County):
    """The county of the tests with the matters that the addresses are about, made when needed."""

    def __init__(self):
        super().__init__()
        self.situations = {}
        self.typing = None  # who fills in the form that names its writer
        self.add("town_member", "上级成员，没有职责")
        MembershipFactory(user=self.town_member, organisation=self.town)
        self.add("past_guide", "前任指导员，没有职责")
        MentorAssignmentFactory(
            pilot_unit=self.unit,
            mentor=self.past_guide,
            starts_on=days_ago(40),
            ends_on=days_ago(3),
        )
        self.pairing = pair(self.unit, self.office, by=self.administrator, starts_on=clock.today())

    def __getattr__(self, name):
        if name in journeys.SITUATIONS:
            if name not in self.situations:
                self.situations[name] = journeys.bring(self, name, REQUESTED)
            return self.situations[name]
        return super().__getattr__(name)

    # --- Rows that addresses are about -------------------------------------------------------

    @cached_property
    def newcomer(self):
        """A person of no kind, about whom administrators act; has not signed in yet."""
        return UserFactory(
            username="newcomer", name="新", duties=[Duty.REVIEWER], must_change_password=True
        )

    @cached_property
    def guide_picture(self):
        """A picture of the guide that has been made: its name."""
        path_of("workbench").parent.mkdir(exist_ok=True)
        path_of("workbench").write_bytes(b"RIFF")
        return SimpleNamespace(pk="workbench")

    @cached_property
    def phoned(self):
        """A person with a second factor."""
        user = UserFactory(username="phoned", name="机", duties=[Duty.REVIEWER])
        with_phone(user)
        return user

    @cached_property
    def figure(self):
        """What the page of a figure is about: its key."""
        return SimpleNamespace(pk="visits")

    @cached_property
    def changed_row(self):
        """What the page of a change is about: the kind and number of a history row."""
        row = type(self.reviewed).history.filter(id=self.reviewed.pk).latest("history_id")
        return SimpleNamespace(pk=f"funds-application-{row.pk}")

    @cached_property
    def grant(self):
        return DutyGrant.objects.get(user=self.newcomer)

    @cached_property
    def outsider(self):
        """A person whose account is closed and whose name is locked out."""
        user = UserFactory(username="outsider", name="外", is_active=False)
        AccessAttempt.objects.create(
            username="outsider",
            ip_address="192.0.2.1",
            failures_since_start=9,
            attempt_time=clock.now(),
        )
        return user

    @cached_property
    def membership(self):
        return self.member.memberships.get()

    @cached_property
    def activity(self):
        return register_activity(self.unit, by=self.member, name="特色活动")

    # --- The five ones -------------------------------------------------------------------------

    def _visit(self, days, **values):
        return record_visit(
            self.unit,
            by=self.mentor,
            key=uuid4(),
            visited_on=days_ago(days),
            progress="看了林地。",
            **values,
        )

    @cached_property
    def visit(self):
        return self._visit(1)

    @cached_property
    def photo(self):
        return VisitPhoto.keep(PDF, by=self.mentor, visit=self.visit)

    @cached_property
    def late_visit(self):
        return self._visit(20)

    @cached_property
    def document(self):
        return records.upload_document(self.unit, by=self.member, kind="plan", upload=PDF)

    @cached_property
    def version(self):
        return self.document.versions.get()

    @cached_property
    def difficulty(self):
        return records.raise_difficulty(self.unit, by=self.member, description="缺场地。")

    @cached_property
    def solved_difficulty(self):
        raised = records.raise_difficulty(self.unit, by=self.member, description="缺灯光。")
        return records.solve_difficulty(raised, by=self.mentor, opinion="借到。", on=clock.today())

    @cached_property
    def excuse(self):
        return ask_excuse(self.unit, by=self.mentor, week=days_ago(13), reason="防汛值班。")

    @cached_property
    def coordination(self):
        return records.coordinate(
            self.unit, by=self.mentor, source="镇政府", amount=REQUESTED, on=days_ago(1)
        )

    @cached_property
    def research(self):
        return records.note_research(
            self.unit, by=self.mentor, summary="团员流动。", on=days_ago(1)
        )

    @cached_property
    def override(self):
        return set_working_day(by=self.administrator, day=days_ago(-1), is_workday=True)

    def visit_form(self):
        """A visit of today as the phone sends it, by whoever sends it."""
        return {
            "key": uuid4(),
            "writer": self.typing.pk,
            "day": clock.today().isoformat(),
            "mode": "on_site",
            "progress": "看了林地。",
        }

    @cached_property
    def frozen_report(self):
        return freeze_report(self.programme, self.reviewer)

    @cached_property
    def suggestion(self):
        return suggest(by=self.member, text="请早些拨付。")

    @cached_property
    def proposal_file(self):
        return self._file(self.submitted)

    @cached_property
    def draft_file(self):
        return self._file(self.draft)

    @cached_property
    def removed_file(self):
        file = self._file(self.submitted)
        file.removed_at = clock.now()
        file.save(update_fields=["removed_at"])
        return file

    def _file(self, application):
        return ApplicationAttachment.keep(
            PDF, by=self.member, application=application, purpose="proposal"
        )

    @cached_property
    def payment(self):
        return Entry.objects.filter(
            commitment=self.partly_paid.commitment, kind=EntryKind.DISBURSE
        ).get()

    @cached_property
    def receipt(self):
        return receive(self, "5")

    @cached_property
    def filed_change(self):
        return journeys.file_change(self, journeys.bring(self, "approved", REQUESTED))

    @cached_property
    def reviewed_change(self):
        application = journeys.bring(self, "approved", REQUESTED)
        change = journeys.file_change(self, application)
        return journeys.changes.review_change(change, by=self.reviewer, opinion="同意。")

    @cached_property
    def free_unit(self):
        """A unit without pair and without mentor."""
        organisation = OrganisationFactory(parent=self.county_committee)
        return PilotUnitFactory(programme=self.programme, organisation=organisation)

    @cached_property
    def free_office(self):
        return OrganisationFactory(parent=self.county_committee, kind=Kind.ADMINISTRATIVE)

    # --- Years -----------------------------------------------------------------------------------

    @cached_property
    def ended_programme(self):
        """A programme before the present one, with 1,000 yuan left over."""
        earlier = {"starts_on": days_ago(400), "ends_on": days_ago(70)}
        programme = PilotProgrammeFactory(name="上一次试点", **earlier)
        receive(self, "1000", FundAccountFactory(programme=programme))
        return end_programme(programme, by=self.administrator, opinion="到期。")

    @cached_property
    def carry_over(self):
        """What is left of another programme before, decided by `approver` and to be booked."""
        earlier = {"starts_on": days_ago(800), "ends_on": days_ago(470)}
        programme = PilotProgrammeFactory(name="更早的试点", **earlier)
        receive(self, "300", FundAccountFactory(programme=programme))
        return decide_carry_over(
            end_programme(programme, by=self.administrator, opinion="到期。"),
            by=self.approver,
            to_programme=self.programme,
            amount=to_yuan("300"),
            opinion="转入本次试点。",
        )

    def new_programme_form(self):
        """A new programme as a browser posts it, with both units going on."""
        years = clock.today().year
        ticks = {f"unit-{unit.pk}": "on" for unit in (self.unit, self.other_unit)}
        return ticks | {
            "request_key": uuid4(),
            "name": "下一次试点",
            "year": years + 1,
            "starts_on": f"{years + 1}-01-01",
            "ends_on": f"{years + 1}-12-31",
        }

    # --- What is typed -----------------------------------------------------------------------

    def content(self, **changed):
        """An application's fields and budget rows as a browser posts them."""
        lines = {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0}
        row = {"item": "展板", "quantity": "1", "unit_price": "400", "from_fund": "400"}
        lines |= {f"lines-0-{name}": value for name, value in row.items()}
        return journeys.content_of(self.unit) | lines | changed

    def closure(self):
        """A closure with one voucher as a browser posts it."""
        line = self.partly_paid.budget_lines.last()
        row = {"budget_line": line.pk, "amount": "200", "from_fund": "200"}
        rows = {f"expenses-0-{name}": value for name, value in row.items()}
        rows |= {"expenses-TOTAL_FORMS": 1, "expenses-INITIAL_FORMS": 0}
        return {"report": "完成。", "document_count": 1} | rows

    def opinion(self, **further):
        return {"opinion": "意见。"} | further

    def scan(self):
        """A sheet as a browser uploads it."""
        return SimpleUploadedFile(PDF.name, PDF.content, PDF.content_type)

    def transfer(self, amount="1"):
        return {
            "request_key": uuid4(),
            "amount": amount,
            "occurred_on": clock.today(),
            "method": "银行转账",
        }

    def receipt_form(self):
        return {
            "request_key": uuid4(),
            "amount": "5",
            "source": Source.DONATION,
            "occurred_on": clock.today(),
            "counterparty": "企业",
            "reference": "SJ-9",
        }

    def reversal(self):
        return {"request_key": uuid4(), "entry": self.payment.pk, "opinion": "记错。"}

    def handover_form(self):
        leaver, successor = self.reviewer.pk, self.second_approver.pk
        on = clock.today() + dt.timedelta(days=1)
        return {
            "leaver": leaver,
            "successor": successor,
            "on": on,
            "reason": "调离",
            "confirmed": f"{leaver}-{successor}-{on}",
        }
