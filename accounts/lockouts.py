"""Who is locked out after too many wrong passwords, as axes counts them, or wrong codes."""

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Sum

from accounts.factors import locked_factors
from accounts.models import User
from pilotwork import clock


class LockedOut(Exception):
    """Too many wrong codes: none is taken until the lockout ends or is lifted."""


def lockout_minutes():
    """How long a lockout lasts, in whole minutes."""
    return int(get_cool_off().total_seconds() // 60)


def locked_usernames():
    """The sign-in names that cannot sign in from at least one address now, as a QuerySet of text."""
    failing = (
        AccessAttempt.objects.filter(attempt_time__gte=clock.now() - get_cool_off())
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return failing.values_list("username", flat=True)


def is_locked_out(user):
    """Whether the person cannot sign in from some address until the lockout ends or is lifted."""
    by_password = Q(username__in=locked_usernames())
    by_code = Exists(locked_factors().filter(user=OuterRef("pk")))
    return User.objects.filter(by_password | by_code, pk=user.pk).exists()
