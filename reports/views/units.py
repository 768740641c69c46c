"""The list of pilot units and a unit's file."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from mentors.models import units_visible_to
from pilotwork.exports import list_page
from reports.exports import UNITS
from reports.unit_file import unit_file, with_all
from reports.units import list_actions, unit_page
from units.chosen import of_the_programme
from units.models import PilotUnit


@access()
@require_safe
def unit_list(request):
    """试点单位: the units the person may look at, with mentor, pair and applications."""
    query = request.GET.get("q", "").strip()
    units = of_the_programme(request, units_visible_to(request.user), "programme")
    page = unit_page(units, query, request)
    actions = list_actions(request.programme, request.user)
    context = {"page": page, "query": query, "actions": actions}
    return list_page(request, "reports/units.html", context, UNITS)


@access(of=PilotUnit, among=units_visible_to, enrich=with_all)
@require_safe
def unit(request, pilot_unit):
    """One unit's file: everything about it, in the order of the five mechanisms."""
    return render(request, "reports/unit.html", unit_file(pilot_unit, request.user))
