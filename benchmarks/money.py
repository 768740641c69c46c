"""Many applications in every common state, with their logs, closures and entries in the ledger."""

import datetime as dt
import itertools

from django.contrib.contenttypes.models import ContentType

from accounts.models import Act
from benchmarks.copying import chained, insert, numbered
from funds.models import (
    Application,
    ApplicationVersion,
    BudgetLine,
    Closure,
    Commitment,
    Entry,
    EntryKind,
    Source,
    State,
)
from funds.models.ledger import CommitmentKind
from pilotwork import clock
from pilotwork.money import ZERO, to_yuan

PART = 10_000
ONE = to_yuan("1")
# Of every hundred applications so many have come to each state. What was approved has been paid in
# two parts: of what is still open half, of the closed ones all.
SHARES = [
    (State.DRAFT, 5),
    (State.SUBMITTED, 14),
    (State.REVIEWED, 10),
    (State.REJECTED, 5),
    (State.APPROVED, 36),
    (State.CLOSING, 5),
    (State.CLOSED, 25),
]
STATES = [state for state, share in SHARES for _ in range(share)]
QUARTER, HALF = to_yuan("0.25"), to_yuan("0.50")
PAID = {State.APPROVED: QUARTER, State.CLOSING: QUARTER, State.CLOSED: HALF}
STRIDE = 37  # coprime to 100: neighbours are in different states
NUMBER = "B-{:06d}"


class Money:
    """Adds applications to the programme's units, and their entries to its fund."""

    def __init__(self, county):
        self.story, self.people = county.story, county.people
        self.account = self.story.fund
        self.content_type = ContentType.objects.get_for_model(Application)
        self.began = clock.now() - dt.timedelta(days=30)
        self.serial = itertools.count(1)

    def grow(self, units, applications, entries):
        """Add applications of `units`, and receipts, until there are so many in all."""
        while missing := applications - Application.objects.count():
            self._add(units, min(PART, missing))
        missing = entries - Entry.objects.count()
        if missing > 0:
            self._entries([], missing)

    def _add(self, units, number):
        made = numbered(self._application(units) for _ in range(number))
        paid = [one for one in made if one.state in PAID]
        commitments = numbered(
            Commitment(account=self.account, kind=CommitmentKind.APPLICATION, title=one.number)
            for one in paid
        )
        for application, commitment in zip(paid, insert(commitments), strict=True):
            application.commitment = commitment
        insert(made)
        lines = insert(numbered(self._line(one) for one in made))
        insert(numbered(self._version(one) for one in made if one.submitted_at))
        insert(numbered(self._closure(a) for a in made if a.state in {State.CLOSING, State.CLOSED}))
        entries = self._entries(paid, 0)
        logs = (row for one in made for row in self._log(one, entries.get(one.pk, ())))
        insert(numbered(logs))
        return lines

    def _application(self, units):
        serial = next(self.serial)
        state = STATES[serial * STRIDE % len(STATES)]
        moment = self.began + dt.timedelta(seconds=20 * serial)
        is_draft = state == State.DRAFT
        return Application(
            pilot_unit=units[serial % len(units)],
            number=None if is_draft else NUMBER.format(serial),
            state=state,
            state_since=moment,
            began_on=self.story.day(30),
            name=f"志愿服务第 {serial} 期",
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
            approved_amount=ONE if state in PAID else None,
            created_by=self.people["wangkou"],
            created_at=moment,
            submitted_at=None if is_draft else moment,
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

    def _closure(self, application):
        spent = PAID[application.state] * 2
        return Closure(
            application=application,
            report="活动已完成。",
            document_count=1,
            spent_total=spent,
            spent_from_fund=spent,
            filed_at=application.submitted_at,
            filed_by=self.people["wangkou"],
        )

    # --- The log ------------------------------------------------------------------------------

    def _log(self, application, entries):
        """Its log, up to its state, with the payments that `entries` are."""
        unit, reviewer = self.people["wangkou"], self.people["orghead"]
        approver, cashier = self.people["secretary"], self.people["officer"]
        state = application.state
        steps = [
            ("submit", "提交", "", unit, State.SUBMITTED),
            ("review", "初审同意", Act.REVIEW, reviewer, State.REVIEWED),
            ("approve", "同意立项", Act.APPROVE, approver, State.APPROVED),
        ]
        if state == State.REJECTED:
            steps[1] = ("reject", "不予立项", Act.REVIEW, reviewer, State.REJECTED)
        length = {State.DRAFT: 0, State.SUBMITTED: 1, State.REVIEWED: 2, State.REJECTED: 2}
        steps = [(*step, {}) for step in steps[: length.get(state, 3)]]
        steps += [
            ("pay", "拨付", Act.PAY, cashier, State.APPROVED, self._booked(entry))
            for entry in entries
        ]
        if state in {State.CLOSING, State.CLOSED}:
            steps.append(("file_closure", "报送结项", "", unit, State.CLOSING, {}))
        if state == State.CLOSED:
            checked = ("review_closure", "结项初审同意", Act.REVIEW, reviewer)
            steps.append((*checked, State.CLOSURE_REVIEWED, {}))
            steps.append(("close", "同意结项", Act.APPROVE, approver, State.CLOSED, {}))
        return chained(application, self.content_type, self._rows(application, steps))

    def _rows(self, application, steps):
        source = State.DRAFT
        for verb, label, act, by, target, details in steps:
            yield {
                "verb": verb,
                "label": label,
                "act": act,
                "source": source,
                "target": target,
                "by": by,
                "by_name": self._name(by),
                "at": application.submitted_at,
                "opinion": "同意" if act else "",
                "details": details,
            }
            source = target

    def _name(self, person):
        return str(person)

    def _booked(self, entry):
        return {
            "entry": entry.pk,
            "voucher": entry.voucher_number,
            "amount": f"{entry.amount:.2f}",
            "kind": EntryKind.DISBURSE.label,
        }

    # --- The ledger ---------------------------------------------------------------------------

    def _entries(self, approved, receipts):
        """Book what `approved` hold and were paid, and so many `receipts` besides.

        Returns {application's key: its payments}.
        """
        self.last = Entry.objects.filter(account=self.account).order_by("-number").first()
        rows, payments = [self._receipt(ONE * max(len(approved), 1))], {}
        rows += [self._receipt(ONE) for _ in range(receipts - 1)]
        for application in approved:
            part = PAID[application.state]
            rows.append(self._of(application, EntryKind.RESERVE, -ONE, ZERO, ZERO))
            for nth in (1, 2):
                paid = self._of(application, EntryKind.DISBURSE, ZERO, -part, part * nth)
                payments.setdefault(application.pk, []).append(paid)
            rows += payments[application.pk]
        insert(numbered(rows))
        return payments

    def _receipt(self, amount):
        return self._entry(
            kind=EntryKind.RECEIPT, available=amount, cash=amount, source=Source.SUPERIOR
        )

    def _of(self, application, kind, available, cash, disbursed):
        sums = {"reserved_after": ONE, "disbursed_after": disbursed}
        sums |= {"released_after": ZERO, "recovered_after": ZERO}
        moves = {"kind": kind, "available": available, "cash": cash}
        return self._entry(commitment=application.commitment, **moves, **sums)

    def _entry(self, *, available, cash, **fields):
        entry = Entry(
            account=self.account,
            number=self.last.number + 1,
            available=available,
            cash=cash,
            available_after=self.last.available_after + available,
            cash_after=self.last.cash_after + cash,
            occurred_on=self.story.day(1),
            booked_at=self.last.booked_at,
            by=self.people["clerk"],
            by_name=self._name(self.people["clerk"]),
            **fields,
        )
        entry.digest = entry.computed_digest(self.last.digest)
        self.last = entry
        return entry
