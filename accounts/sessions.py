"""What a session remembers of its person: when the password was last typed, and a code accepted.

Both belong to this session alone, never to a device: on a shared phone nothing outlives signing out.
"""

import datetime as dt

from django.conf import settings

from pilotwork import clock

PASSWORD_AT = "password_at"
SECOND_FACTOR = "second_factor"


def note_password(request):
    """Remember that the person typed the password just now, here."""
    request.session[PASSWORD_AT] = clock.now().timestamp()


def is_fresh(request):
    """Whether the password was typed here within the last REAUTH_MINUTES."""
    typed_at = request.session.get(PASSWORD_AT)
    if typed_at is None:
        return False
    age = clock.now().timestamp() - typed_at
    return 0 <= age < dt.timedelta(minutes=settings.REAUTH_MINUTES).total_seconds()


def note_second_factor(request):
    """Remember that a code was accepted; under a new session key, so that none can be planted."""
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = True


def has_second_factor(request):
    """Whether a code was accepted in this session."""
    return request.session.get(SECOND_FACTOR, False)
