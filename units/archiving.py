"""归档: nothing is done on an archived programme, by whatever verb (DOMAIN, Organisations).

A matter says by its `sealed` that it belongs to one, and every `Permission` and `require` ask for it.
A verb that asks no permission about a matter of the programme calls `require_open` itself.
"""

from pilotwork.refusals import Refused


def require_open(programme):
    """Raise Refused when the programme is archived; None (no programme at all) passes."""
    if programme is not None and programme.closed_book:
        raise Refused(programme.closed_book, stale=True)
