"""A person's phone, as the tests of the second factor hold it."""

import datetime as dt

from django_otp.oath import TOTP

from accounts.factor_actions import set_up_factor
from accounts.factors import STEP, new_key
from pilotwork import clock


class Phone:
    """An authenticator app with one key (bytes)."""

    def __init__(self, key):
        self.key = key

    def code(self, later=0):
        """The six digits it shows, on a clock that is `later` steps of 30 seconds ahead."""
        totp = TOTP(self.key)
        totp.time = clock.now().timestamp() + later * STEP
        return f"{totp.token():06d}"


def with_phone(user):
    """Give the person a second factor ten minutes ago; returns (phone, recovery codes)."""
    phone = Phone(new_key())
    with clock.at(clock.now() - dt.timedelta(minutes=10)):
        codes = set_up_factor(user, key=phone.key, code=phone.code())
    return phone, codes
