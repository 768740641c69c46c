"""Makes the archive of a unit or of a programme: folders by mechanism, then the 目录."""

import dataclasses

from awards import papers as award_papers
from awards.models import AwardCycle
from pilotwork import clock
from pilotwork.paper.bundle import Bundle, safe_name
from reports.archive import ledgers, papers
from reports.archive.contents import add_contents
from reports.archive.scope import Scope

OVERALL, UNITS = "总台账", "试点单位"


def archive_of_unit(unit, *, reader):
    """Return a unit's whole file as a ZIP (an open binary file), as `reader` may see it.

    What is missing on the disk is listed as missing; nothing else stops it.
    """
    scope = Scope(reader, unit.programme, unit)
    with Bundle() as bundle:
        _add_styles(bundle)
        _add_unit(bundle.root, scope)
        add_contents(bundle, scope)
        return bundle.finish()


def archive_of_programme(programme, *, reader):
    """Return the whole programme as a ZIP: ledgers over all units, then each unit's file."""
    scope = Scope(reader, programme)
    with Bundle() as bundle:
        _add_styles(bundle)
        _add_overall(bundle.root.folder(OVERALL), scope)
        _add_notices(papers.Shelf(bundle.root, "公示"), programme)
        units = papers.Shelf(bundle.root, UNITS)
        for unit in scope.units:
            own = dataclasses.replace(scope, unit=unit)
            _add_unit(units.folder.folder(own.title), own)
        add_contents(bundle, scope)
        return bundle.finish()


def archive_name(title):
    """The file name of an archive made today."""
    return f"{safe_name(title)}档案_{clock.today():%Y%m%d}.zip"


def _add_styles(bundle):
    bundle.root.add(papers.STYLES, papers.styles())


def _add_overall(folder, scope):
    _add_books(folder, scope, ledgers.unit_books)
    for mechanism, books in ledgers.MECHANISMS.items():
        own = folder.folder(mechanism)
        _add_books(own, scope, books)
        if mechanism in papers.OVER_ALL_UNITS:
            papers.OVER_ALL_UNITS[mechanism](own, scope)


def _add_unit(folder, scope):
    for mechanism, books in ledgers.MECHANISMS.items():
        own = folder.folder(mechanism)
        _add_books(own, scope, books)
        if mechanism in papers.MECHANISMS:
            papers.MECHANISMS[mechanism](own, scope)


def _add_books(folder, scope, books):
    for book in books(scope):
        book.write(folder, scope)


def _add_notices(shelf, programme):
    for cycle in AwardCycle.objects.filter(programme=programme).select_related("programme"):
        shelf.put_paper(f"{cycle}公示", award_papers.notice(cycle))
