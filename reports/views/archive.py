"""档案 as a file to keep: a unit's for whoever opens its page, a programme's for the county."""

from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.freshness import ALWAYS
from accounts.rules import is_county
from mentors.models import units_visible_to
from reports.archive.files import archive_name, archive_of_programme, archive_of_unit
from reports.archive.scope import programmes_for
from units.models import PilotProgramme, PilotUnit


def to_keep(archive, title):
    """The response that saves an archive under the name of whose it is."""
    response = FileResponse(
        archive, as_attachment=True, filename=archive_name(title), content_type="application/zip"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@access(
    of=PilotUnit,
    among=units_visible_to,
    enrich=lambda units: units.select_related("organisation", "programme"),
    fresh=ALWAYS,
)
@require_safe
def unit_archive(request, unit):
    """A unit's whole file, with what the person may see of it."""
    return to_keep(archive_of_unit(unit, reader=request.user), unit.organisation.name)


@access(is_county, of=PilotProgramme, among=programmes_for, fresh=ALWAYS)
@require_safe
def programme_archive(request, programme):
    """A whole programme: all its units' files and the ledgers over them."""
    return to_keep(archive_of_programme(programme, reader=request.user), programme.name)


@access(is_county)
@require_safe
def archives(request):
    """The programmes, each with the way to its archive."""
    new = {"label": "新开试点", "url": reverse("reports:new_programme"), "icon": "plus-lg"}
    context = {
        "actions": [new] if request.user.is_administrator else [],
        "programmes": programmes_for(request.user),
        "crumbs": [{"label": "试点单位", "url": reverse("reports:units")}],
    }
    return render(request, "reports/archives.html", context)
