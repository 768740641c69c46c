"""Whose file an archive is, for whom, and which rows of it that person may see."""

import dataclasses
from functools import cached_property

from django.db.models import Count, Q

from accounts.models import User
from funds.models import Commitment, Entry
from funds.models.ledger import DUES_RECORD_OF_RECEIPT
from mentors.models import units_visible_to
from pilotwork.exports import issuer
from units.models import PilotProgramme, PilotUnit


@dataclasses.dataclass(frozen=True)
class Scope:
    """An archive of one unit, or with `unit` None of its whole programme, as `reader` sees it."""

    reader: User
    programme: PilotProgramme
    unit: PilotUnit | None = None

    @property
    def title(self):
        """Whose file it is: the unit's full name or the programme's."""
        return self.unit.organisation.name if self.unit else self.programme.name

    @cached_property
    def issuer(self):
        """In whose name it is made."""
        return issuer(self.reader)

    @property
    def units(self):
        """The pilot units it is about (a queryset), by name."""
        units = units_visible_to(self.reader).filter(programme=self.programme)
        units = units.filter(pk=self.unit.pk) if self.unit else units
        return units.select_related("organisation", "programme").order_by(
            "organisation__name_key", "pk"
        )

    @property
    def keys(self):
        """The units' keys as a subquery."""
        return self.units.order_by().values("pk")

    def rows(self, model, path="pilot_unit"):
        """The rows of `model` on these units that the reader may see; `path` leads to the unit."""
        return model.objects.visible_to(self.reader).filter(**{f"{path}__in": self.keys})

    def entries(self):
        """The ledger's entries on matters of these units that the reader may see, in their order."""
        about = Q(pk=None)
        for name, model in Commitment.owners_of_units().items():
            about |= Q(**{f"commitment__{name}__{model.unit_path}__in": self.keys})
        for record in DUES_RECORD_OF_RECEIPT:
            about |= Q(**{f"{record}__pilot_unit__in": self.keys})
        if self.unit is None:
            # The programme's own fund, whole: what came in belongs to no unit.
            about |= Q(account__programme=self.programme)
        entries = Entry.objects.visible_to(self.reader).filter(about).with_owners()
        owners = (
            f"commitment__{name}__{model.unit_path}__organisation"
            for name, model in Commitment.owners_of_units().items()
        )
        related = entries.select_related("account", "reverses", "reversed_by", *owners)
        return related.order_by("account", "number")

    def entries_of_no_unit(self):
        """Of `entries`, for a whole programme: what came into its own fund or was carried on."""
        about = Q(commitment=None)
        for name in Commitment.owners().keys() - Commitment.owners_of_units().keys():
            about |= Q(**{f"commitment__{name}__isnull": False})
        return self.entries().filter(about, account__programme=self.programme)


def programmes_for(user):
    """The programmes whose archive `user` may take along, newest first, with their units' number.

    The county's people only; the programme itself is nobody else's to know.
    """
    programmes = PilotProgramme.objects.annotate(unit_count=Count("units"))
    return programmes.order_by("-year", "-id") if user.is_county else programmes.none()
