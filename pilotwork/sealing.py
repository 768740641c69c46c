"""Secrets that must be read again, such as the key of a person's phone codes: kept encrypted.

Who copies the database or a backup without the server's SECRET_KEY cannot read them.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """What was sealed under another SECRET_KEY, or has been changed."""


def _box():
    key = hmac.digest(settings.SECRET_KEY.encode(), b"pilotwork.sealing", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secret: bytes) -> str:
    """Encrypt `secret`; the text may lie in a database or a session."""
    return _box().encrypt(secret).decode()


def unseal(sealed: str) -> bytes:
    """What was sealed. Raises Unreadable when SECRET_KEY or the text is no longer the same."""
    try:
        return _box().decrypt(sealed.encode())
    except InvalidToken as error:
        raise Unreadable from error
