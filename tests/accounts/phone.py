"""A person's phone, as the tests of the second factor hold it."""

import base64
import datetime as dt
import re

from django_otp.oath import TOTP

from accounts.factor_actions import set_up_factor
from accounts.factors import STEP, new_key
from pilotwork import clock
from tests.accounts.conftest import browser
from tests.factories import PASSWORD

SIGN_IN, SIGN_OUT = "/accounts/sign-in/", "/accounts/sign-out/"
SET_UP, CODE = "/accounts/second-factor/", "/accounts/second-factor/code/"
RENEW, GIVE_UP = "/accounts/second-factor/recovery-codes/", "/accounts/second-factor/give-up/"
LISTED = re.compile(r"<li><code>([a-z0-9-]{19})</code></li>")
RFC_KEY = b"12345678901234567890"


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


def signed_in(user, next_page="/"):
    """A browser in which the person typed the password, and nothing else yet."""
    client = browser()
    typed = {"username": user.username, "password": PASSWORD, "next": next_page}
    assert client.post(SIGN_IN, typed).status_code == 302
    return client


def key_shown(page):
    """The key that the set-up page shows as text."""
    text = re.search(r"密钥 <code>([A-Z2-7 ]+)</code>", page.content.decode()).group(1)
    return base64.b32decode(text.replace(" ", ""))


def set_up(client, next_page="/"):
    """Set up what the page shows; returns (phone, the answer to the first code)."""
    phone = Phone(key_shown(client.get(SET_UP)))
    return phone, client.post(SET_UP, {"code": phone.code(), "next": next_page})
