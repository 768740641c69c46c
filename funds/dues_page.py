"""What the page of one unit's dues of one year shows."""

from django.urls import reverse, reverse_lazy

from accounts.verbs import panel_for
from funds.dues_presenters import facts, state_words, timeline, tone_of
from funds.dues_verbs import DUES_VERBS
from funds.models import Entry, EntryKind
from pilotwork.money import ZERO

DUES = {"label": "团费返还", "url": reverse_lazy("funds:dues")}
SHOWN_ENTRIES = (EntryKind.DISBURSE, EntryKind.REVERSE)


def record_context(dues, user, *, chosen=None, form=None):
    """The context of funds/dues_record.html: figures, papers, uses, log and the person's panel."""
    dues.viewer_id = user.pk
    panel = panel_for(dues, user, DUES_VERBS, chosen=chosen, form=form)
    uses = list(dues.uses.select_related("by", "voided_by").prefetch_related("files"))
    used = sum((use.amount for use in uses if not use.voided_at), ZERO)
    is_mine = bool(panel.verb) and panel.verb.name == dues.main_verb
    return {
        "dues": dues,
        "matter": dues,
        "title": f"{dues.year}年度团费",
        "sub": str(dues.pilot_unit),
        "crumbs": [DUES],
        "tone": tone_of(dues, waits_for_me=is_mine),
        "state_words": state_words(dues),
        "facts": facts(dues),
        "payments": dues.payments.select_related("entry__account", "entry__reversed_by"),
        "refunds": refunds_of(dues),
        "uses": uses,
        "used": used,
        "left": dues.granted - used,
        "panel": panel,
        "is_chosen": chosen is not None,
        "page_url": reverse("funds:dues_record", args=[dues.pk]),
        "verb_url": "funds:act_on_dues",
        "timeline": timeline(dues),
    }


def refunds_of(dues):
    """The entries that gave dues back, or took that back, in order."""
    if dues.commitment_id is None:
        return []
    entries = Entry.objects.filter(commitment=dues.commitment_id, kind__in=SHOWN_ENTRIES)
    return entries.select_related("account", "reversed_by").order_by("number")
