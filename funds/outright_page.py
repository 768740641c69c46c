"""What the page of a matter paid once and in full shows: the panel, the log, the payments."""

from django.urls import reverse

from accounts.verbs import panel_for
from funds.models import Entry, EntryKind
from funds.models.ledger import Sums
from funds.presenters import timeline


def outright_context(matter, user, verbs, *, verb_url, chosen=None, form=None):
    """The context of the page of `matter` for one person.

    `verb_url` names the address of its verbs; `chosen` and `form` are the verb whose page this is
    and its form when it was posted.
    """
    matter.viewer_id = user.pk
    return {
        "payments": _read_payments(matter),
        "matter": matter,
        "unit": matter.pilot_unit,
        "panel": panel_for(matter, user, verbs, chosen=chosen, form=form),
        "is_chosen": chosen is not None,
        "page_url": reverse(matter.page_name, args=[matter.pk]),
        "verb_url": verb_url,
        "timeline": timeline(matter, matter.log),
    }


def _read_payments(matter):
    """The entries that moved the matter's cash, in order; its sums are read along with them."""
    entries = []
    if matter.commitment_id is not None:
        rows = Entry.objects.filter(commitment=matter.commitment_id)
        rows = rows.select_related("account", "reversed_by", "reverses")
        entries = list(rows.order_by("number"))
    matter.__dict__["_sums"] = Sums(entries[-1] if entries else None)
    return [e for e in entries if e.kind in {EntryKind.DISBURSE, EntryKind.REVERSE}]
