"""Every view says who may open it; a system check refuses to start when one does not."""

import functools

from django.contrib.admin.sites import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, get_resolver

from accounts.freshness import ALWAYS, WHEN_POSTED, require_fresh
from accounts.rules import is_signed_in


def public(view):
    """Mark a view as open to everybody, signed in or not."""
    view.access = "public"
    view.access_model = None
    return view


def access(
    rule=is_signed_in,
    *,
    of=None,
    among=None,
    enrich=None,
    reason="您没有打开此页面的权限。",
    fresh=None,
):
    """Let only signed-in people who satisfy `rule` open the view.

    `rule` is a predicate on (user, object). With `of`, a model, the URL's `pk` is looked up among
    the rows that `visible_to(user)` returns, so that a stranger gets 404, and the view is called
    with the object in its place: ``view(request, obj, **other)``; `among`, a function of the user,
    says which rows those are where a higher room lets more people see them, and `enrich` may add
    annotations to them, so that the page needs no second look. Who fails `rule` gets 403 with
    `reason`; who is not signed in is sent to the sign-in page. `fresh` says when the password must
    have been typed lately (accounts.freshness): WHEN_POSTED or ALWAYS.
    """

    def decorate(view):
        @functools.wraps(view)
        def guarded(request, **kwargs):
            if not is_signed_in(request.user):
                return redirect_to_login(request.get_full_path())
            args = []
            if of is not None:
                visible_to = among or of._default_manager.visible_to
                rows = visible_to(request.user)
                rows = enrich(rows) if enrich else rows
                args = [get_object_or_404(rows, pk=kwargs.pop("pk"))]
                # For the audit: what the page, or the file that it gives, is about.
                request.page_object = args[0]
            if not rule(request.user, *args):
                raise PermissionDenied(reason)
            if fresh == ALWAYS or (fresh == WHEN_POSTED and request.method == "POST"):
                require_fresh(request)
            return view(request, *args, **kwargs)

        guarded.access = rule
        guarded.access_model = of
        guarded.fresh = fresh
        return guarded

    return decorate


def all_views(patterns=None, prefix="", namespace=""):
    """Yield (route, name, callback) of every URL of the site, those of Django's admin left out."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else None
            yield route, name, entry.callback
        elif entry.app_name != "admin":
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from all_views(entry.url_patterns, route, inner)


def every_view_declares_its_access(app_configs=None, **kwargs):
    """System check: a view is guarded by `access` or marked `public`; there is no default."""
    return [
        checks.Error(
            f"The view of '{route}' does not declare who may open it.",
            hint="Guard it with accounts.access.access or mark it accounts.access.public.",
            id="accounts.E001",
        )
        for route, _, callback in all_views()
        if not hasattr(callback, "access")
        and not isinstance(getattr(callback, "__self__", None), AdminSite)
    ]
