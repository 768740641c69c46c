"""“五个一”: the matrix and the grid of all units, one unit's file, the weekly sheet."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import access
from mentors import unit_file as files
from mentors.exports import FIVE_ONES, week_grid
from mentors.five_ones import ONES, rows_of, units_of, with_facts
from mentors.grid import LEGEND, MARKS, grid, matrix_rows
from mentors.models import units_visible_to
from mentors.pages import crumbs, with_organisation
from mentors.weekly import parts_of_week, weekly_entries
from mentors.weeks import DAY, WEEK
from pilotwork import clock
from pilotwork.exports import list_page
from pilotwork.forms import DateField
from pilotwork.lists import page_of
from pilotwork.workdays import week_of
from units.chosen import of_the_programme
from units.models import PilotProgramme, PilotUnit

WEEKS_SHOWN = 20


def day_asked(request, name):
    """The date in the address, None where there is none or it is none."""
    try:
        return DateField(required=False).clean(request.GET.get(name, ""))
    except ValidationError:
        return None


@access()
@require_safe
def five_ones(request):
    """The matrix unit × five ones and the grid unit × week, twenty units a page, by name."""
    programmes = list(PilotProgramme.objects.all())
    programme = request.programme or None
    query = request.GET.get("q", "").strip()
    units = units_visible_to(request.user).filter(programme=programme)
    page = page_of(request, files.named(units, query).order_by("organisation__name_key", "pk"))
    rows = rows_of(units_of(list(page.object_list.values_list("pk", flat=True))))
    context = {
        "programmes": programmes,
        "chosen": programme,
        "query": query,
        "page": page,
        "ones": ONES,
        "rows": matrix_rows(rows),
        "grid": grid(rows, WEEKS_SHOWN, day_asked(request, "until")),
        "legend": [(state, MARKS[state]) for state in LEGEND],
        "this_week": week_of(clock.today()),
    }
    exports = (FIVE_ONES, week_grid(programme))
    return list_page(request, "mentors/five_ones.html", context, *exports)


def with_all_facts(units):
    """The units with what their file computes the five ones from."""
    return with_facts(units.select_related("organisation__parent", "programme"))


@access(of=PilotUnit, among=files.units_for, enrich=with_all_facts)
@require_safe
def unit_file(request, unit):
    """One unit's five ones: what is missing and by when, its weeks, and every record."""
    context = files.unit_file(unit, request.user, is_long=request.GET.get("weeks") == "all")
    return render(request, "mentors/unit_file.html", context | {"crumbs": crumbs()})


def units_asked(request):
    """(the unit that the address names or None, the units of the same programme to choose from)."""
    visible, wanted = with_organisation(units_visible_to(request.user)), request.GET.get("unit", "")
    if wanted.isascii() and wanted.isdigit():
        unit = get_object_or_404(visible, pk=wanted)
        return unit, list(visible.filter(programme=unit.programme_id))
    return None, list(of_the_programme(request, visible, "programme"))


def choices_of(units):
    """[(key, words)] of units, in which an organisation of several programmes is told apart."""
    has_several = len({unit.programme_id for unit in units}) > 1
    programme = " · {}" if has_several else ""
    return [
        (unit.pk, f"{unit.organisation.label}{programme.format(unit.programme)}") for unit in units
    ]


@access()
@require_safe
def weekly_sheet(request):
    """周报: the week of a day, of one unit or of all the programme shown has and the person may see."""
    monday = week_of(day_asked(request, "week") or clock.today())
    unit, offered = units_asked(request)
    units = offered if unit is None else [unit]
    parts = range(1, parts_of_week(units, monday) + 1)
    part = next((n for n in parts if str(n) == request.GET.get("part")), 1)
    entries = weekly_entries(units, monday, part=part)
    context = {
        "parts": parts,
        "part": part,
        "entries": entries,
        # Asked for all programmes, one organisation can be in several of them.
        "of_several": len({entry.unit.programme_id for entry in entries}) > 1,
        "monday": monday,
        "sunday": monday + 6 * DAY,
        "before": monday - WEEK,
        "after": monday + WEEK if monday + WEEK <= clock.today() else None,
        "unit": unit,
        "choices": choices_of(offered),
        "today": clock.today(),
    }
    return render(request, "mentors/weekly_sheet.html", context)
