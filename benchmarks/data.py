"""Builds a large county quickly: the same rows the verbs would write, inserted in bulk."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType

from accounts.models import Act, TransitionLog
from funds.models import (
    Application,
    ApplicationVersion,
    BudgetLine,
    Commitment,
    Entry,
    EntryKind,
    State,
)
from funds.models.ledger import CommitmentKind
from pilotwork import clock
from pilotwork.money import ZERO, to_yuan
from units.models import Kind, Level, Organisation, PilotUnit

BATCH = 2000
UNITS = 200
ONE, HALF = to_yuan("1"), to_yuan("0.50")
# What each application has come to, in turn; half of what was approved is paid in part.
STATES = [State.SUBMITTED, State.REVIEWED, State.APPROVED, State.APPROVED, State.REJECTED]
STEPS = {
    State.SUBMITTED: 1,
    State.REVIEWED: 2,
    State.APPROVED: 3,
    State.REJECTED: 2,
}


class Builder:
    """Adds applications, their logs, versions, lines and entries to the demo's fund."""

    def __init__(self, story):
        self.story = story
        self.people = story.people
        self.account = story.fund
        self.last = Entry.objects.filter(account=self.account).order_by("-number").first()
        self.content_type = ContentType.objects.get_for_model(Application)
        self.began = clock.now() - dt.timedelta(days=30)
        self.serial = Application.objects.count()
        self.units = self._units()

    def _units(self):
        parent = self.story.organisations["团县委"]
        organisations = Organisation.objects.bulk_create(
            Organisation(
                name=f"第 {number} 试点团委",
                name_key=f"di{number:04d}",
                level=Level.COMMITTEE,
                kind=Kind.TOWN,
                parent=parent,
            )
            for number in range(UNITS)
        )
        return PilotUnit.objects.bulk_create(
            PilotUnit(
                programme=self.story.programme,
                organisation=organisation,
                joined_on=self.story.day(30),
            )
            for organisation in organisations
        )

    def grow_to(self, wanted):
        """Add applications until there are `wanted` in all."""
        while self.serial < wanted:
            self._add(min(BATCH, wanted - self.serial))

    def _add(self, number):
        applications = [self._application() for _ in range(number)]
        approved = [a for a in applications if a.state == State.APPROVED]
        for application, commitment in zip(approved, self._commitments(approved), strict=True):
            application.commitment = commitment
        Application.objects.bulk_create(applications)
        BudgetLine.objects.bulk_create(self._line(a) for a in applications)
        ApplicationVersion.objects.bulk_create(self._version(a) for a in applications)
        TransitionLog.objects.bulk_create(row for a in applications for row in self._log(a))
        Entry.objects.bulk_create(self._entries(approved))

    def _commitments(self, approved):
        return Commitment.objects.bulk_create(
            Commitment(account=self.account, kind=CommitmentKind.APPLICATION, title=a.number)
            for a in approved
        )

    def _application(self):
        self.serial += 1
        moment = self.began + dt.timedelta(seconds=20 * self.serial)
        state = STATES[self.serial % len(STATES)]
        return Application(
            pilot_unit=self.units[self.serial % UNITS],
            number=f"B-{self.serial:06d}",
            state=state,
            state_since=moment,
            began_on=self.story.day(30),
            name=f"志愿服务第 {self.serial} 期",
            purpose="服务群众",
            plan="分三次开展",
            starts_on=self.story.day(0),
            ends_on=self.story.day(-5),
            place="镇青年之家",
            participants="青年 20 人",
            contact="孙",
            phone="000",
            payee_name="试点团委",
            payee_bank="县农商银行",
            payee_account="001",
            total_amount=ONE,
            requested_amount=ONE,
            approved_amount=ONE if state == State.APPROVED else None,
            created_by=self.people["wangkou"],
            created_at=moment,
            submitted_at=moment,
        )

    def _line(self, application):
        return BudgetLine(
            application=application,
            position=1,
            item="展板",
            quantity=ONE,
            unit_price=ONE,
            amount=ONE,
            from_fund=ONE,
        )

    def _version(self, application):
        return ApplicationVersion(
            application=application,
            number=1,
            content={"name": application.name, "lines": [], "attachments": []},
            at=application.submitted_at,
            by=self.people["wangkou"],
        )

    def _log(self, application):
        people = self.people
        steps = [
            ("submit", "提交", "", State.DRAFT, State.SUBMITTED, people["wangkou"]),
            ("review", "初审同意", Act.REVIEW, State.SUBMITTED, State.REVIEWED, people["orghead"]),
            (
                "approve",
                "同意立项",
                Act.APPROVE,
                State.REVIEWED,
                State.APPROVED,
                people["secretary"],
            ),
        ]
        previous = ""
        for number, step in enumerate(steps[: STEPS[application.state]], start=1):
            verb, label, act, source, target, by = step
            row = TransitionLog(
                content_type=self.content_type,
                object_id=application.pk,
                number=number,
                verb=verb,
                label=label,
                act=act,
                source=source,
                target=target,
                by=by,
                by_name=str(by),
                at=application.submitted_at,
                opinion="同意",
            )
            previous = row.digest = row.computed_digest(previous)
            yield row

    def _entries(self, approved):
        """A receipt that covers the batch, then a reservation each and half of it paid."""
        rows = [self._entry(EntryKind.RECEIPT, ONE * len(approved), ONE * len(approved))]
        for application in approved:
            rows.append(self._entry(EntryKind.RESERVE, -ONE, ZERO, application, (ONE, ZERO)))
            rows.append(self._entry(EntryKind.DISBURSE, ZERO, -HALF, application, (ONE, HALF)))
        return rows

    def _entry(self, kind, available, cash, application=None, sums=(None, None)):
        reserved, disbursed = sums
        entry = Entry(
            account=self.account,
            number=self.last.number + 1,
            kind=kind,
            available=available,
            cash=cash,
            available_after=self.last.available_after + available,
            cash_after=self.last.cash_after + cash,
            commitment=application.commitment if application else None,
            reserved_after=reserved,
            released_after=ZERO if application else None,
            disbursed_after=disbursed,
            recovered_after=ZERO if application else None,
            occurred_on=self.story.day(1),
            booked_at=self.last.booked_at,
            by=self.people["clerk"],
            by_name=str(self.people["clerk"]),
        )
        entry.digest = entry.computed_digest(self.last.digest)
        self.last = entry
        return entry
