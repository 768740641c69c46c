"""Every kind of list that can be imported, and who may import any."""

import rules

from reports.imports.dues import Dues
from reports.imports.organisations import Organisations
from reports.imports.quotas import Quotas
from reports.imports.visits import Visits

KINDS = {kind.slug.value: kind for kind in (Organisations(), Dues(), Quotas(), Visits())}


def kinds_for(user):
    """The kinds of lists that `user` may import."""
    return [kind for kind in KINDS.values() if not kind.why_not(user)]


@rules.predicate
def imports_something(user, obj=None):
    return bool(kinds_for(user))
