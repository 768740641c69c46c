"""Error pages: what happened and what to do next, in Chinese."""

from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


def bad_request(request, exception):
    """400 for what makes no sense or has too many parts, 413 for what is too large (handler400)."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, "400.html", status=status)


def permission_denied(request, exception):
    """403 with the reason a verb or a view gave, and who can act instead."""
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    context = {
        "back_url": back if is_ours and back != request.build_absolute_uri() else "",
        "reason": getattr(exception, "reason", "") or str(exception) or "您没有办理此事的权限。",
        "who_can": getattr(exception, "who_can", []),
    }
    return render(request, "403.html", context, status=403)


def csrf_failure(request, reason=""):
    """403 for a form whose page was open too long or in another sign-in; says the way back to it."""
    return render(request, "403_csrf.html", {"address": request.get_full_path()}, status=403)
