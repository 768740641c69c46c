"""Eight people at work while the server is killed, and what each of them was told."""

import itertools
import uuid
from collections import deque
from dataclasses import dataclass, field

from accounts.models import Duty, TransitionLog
from funds.actions.dues_refunds import reverse_refund
from funds.actions.outright import standing_payment
from funds.models import DuesRecord, DuesState, Entry
from mentors.models import Visit
from tests import journeys
from tests.factories import OrganisationFactory, PilotUnitFactory, UserFactory
from tests.faults.browsers import NO_ANSWER, Browser
from tests.funds import dues
from tests.ground.test_files import picture
from tests.people import County, receive

ASKED = "2"  # yuan, of each application that is approved
READY = 2  # applications that wait for each approver when a round begins
PAID_EACH = 5  # applications that each cashier pays in small instalments
DUES_EACH = 5  # records of dues that each cashier gives back
PHOTO = picture()


@dataclass
class Deed:
    """One form that was sent; `mark` is found in what it makes, once, if it was saved."""

    kind: str
    path: str
    fields: dict
    mark: object
    files: dict | None = None
    is_saved: bool = False  # the person was told so
    times: int = 0  # how often it was sent


@dataclass
class Worker:
    """Somebody who fills in one kind of form after another; one without an answer is sent again."""

    browser: Browser
    kind: str
    objects: deque
    deeds: list = field(default_factory=list)
    unanswered: Deed | None = None

    def work(self):
        """Until the server is gone, or there is nothing left to do."""
        try:
            while self.unanswered or self.objects:
                if self.unanswered is None:
                    self.unanswered = FILLED[self.kind](self)
                    self.deeds.append(self.unanswered)
                self.send(self.unanswered)
        except NO_ANSWER:
            return

    def send(self, deed):
        """Send a form; a redirect to the page of what was done means: saved."""
        deed.times += 1
        answer = self.browser.post(deed.path, deed.fields, deed.files)
        place = answer.headers.get("Location", "")
        assert answer.status_code == 302, (deed, answer.status_code, answer.text)
        assert "sign-in" not in place, (deed, place)
        deed.is_saved, self.unanswered = True, None

    @property
    def path(self):
        """The address of the form for the next object."""
        return PATHS[self.kind].format(self.objects[0])

    def form(self, name):
        """The address of the next object's form, which has a field of that name, and its fields."""
        return self.path, self.browser.fields_of(self.path, name)


PATHS = {
    "approve": "/funds/applications/{}/approve/",
    "pay": "/funds/applications/{}/pay/",
    "visit": "/mentors/units/{}/visits/new/",
    "refund": "/funds/dues/{}/refund/",
}


def approve(worker):
    """同意立项, once for each application; the opinion's words are the mark."""
    path, fields = worker.form("amount")
    worker.objects.popleft()
    fields["opinion"] = f"同意。{uuid.uuid4()}"
    return Deed("approve", path, fields, fields["opinion"])


_fen = itertools.count(1)


def pay(worker):
    """拨付, an amount that none of the applications has been paid before."""
    path, fields = worker.form("request_key")
    worker.objects.rotate()
    fields["amount"] = f"{next(_fen) / 100:.2f}"
    return Deed("pay", path, fields, uuid.UUID(fields["request_key"]))


def visit(worker):
    """走访, with a photo and everything that may have happened besides."""
    path, fields = worker.form("key")
    said = uuid.uuid4().hex
    fields |= {"progress": said, "did": ["difficulty", "money", "research"], "difficulty": said}
    fields |= {"source": said, "amount": "3", "research": said, "photos": ""}
    files = {"photos": ("现场.jpg", PHOTO, "image/jpeg")}
    return Deed("visit", path, fields, uuid.UUID(fields["key"]), files)


def refund(worker):
    """退返, once for each record that is due."""
    path, fields = worker.form("request_key")
    worker.objects.popleft()
    return Deed("refund", path, fields, uuid.UUID(fields["request_key"]))


FILLED = {"approve": approve, "pay": pay, "visit": visit, "refund": refund}
# Where the mark of a saved deed is found.
KEPT = {
    "approve": lambda mark: TransitionLog.objects.filter(verb="approve", opinion=mark),
    "pay": lambda mark: Entry.objects.filter(request_key=mark),
    "visit": lambda mark: Visit.objects.filter(key=mark),
    "refund": lambda mark: Entry.objects.filter(request_key=mark),
}


class Office:
    """The county with work for eight people, who sit before browsers of their own."""

    def __init__(self, url):
        self.county = County()
        receive(self.county, "20000")
        payers = [self.county.cashier, self.county.allrounder]
        refunders = [UserFactory(duties=[Duty.CASHIER]) for _ in payers]
        self.workers = [
            *self._hire(url, "approve", [self.county.approver, self.county.second_approver]),
            *self._hire(url, "pay", payers),
            *self._hire(url, "visit", [self.county.mentor, self.county.other_mentor]),
            *self._hire(url, "refund", refunders),
        ]
        for worker in self.of_kind("pay"):
            paid = [journeys.bring(self.county, "approved", "1500") for _ in range(PAID_EACH)]
            worker.objects.extend(application.pk for application in paid)
        units = [self.county.unit.pk, self.county.other_unit.pk]
        for worker, unit in zip(self.of_kind("visit"), units, strict=True):
            worker.objects.append(unit)
        self.given_back = {}
        for worker in self.of_kind("refund"):
            due = [dues.due(self.county, unit=self._unit()).pk for _ in range(DUES_EACH)]
            self.given_back[worker.browser.username] = due
            worker.objects.extend(due)

    def _hire(self, url, kind, people):
        return [Worker(Browser(url, person.username), kind, deque()) for person in people]

    def _unit(self):
        committee = OrganisationFactory(parent=self.county.county_committee)
        return PilotUnitFactory(programme=self.county.programme, organisation=committee)

    def of_kind(self, kind):
        """The people who do one kind of work."""
        return [worker for worker in self.workers if worker.kind == kind]

    def prepare(self):
        """New work in place of what was done: applications to approve, refunds taken back."""
        for worker in self.of_kind("approve"):
            while len(worker.objects) < READY:
                worker.objects.append(journeys.bring(self.county, "reviewed", ASKED).pk)
        for worker in self.of_kind("refund"):
            given_back = self.given_back[worker.browser.username]
            settled = DuesRecord.objects.filter(pk__in=given_back, state=DuesState.SETTLED)
            busy = worker.unanswered and worker.unanswered.path
            for record in settled:
                if busy != f"/funds/dues/{record.pk}/refund/":
                    take_back(self.county, record)
                    worker.objects.append(record.pk)

    @property
    def deeds(self):
        """Everything that anybody has sent."""
        return [deed for worker in self.workers for deed in worker.deeds]


def take_back(county, record):
    """The refund was wrong: reopened and reversed, it is due again."""
    record = dues.reopen(county, record)
    wrong = standing_payment(record.commitment)
    reverse_refund(record, by=county.cashier, entry=wrong, opinion=dues.OPINION)
