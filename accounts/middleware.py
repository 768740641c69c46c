"""What holds for every page of a signed-in person."""

import logging

from django.db import DatabaseError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from accounts.audit import given_out, record_given_out

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
            allowed = {reverse("accounts:change_password"), reverse("accounts:sign_out")}
            if request.path not in allowed:
                return redirect("accounts:change_password")
        return self.get_response(request)


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
