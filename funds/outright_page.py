"""What the page of a matter paid once and in full shows: the panel, the log, the payments."""

from django.db.models import Value
from django.urls import reverse

from accounts.verbs import panel_for
from funds.models import AccountKind, Commitment, Entry, EntryKind, FundAccount
from funds.models.ledger import Sums
from funds.models.owners import PaidOutright
from funds.plaque_list import UNPAID, with_payment
from funds.presenters import timeline
from pilotwork.money import ZERO, MoneyField
from pilotwork.sql import SumOf

DECIDED_ON_FIGURES = {"approve", "pay"}


def outright_context(matter, user, verbs, *, verb_url, chosen=None, form=None):
    """The context of the page of `matter` for one person.

    `verb_url` names the address of its verbs; `chosen` and `form` are the verb whose page this is
    and its form when it was posted.
    """
    matter.viewer_id = user.pk
    payments = _read_payments(matter)
    panel = panel_for(matter, user, verbs, chosen=chosen, form=form)
    return {
        "payments": payments,
        "figures": "funds/outright_figures.html",
        **_account_figures(matter, panel.verb),
        "matter": matter,
        "unit": matter.pilot_unit,
        "panel": panel,
        "is_chosen": chosen is not None,
        "page_url": reverse(matter.page_name, args=[matter.pk]),
        "verb_url": verb_url,
        "timeline": timeline(matter, matter.log),
    }


def _account_figures(matter, verb):
    """What 工作经费 has before and after the price, beside the form that decides on it or pays it."""
    if verb is None or verb.name not in DECIDED_ON_FIGURES:
        return {}
    accounts = FundAccount.objects.filter(kind=AccountKind.WORKING, programme=None)
    # Money is set aside when it is paid: who agrees to more has to know what is agreed already.
    promised = _promised_besides(matter) if verb.name == "approve" else Value(0, MoneyField())
    account = accounts.with_balances().annotate(promised=promised).first()
    available = (account and account.available) or ZERO
    promised = account.promised if account else ZERO
    after = available - promised - matter.amount_due
    return {
        "available": available,
        "promised": promised,
        "available_after": after,
        "shortfall": max(-after, ZERO),
    }


def _promised_besides(matter):
    """What else is agreed to be paid outright and not paid yet, of all kinds: yuan, in SQL."""
    promised = Value(0, MoneyField())
    for model in Commitment.owners().values():
        if issubclass(model, PaidOutright):
            agreed = with_payment(model.objects.filter(state__in=model.payable_in)).filter(UNPAID)
            if isinstance(matter, model):
                agreed = agreed.exclude(pk=matter.pk)
            promised += SumOf(agreed.order_by(), model.price, MoneyField())
    return promised


def _read_payments(matter):
    """The entries that moved the matter's cash, in order; its sums are read along with them."""
    entries = []
    if matter.commitment_id is not None:
        rows = Entry.objects.filter(commitment=matter.commitment_id)
        rows = rows.select_related("account", "reversed_by", "reverses")
        entries = list(rows.order_by("number"))
    matter.__dict__["_sums"] = Sums(entries[-1] if entries else None)
    return [e for e in entries if e.kind in {EntryKind.DISBURSE, EntryKind.REVERSE}]
