"""The health check, for a proxy, a monitor or systemd."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import public
from pilotwork.condition import complaints


@public
@require_safe
def health(request):
    """200 "ok" when everything is well, else 503 and a line for each thing that is not.

    Anybody may ask, so the words betray nothing; `manage.py health` says the particulars.
    """
    lines = sorted({complaint.words for complaint in complaints()})
    return HttpResponse(
        "\n".join(lines) or "ok",
        status=503 if lines else 200,
        content_type="text/plain",
        headers={"Cache-Control": "no-store"},
    )
