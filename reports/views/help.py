"""帮助."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from reports.guide import guide_page


@access()
@require_safe
def guide(request):
    """帮助: the guide, with its table of contents."""
    return render(request, "reports/help.html", guide_page())
