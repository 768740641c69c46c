"""Signing in with a one-time registration code instead of a password."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password

from accounts.models import User


class RegistrationCodeBackend(ModelBackend):
    """Authenticates `username` with `registration_code`; failures count towards the lockout."""

    def authenticate(self, request, username=None, registration_code=None, **kwargs):
        """The person whose usable code this is, or None."""
        if not username or not registration_code:
            return None
        user = User.objects.active().filter(username=username).first()
        codes = list(user.registration_codes.usable()) if user else []
        if not codes:
            # As slow as a wrong code, so that the time does not tell which names exist.
            make_password(registration_code)
        return user if any(code.matches(registration_code) for code in codes) else None
