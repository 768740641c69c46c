"""Which programme a page shows: known to every view, read when first asked for."""

from django.utils.functional import SimpleLazyObject

from accounts.rules import is_signed_in
from reports.navigation import frame_of


class ProgrammeMiddleware:
    """Sets `request.programme`: the one of the address, else the one chosen, else the latest."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.programme = SimpleLazyObject(lambda: programme_shown(request))
        return self.get_response(request)


def programme_shown(request):
    """The programme at the top of this request's page; None where nobody is signed in."""
    return frame_of(request).programme if is_signed_in(request.user) else None
