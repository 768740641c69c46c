"""归档: nothing is done on an archived programme, by whatever verb (DOMAIN, Organisations).

A matter says by its `closed_with` which programme it belongs to: every `Permission` and `require` ask
whether that one is archived (`sealed`), and every log row is written while its row is held
(`hold_open`). A verb that logs nothing about a matter of the programme calls `require_open` itself.
Archiving locks the same row alone: either it sees what a verb did, or the verb sees the archive.
"""

from pilotwork.refusals import Refused
from pilotwork.sql import held
from units.models.programmes import PilotProgramme


def require_open(*programmes):
    """Raise Refused when one of the programmes is archived; until the transaction ends none will be.

    They are read anew, whatever the given instances say. None (no programme at all) passes. A verb
    that also locks a fund's row locks that first, as archiving does.
    """
    keys = {programme.pk for programme in programmes if programme is not None}
    if not keys:
        return
    for programme in held(PilotProgramme.objects.filter(pk__in=keys).order_by("pk")):
        if programme.closed_book:
            raise Refused(programme.closed_book, stale=True)


class OfProgramme:
    """A matter that is closed with its programme; before Matter in a model's bases."""

    @property
    def closed_with(self):
        """The programme it belongs to; None when it has to do with none."""
        return self.programme

    @property
    def sealed(self):
        """Why nothing may be done here any more, in a sentence; empty while the programme is open."""
        return self.closed_with.closed_book if self.closed_with else ""

    @classmethod
    def hold_open(cls, matters):
        """Refuse, and keep from being archived until the transaction ends, the matters' programmes."""
        require_open(*(matter.closed_with for matter in matters))
