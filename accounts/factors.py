"""How the second factor reckons: a phone's codes (TOTP, RFC 6238), lockout, taking it away."""

import base64
import datetime as dt
import secrets
from urllib.parse import quote, urlencode

from axes.helpers import get_cool_off
from django.conf import settings
from django_otp.oath import TOTP

from accounts.models import SecondFactor
from pilotwork import clock

ISSUER = "试点工作台"
# What every authenticator app assumes: six digits, a new code every 30 seconds.
STEP = 30
DIGITS = 6
# The phone's clock may be one step before or behind.
TOLERANCE = 1
KEY_BYTES = 20


def new_key():
    """A fresh random key for one phone (bytes)."""
    return secrets.token_bytes(KEY_BYTES)


def words_of(key):
    """The key as people type it into a phone: groups of four letters and digits."""
    text = base64.b32encode(key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address_of(key, user):
    """What the QR code says to an authenticator app: an otpauth address."""
    named = quote(f"{ISSUER}:{user.username}")
    told = {"secret": base64.b32encode(key).decode(), "issuer": ISSUER}
    return f"otpauth://totp/{named}?{urlencode(told, quote_via=quote)}"


def step_of(key, code, *, after):
    """The time step whose code `code` is, if it is a present one and later than the step `after`.

    None for any other code; so a code that was used, or one older than it, is never taken again.
    """
    totp = TOTP(key, step=STEP, digits=DIGITS)
    totp.time = clock.now().timestamp()
    is_right = totp.verify(int(code), tolerance=TOLERANCE, min_t=after + 1)
    return totp.t() if is_right else None


def _lockout_began():
    return clock.now() - (get_cool_off() or dt.timedelta(0))


def failures_of(factor):
    """How many wrong codes count now: as with passwords, those of the last half hour."""
    if factor.failed_at is None or factor.failed_at < _lockout_began():
        return 0
    return factor.failures


def is_locked(factor):
    """Whether no code is taken now, after as many wrong ones as wrong passwords are allowed."""
    return failures_of(factor) >= settings.AXES_FAILURE_LIMIT


def locked_factors():
    """The SecondFactors that take no code now, as a QuerySet."""
    return SecondFactor.objects.filter(
        failed_at__gte=_lockout_began(), failures__gte=settings.AXES_FAILURE_LIMIT
    )


def forgive(user):
    """Forget the person's wrong codes."""
    SecondFactor.objects.filter(user=user).update(failures=0, failed_at=None)


def take_away(user):
    """Delete the person's key and recovery codes. The caller saves `second_factor_at`, now None.

    Every session of the person ends with that.
    """
    SecondFactor.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    user.second_factor_at = None
