"""The page behind a plaque's QR code, for anybody who scans it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import public


@public
@require_safe
def public_unit(request, token):
    """Say that the unit's page is not open; the same for every address, whether a unit has it."""
    response = render(request, "reports/public_unit.html", status=404)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
