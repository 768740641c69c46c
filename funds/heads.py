"""The head of every chain now: what a backup keeps, so that a past rewritten later shows.

A chain is named as it stands on papers: an account by its code (JJ), a matter's log by its kind and
number (立项申请-12).
"""

import functools

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS

from accounts.matters import Matter
from accounts.models import AuditSeal, TransitionLog
from funds.models import Entry, FundAccount
from pilotwork import clock

FORMAT = "pilotwork-heads-1"
AUDIT = "审计"  # the chain of the audit's sealed days
PART = 2000  # rows fetched at a time


@functools.cache
def kinds_of_matter():
    """{name of a kind as papers write it: model}."""
    models = (model for model in apps.get_models() if issubclass(model, Matter))
    return {str(model._meta.verbose_name): model for model in models}


def ledger_heads():
    """The heads of every account, of every matter's log and of the sealed audit, as JSON data.

    Each is {chain, number, digest}, where `number` is also how many rows the chain has; `entries`
    and `log_rows` say how many there are in all. `check_ledger --against` compares with it.
    """
    parts = {name: list(heads(DEFAULT_DB_ALIAS)) for name, heads in PARTS.items()}
    return {
        "format": FORMAT,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "entries": sum(head["number"] for head in parts["accounts"]),
        "log_rows": sum(head["number"] for head in parts["logs"]),
        **parts,
    }


def account_heads(alias):
    """Yield the head of every account with entries, by code, on the database `alias`."""
    # Sorted here, as below: databases differ in how they order text.
    for account in sorted(FundAccount.objects.using(alias), key=lambda account: account.code):
        last = Entry.objects.using(alias).filter(account=account).order_by("-number").first()
        if last is not None:
            yield _head(account.code, last.number, last.digest)


def log_heads(alias):
    """Yield the head of every matter's log, kind by kind, on the database `alias`."""
    kinds = ContentType.objects.using(alias)
    for kind in sorted(kinds, key=lambda kind: (kind.app_label, kind.model)):
        rows = TransitionLog.objects.using(alias).heads().filter(content_type=kind)
        rows = rows.order_by("object_id").values_list("object_id", "number", "digest")
        for pk, number, digest in rows.iterator(chunk_size=PART):
            yield _head(f"{kind.name}-{pk}", number, digest)


def audit_heads(alias):
    """Yield the head of the audit's sealed days, if any is sealed, on the database `alias`."""
    last = AuditSeal.objects.using(alias).order_by("-number").first()
    if last is not None:
        yield _head(AUDIT, last.number, last.digest)


def _head(chain, number, digest):
    return {"chain": chain, "number": number, "digest": digest}


# What a file of heads holds beside its format and moment, in this order.
PARTS = {"accounts": account_heads, "logs": log_heads, "audit": audit_heads}
