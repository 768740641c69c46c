"""What the page of one unit's dues of one year shows."""

from django.db.models import Prefetch
from django.urls import reverse, reverse_lazy

from accounts.verbs import panel_for
from funds.dues_presenters import facts, state_words, timeline, tone_of
from funds.dues_verbs import DUES_VERBS
from funds.models import DuesPayment, DuesUse, Entry, EntryKind
from pilotwork.money import ZERO

DUES = {"label": "团费返还", "url": reverse_lazy("funds:dues")}
SHOWN_ENTRIES = (EntryKind.DISBURSE, EntryKind.REVERSE)


def with_papers(records):
    """Records with all that their page names, and the payments and uses that it lists."""
    payments = DuesPayment.objects.select_related("entry__account", "entry__reversed_by")
    uses = DuesUse.objects.select_related("by", "voided_by").prefetch_related("files")
    return records.with_unit().prefetch_related(
        Prefetch("payments", payments), Prefetch("uses", uses)
    )


def keep_used(dues):
    """Let the rules and forms that ask what was used take it from the uses already read."""
    standing = (use.amount for use in dues.uses.all() if not use.voided_at)
    dues.__dict__["_used"] = sum(standing, ZERO)


def record_context(dues, user, *, chosen=None, form=None):
    """The context of funds/dues_record.html: figures, papers, uses, log and the person's panel."""
    dues.viewer_id = user.pk
    keep_used(dues)
    panel = panel_for(dues, user, DUES_VERBS, chosen=chosen, form=form)
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
        "payments": dues.payments.all(),
        "refunds": refunds_of(dues),
        "uses": dues.uses.all(),
        "used": dues.used,
        "left": dues.granted - dues.used,
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
