"""Pilot units as lists name them: by their organisation."""

from reports.imports.names import Names
from units.models import PilotUnit


class UnitNames:
    """The pilot units of all programmes, found by an organisation's name (one query)."""

    def __init__(self):
        rows = PilotUnit.objects.select_related("organisation__parent", "programme")
        self.units = {}
        for unit in rows.order_by("-programme__starts_on", "-pk"):
            self.units.setdefault(unit.organisation_id, []).append(unit)
        self.names = Names(units[0].organisation for units in self.units.values())

    def find(self, row, is_in, heading="单位"):
        """The unit that `row` names, of several programmes the one for which `is_in(unit)`, else the
        latest. None, with the error noted in the row, where there is none."""
        if not row.has("unit"):
            return None
        row.label = row.values["unit"]
        try:
            organisation = self.names.find(row.values["unit"])
        except ValueError as error:
            row.refuse(str(error).replace("团组织", "试点单位"), heading)
            return None
        units = self.units[organisation.pk]
        found = next((unit for unit in units if is_in(unit)), units[0])
        # A list names no programme; which one was meant is said before anything is kept.
        row.label = f"{organisation.name}（{found.programme}）" if units[1:] else organisation.name
        return found
