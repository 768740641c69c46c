"""Sends the digests of today in Shanghai, each at most once however often this runs.

A message is claimed by its row, committed, and only then sent. So a process that dies in between
costs the day's message and never sends it twice; `retry` takes up what was left over.
"""

import dataclasses

from django.db import IntegrityError, transaction

from accounts.models import User
from mentors.ties import ties_of
from pilotwork import clock
from reports.digest.channels import MailServer
from reports.digest.words import MOST_COUNTED, message_to_group, message_to_person
from reports.models import Digest
from reports.todo import PREPARED


@dataclasses.dataclass
class Outcome:
    """How many messages went out and how many did not; those of earlier runs are in neither."""

    mails: int = 0
    groups: int = 0
    failed: int = 0
    # People for whom something waits: who can be mailed, have no address, or want no mail.
    reachable: int = 0
    without_address: int = 0
    unwilling: int = 0

    def can_reach(self, person):
        """Whether the person has an address and wants mail; who has not is counted."""
        can_reach = bool(person.email) and person.gets_digest
        self.reachable += can_reach
        self.without_address += not person.email
        self.unwilling += bool(person.email) and not person.gets_digest
        return can_reach

    @property
    def why_no_mail(self):
        """Why nobody for whom something waits can be mailed, in words; "" where somebody can."""
        if self.reachable:
            return ""
        reasons = (
            (self.without_address, "没有登记邮箱"),
            (self.unwilling, "关闭了每日提醒"),
        )
        return "，".join(f"{number} 人{words}" for number, words in reasons if number)


def claim(day, *, retry=False, **whom):
    """Take the message of `day` to `whom` (person= or group=) upon oneself; None if another has it.

    With `retry` a message that was left over is taken up again. Committed when this returns.
    """
    try:
        with transaction.atomic(durable=True):
            return Digest.objects.create(day=day, **whom)
    except IntegrityError:
        return _claim_again(day, **whom) if retry else None


@transaction.atomic(durable=True)
def _claim_again(day, **whom):
    rows = Digest.objects.select_for_update().filter(day=day, **whom)
    digest = rows.left_over().first()
    if digest is not None:
        digest.claimed_at, digest.failed_at = clock.now(), None
        digest.save(update_fields=["claimed_at", "failed_at"])
    return digest


def note(digest, is_sent):
    """Write down what became of a claimed message."""
    moment = {"sent_at" if is_sent else "failed_at": clock.now()}
    Digest.objects.filter(pk=digest.pk).update(**moment)
    return is_sent


def send_digests(*, by_mail, groups, retry=False):
    """Tell each person, if `by_mail`, and each of `groups` (channels.Group) what waits today.

    Returns the Outcome. Two queries for each person, and those of what is sent.
    """
    day, outcome, all_matters = clock.today(), Outcome(), {}
    post = MailRound(day, outcome, retry) if by_mail else None
    # Read in one go: on SQLite an open cursor would hold on to a moment that writers leave behind.
    for person in list(User.objects.active().with_grants().order_by("pk")):
        matters = PREPARED.matters(MOST_COUNTED, person, ties_of(person))
        all_matters |= {(kind.load, pk): kind.place for kind, pk in matters}
        if post and matters and outcome.can_reach(person):
            post.tell(person, [kind.place for kind, _ in matters])
    if post:
        post.close()
    for group in groups if all_matters else []:
        tell_group(group, message_to_group(list(all_matters.values())), day, outcome, retry)
    return outcome


class MailRound:
    """The e-mails of one run. A server that does not answer ends it, nothing more being claimed."""

    def __init__(self, day, outcome, retry):
        self.day, self.outcome, self.retry = day, outcome, retry
        self.server = MailServer()
        self.is_open = self._open()

    def _open(self):
        is_open = self.server.answers()
        self.outcome.failed += not is_open
        return is_open

    def tell(self, person, places):
        """Send the person's message, unless it has gone or the server is away."""
        if not self.is_open:
            return
        digest = claim(self.day, retry=self.retry, person=person)
        if digest is None:
            return
        if note(digest, self.server.send(person.email, message_to_person(places))):
            self.outcome.mails += 1
        else:
            # Perhaps it was this one address, perhaps the server: the next one's turn tells.
            self.outcome.failed += 1
            self.is_open = self._open()

    def close(self):
        """The last message has gone."""
        self.server.close()


def tell_group(group, message, day, outcome, retry):
    """Send one group its line of the day, unless it has gone."""
    digest = claim(day, retry=retry, group=group.fingerprint)
    if digest is None:
        return
    if note(digest, group.send(message)):
        outcome.groups += 1
    else:
        outcome.failed += 1
