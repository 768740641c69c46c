"""Handing out temporary passwords and registration codes: shown once, in the answer itself.

What is shown is stored nowhere, neither in the session nor in a message: only its hash is kept.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.access import access
from accounts.freshness import WHEN_POSTED
from accounts.models import User
from accounts.models.user import CODE_VALID_FOR
from accounts.rules import is_administrator
from accounts.views.people import crumbs
from pilotwork import clock
from pilotwork.refusals import Refused


@access(is_administrator, of=User)
@require_safe
def credentials(request, user):
    """Choose between a temporary password and a registration code."""
    context = {"person": user, "crumbs": crumbs(user), "days": CODE_VALID_FOR.days}
    return render(request, "accounts/credentials.html", context)


@access(is_administrator, of=User, fresh=WHEN_POSTED)
@require_POST
def temporary_password(request, user):
    """Set a temporary password and show it."""
    password = actions.set_temporary_password(user, by=request.user)
    context = {"person": user, "crumbs": crumbs(user), "kind": "临时密码", "secret": password}
    return render(request, "accounts/secret.html", context)


@access(is_administrator, of=User, fresh=WHEN_POSTED)
@require_POST
def registration_code(request, user):
    """Issue a one-time code and show it with the day it ends."""
    try:
        code = actions.issue_registration_code(user, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(user)
    context = {
        "person": user,
        "crumbs": crumbs(user),
        "kind": "注册码",
        "secret": code,
        "expires_at": clock.now() + CODE_VALID_FOR,
    }
    return render(request, "accounts/secret.html", context)
