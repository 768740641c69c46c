"""Error pages: what happened and what to do next, in Chinese."""

import contextlib
import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from pilotwork.faults import fault_of
from pilotwork.request_log import current_request_id


def bad_request(request, exception):
    """400 for what makes no sense or has too many parts, 413 for what is too large (handler400)."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, "400.html", status=status)


def page_before(request):
    """The address of our page that led here; "" when there is none, or it is this one."""
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if is_ours and back != request.build_absolute_uri() else ""


def permission_denied(request, exception):
    """403 with the reason a verb or a view gave, and who can act instead."""
    context = {
        "back_url": page_before(request),
        "reason": getattr(exception, "reason", "") or str(exception) or "您没有办理此事的权限。",
        "who_can": getattr(exception, "who_can", []),
    }
    return render(request, "403.html", context, status=403)


def csrf_failure(request, reason=""):
    """403 for a form whose page was open too long or in another sign-in; says the way back to it."""
    return render(request, "403_csrf.html", {"address": request.get_full_path()}, status=403)


def hear_out(request):
    """Read what is still being sent: a browser that is cut off while it uploads shows its own words
    instead of the page."""
    with contextlib.suppress(OSError):
        while request.read(64 * 1024):
            pass


def server_error(request, template="500.html"):
    """What is said when an exception has come up: 507 or 503 for a fault outside the code, else 500.

    `template` is rendered without the request, so that no context processor asks the database. The
    number on it is in the log's lines about the request, and in the answer's header.
    """
    fault = fault_of(sys.exc_info()[1])
    hear_out(request)
    context = {
        "fault": fault,
        "request_id": current_request_id(),
        "is_sent": request.method == "POST",
        "form_url": page_before(request) or request.get_full_path(),
    }
    response = HttpResponse(
        render_to_string(template, context), status=fault.status if fault else 500
    )
    if fault:
        response["Retry-After"] = str(fault.retry_after)
    return response
