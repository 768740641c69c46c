"""帮助."""

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from reports.guide import guide_page
from reports.guide_pictures import made, path_of


@access()
@require_safe
def guide(request):
    """帮助: the guide, with its table of contents and the pictures that are there."""
    return render(request, "reports/help.html", guide_page(made()))


@access()
@require_safe
def picture(request, name):
    """One picture of the guide."""
    if name not in made():
        raise Http404("The picture has not been made.")
    return FileResponse(path_of(name).open("rb"), content_type="image/webp")
