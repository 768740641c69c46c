"""How the password is asked for again without losing what was typed."""

from urllib.parse import urlsplit, urlunsplit

from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.freshness import FIELD

# Belong to the page that was posted from, not to what was typed.
NOT_REPEATED = {"csrfmiddlewaretoken", FIELD}


class ConfirmForm(forms.Form):
    confirm_password = forms.CharField(
        label="登录密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


def is_ours(request, url):
    """Whether `url` leads to a page of this site."""
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def next_of(request):
    """Where to go on to: the `next` of the request if it is a page of ours, else the home page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_ours(request, asked) else resolve_url(settings.LOGIN_REDIRECT_URL)


def answer_to(request, needed):
    """The answer while the password is needed: its page, which then repeats what was posted.

    What was only opened, such as an archive, is asked for again from the page with the link: a
    download would leave the person before the password's page. Files cannot be repeated: their form
    is filled in again by the browser and the files chosen anew, as after an expired sign-in.
    """
    came_from = _came_from(request) or request.get_full_path()
    if request.htmx:
        return HttpResponseClientRedirect(_asking(request.htmx.current_url_abs_path or "/"))
    if request.method != "POST":
        return HttpResponseRedirect(_asking(came_from))
    # The first time it was not asked yet; left empty it says so.
    form = ConfirmForm(request.POST if FIELD in request.POST else None)
    if form.is_valid() and needed.error:
        form.add_error(FIELD, needed.error)
    context = {"form": form, "not_taken": request.path, "minutes": settings.REAUTH_MINUTES}
    context["back_url"] = came_from
    if request.FILES:
        context |= {"action": reverse("accounts:confirm"), "has_files": True}
        context["repeated"] = [("next", came_from)]
    else:
        context |= {"action": request.get_full_path(), "repeated": _typed(request)}
    return render(request, "accounts/confirm.html", context)


def _came_from(request):
    """The page of ours with the link or form, without its host; "" where it is none or this one."""
    back = request.headers.get("Referer", "")
    parts = urlsplit(back if is_ours(request, back) else "")
    is_other = parts.path != reverse("accounts:confirm")
    return urlunsplit(("", "", parts.path, parts.query, "")) if is_other else ""


def _asking(url):
    return redirect_to_login(url, reverse("accounts:confirm")).url


def _typed(request):
    """[(name, value)] of everything that was posted, in order."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_REPEATED
        for value in values
    ]
