"""What the page of a matter paid once and in full shows: the panel, the log, the payments."""

from django.urls import reverse

from accounts.verbs import panel_for
from funds.models import Entry, EntryKind
from funds.presenters import timeline


def outright_context(matter, user, verbs, *, verb_url, chosen=None, form=None):
    """The context of the page of `matter` for one person.

    `verb_url` names the address of its verbs; `chosen` and `form` are the verb whose page this is
    and its form when it was posted.
    """
    matter.viewer_id = user.pk
    return {
        "matter": matter,
        "unit": matter.pilot_unit,
        "panel": panel_for(matter, user, verbs, chosen=chosen, form=form),
        "is_chosen": chosen is not None,
        "page_url": reverse(matter.page_name, args=[matter.pk]),
        "verb_url": verb_url,
        "timeline": timeline(matter, matter.log),
        "payments": payments_of(matter),
    }


def payments_of(matter):
    """The entries that moved the matter's cash, in order, each knowing what reverses it."""
    if matter.commitment_id is None:
        return []
    moved = Entry.objects.filter(
        commitment=matter.commitment_id, kind__in=[EntryKind.DISBURSE, EntryKind.REVERSE]
    )
    return list(moved.select_related("account", "reversed_by", "reverses").order_by("number"))
