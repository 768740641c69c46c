"""Signing in and out, opening an account with a code, one's own password."""

import functools

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.access import access, public
from accounts.forms import FirstPasswordForm, OwnPasswordForm, RegisterForm, SignInForm
from accounts.lockouts import lockout_minutes
from accounts.models import FactorReset, User
from accounts.sessions import note_password
from pilotwork.demo_accounts import ACCOUNTS, PASSWORD
from pilotwork.refusals import Refused


class SignInView(LoginView):
    """Django's own; it redirects to addresses of this site only."""

    authentication_form = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    http_method_names = ["get", "head", "post"]

    def form_valid(self, form):
        resets = list(FactorReset.objects.untold_to(form.get_user()))
        answer = super().form_valid(form)
        note_password(self.request)
        for reset in resets:
            messages.warning(self.request, reset.told)
        return answer

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["is_without_people"] = not User.objects.exists()
        if settings.DEMO_MODE:
            context["demo_password"] = PASSWORD
            context["demo_accounts"] = [
                {"username": username, "label": label} for username, label in ACCOUNTS
            ]
        return context


sign_in = public(SignInView.as_view())


@public
@require_POST
def sign_out(request):
    """End the session, also one that has ended by itself."""
    logout(request)
    return redirect("accounts:sign_in")


def locked_out(request, response, credentials, *args):
    """The answer to too many failures (called by axes): 429, how long, and who can lift it."""
    return render(request, "accounts/locked.html", {"minutes": lockout_minutes()}, status=429)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """Open an account with the one-time code and sign in; failures count towards the lockout."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = RegisterForm(request.POST or None)
    if form.is_valid() and _register(request, form):
        messages.success(request, "账户已开通，以后请用登录名和新密码登录。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/register.html", {"form": form})


def _register(request, form):
    """Try what the form holds; returns whether the person is signed in now."""
    data = form.cleaned_data
    user = authenticate(request, username=data["username"], registration_code=data["code"])
    if user is None:
        form.add_error(None, "登录名或注册码不正确，或注册码已使用、已过期。")
        return False
    try:
        validate_password(data["new_password1"], user)
        actions.register(user, password=data["new_password1"])
    except ValidationError as errors:
        form.refuse_password(errors)
        return False
    except Refused as refusal:
        form.add_error(refusal.field, refusal.message)
        return False
    login(request, user)
    note_password(request)
    return True


@access()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request):
    """Set an own password; this session stays, all others of the person end."""
    forced = request.user.must_change_password
    form_class = FirstPasswordForm if forced else functools.partial(OwnPasswordForm, request)
    form = form_class(request.user, request.POST or None)
    if form.is_valid():
        actions.change_own_password(request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改，其他设备上的登录已失效。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/password_change.html", {"form": form, "forced": forced})
