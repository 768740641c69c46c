"""The head of every chain now: what a backup keeps, so that a past rewritten later shows.

A chain is named as it stands on papers: an account by its code (JJ), a matter's log by its kind and
number (立项申请-12).
"""

import functools

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from accounts.matters import Matter, log_name
from accounts.models import AuditSeal, TransitionLog
from funds.models import chain_heads
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
    """The heads of every account, of every matter's log and of the sealed audit, as plain JSON data.

    Each is {chain, number, digest}, where `number` is also how many rows the chain has; `entries`
    and `log_rows` say how many there are in all. `check_ledger --against` compares with it.
    """
    accounts = [
        {"chain": head["code"], "number": head["number"], "digest": head["digest"]}
        for head in chain_heads()
    ]
    logs = list(_log_heads())
    seals = AuditSeal.objects.order_by("-number")[:1].values("number", "digest")
    return {
        "format": FORMAT,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "entries": sum(head["number"] for head in accounts),
        "log_rows": sum(head["number"] for head in logs),
        "accounts": accounts,
        "logs": logs,
        "audit": [{"chain": AUDIT, **seal} for seal in seals],
    }


def _log_heads():
    models = {
        ContentType.objects.get_for_model(model).pk: model for model in kinds_of_matter().values()
    }
    rows = TransitionLog.objects.heads().order_by("content_type_id", "object_id")
    fields = "content_type_id", "object_id", "number", "digest"
    for kind, pk, number, digest in rows.values_list(*fields).iterator(chunk_size=PART):
        yield {"chain": log_name(models[kind], pk), "number": number, "digest": digest}
