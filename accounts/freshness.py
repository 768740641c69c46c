"""The password again: what is sensitive is done only while it was typed a short while ago.

A stolen session alone pays nothing, creates no account and carries no archive away. A view says
``access(..., fresh=WHEN_POSTED)`` (or `ALWAYS`, where opening it is what is sensitive), a verb
``Verb(..., fresh=True)``. Sensitive is what books an entry or waives money due, gives somebody
access, freezes a report, opens a public page, ends a programme, imports, or takes a whole archive.
"""

import copy

from axes.helpers import get_client_ip_address
from axes.utils import reset as lift_axes_lockout
from django.contrib.auth import authenticate
from django.http import QueryDict

from accounts.sessions import is_fresh, note_password

WHEN_POSTED = "when posted"
ALWAYS = "always"
FIELD = "confirm_password"
WRONG = "密码不正确，请核对后再试。连续输错多次会暂时锁定。"


class PasswordNeeded(Exception):
    """Nothing is done before the password is typed again; answered by `FreshnessMiddleware`."""

    def __init__(self, error=""):
        super().__init__(error)
        self.error = error


def require_fresh(request):
    """Go on only if the password was typed lately, or stands rightly in what is posted now.

    Raises PasswordNeeded otherwise, with the error if the password was wrong.
    """
    if is_fresh(request):
        return
    typed = request.POST.get(FIELD, "")
    if not typed:
        raise PasswordNeeded
    if not is_own_password(request, typed):
        raise PasswordNeeded(WRONG)


def is_own_password(request, password):
    """Whether `password` is the signed-in person's; a right one makes the session fresh.

    A wrong one counts towards the lockout as at signing in, whose page is then the answer.
    """
    # Axes writes down what was posted with a failure; a payment's form is none of its business.
    bare = copy.copy(request)
    bare.POST = QueryDict()
    username = request.user.get_username()
    found = authenticate(bare, username=username, password=password)
    request.axes_locked_out = getattr(bare, "axes_locked_out", False)
    if found is None or found.pk != request.user.pk:
        return False
    lift_axes_lockout(username=username, ip=get_client_ip_address(request))
    note_password(request)
    return True
