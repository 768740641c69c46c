"""The ways a digest goes: one mail server, and groups of 企业微信, 钉钉 and others.

A channel that does not answer costs its time-out and a line in the log, never another message. The
log names no person, no address and no text: an address of a group is a secret.
"""

import hashlib
import logging

import apprise
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

log = logging.getLogger(__name__)


class MailServer:
    """The mail server, over one connection as long as that lasts."""

    def __init__(self):
        self.connection = get_connection()

    def answers(self):
        """Whether it can be reached and lets us in; opens the connection."""
        try:
            self.connection.open()
        # Whatever a server or the network may answer, the other channels have their turn.
        except Exception as error:
            log.error("The mail server does not take the digest: %s", type(error).__name__)
            return False
        return True

    def send(self, address, message):
        """Whether it took the `message` (a words.Message) to one address."""
        mail = EmailMessage(
            message.subject,
            message.body,
            settings.DEFAULT_FROM_EMAIL,
            [address],
            connection=self.connection,
            headers={"Auto-Submitted": "auto-generated"},
        )
        try:
            mail.send()
        except Exception as error:
            log.error("A digest by e-mail failed: %s", type(error).__name__)
            self.close()
            return False
        return True

    def close(self):
        """Let the server go, also one that has gone by itself."""
        try:
            self.connection.close()
        except Exception as error:
            log.warning("The mail server went without a word: %s", type(error).__name__)


class Group:
    """One group's robot. Raises ValueError for an address that apprise does not understand."""

    def __init__(self, address):
        # What it is known by in the database and in the log.
        self.fingerprint = hashlib.sha256(address.encode()).hexdigest()
        self.notifier = apprise.Apprise()
        if not self.notifier.add(address):
            raise ValueError("apprise does not understand the address of this group.")

    def send(self, message):
        """Whether the group's server took the `message`; waits no longer than apprise's time-outs."""
        try:
            is_sent = self.notifier.notify(title=message.subject, body=message.body)
        except Exception as error:
            log.error("Group %s failed: %s", self.fingerprint[:8], type(error).__name__)
            return False
        if not is_sent:
            log.error("Group %s did not take the digest.", self.fingerprint[:8])
        return bool(is_sent)
