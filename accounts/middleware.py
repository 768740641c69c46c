"""What holds for every page of a signed-in person."""

import logging

from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from accounts.audit import given_out, record_given_out
from accounts.confirming import answer_to
from accounts.freshness import PasswordNeeded, require_fresh
from accounts.sessions import has_second_factor

log = logging.getLogger(__name__)


class PrivatePagesMiddleware:
    """Pages behind the sign-in are kept by no cache, so that "back" after signing out shows none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


class PasswordChangeMiddleware:
    """Whoever came in with a temporary password sets an own one before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and user.must_change_password:
            # Who has a second factor enters a code first: SecondFactorMiddleware.
            allowed = ("accounts:change_password", "accounts:enter_code", "accounts:sign_out")
            if request.path not in map(reverse, allowed):
                return redirect("accounts:change_password")
        return self.get_response(request)


class SecondFactorMiddleware:
    """Whoever has a second factor enters a code, whoever needs one sets it up, before all else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        first = self.first_thing(request)
        if first and request.path not in {reverse(first), reverse("accounts:sign_out")}:
            if request.htmx:
                return HttpResponseClientRedirect(reverse(first))
            return redirect_to_login(request.get_full_path(), reverse(first))
        return self.get_response(request)

    def first_thing(self, request):
        """The name of the page to be dealt with first, or None."""
        user = request.user
        if not user.is_authenticated:
            return None
        if user.second_factor_at is not None:
            return None if has_second_factor(request) else "accounts:enter_code"
        # A temporary password is changed before that: PasswordChangeMiddleware.
        if user.must_change_password or not user.needs_second_factor:
            return None
        return "accounts:second_factor"


class FreshnessMiddleware:
    """Asks for the password where a view or verb wants it again, and for all that the admin changes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Programme settings and payees' accounts are changed in the admin."""
        match = request.resolver_match
        changes_something = match.app_name == "admin" and match.url_name != "logout"
        if not changes_something or request.method != "POST" or not request.user.is_authenticated:
            return None
        try:
            require_fresh(request)
        except PasswordNeeded as needed:
            return answer_to(request, needed)
        return None

    def process_exception(self, request, exception):
        """The page that asks, instead of an error."""
        return answer_to(request, exception) if isinstance(exception, PasswordNeeded) else None


class AuditMiddleware:
    """Records what is given out to print, keep or look into: before anything of it is sent.

    What cannot be recorded is not given out: 503, and nothing else has happened.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        kind = given_out(request, response) if request.user.is_authenticated else None
        if kind is None:
            return response
        try:
            record_given_out(request, response, kind)
        except DatabaseError:
            log.exception("The audit could not be written; what was asked for is not given out.")
            # Not response.close(), which says that the whole request has ended.
            if getattr(response, "file_to_stream", None):
                response.file_to_stream.close()
            return render(request, "503_audit.html", status=503)
        return response
