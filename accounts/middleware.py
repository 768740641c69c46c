"""What holds for every page of a signed-in person."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control


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
