"""The head of every chain now: what a backup keeps, so that a past rewritten later shows.

A chain is named as it stands on papers: an account by its code (JJ), a matter's log by its kind and
number (立项申请-12). Written row by row: there may be a million logs.
"""

import functools
import json

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS

from accounts.matters import Matter, log_name
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


def heads_as_json(alias=DEFAULT_DB_ALIAS, made_at=None):
    """Yield the heads of every account, matter's log and the sealed audit as lines of one JSON text.

    {"format", "made_at", "accounts", "logs", "audit"}, each chain as {chain, number, digest}, where
    `number` is also how many rows it has. Read from the database `alias`; `made_at` (ISO, default
    now) is said in it. The same chains give the same text on every database. `check_ledger
    --against` compares with it.
    """
    made_at = made_at or clock.now().isoformat(timespec="seconds")
    about = json.dumps({"format": FORMAT, "made_at": made_at})
    yield f'{about[:-1]}, "accounts": ['
    yield from _listed(_accounts(alias))
    yield '\n], "logs": ['
    yield from _listed(_logs(alias))
    yield '\n], "audit": ['
    yield from _listed(_audit(alias))
    yield "\n]}\n"


def ledger_heads():
    """The same as plain data, for a county of a size that fits into memory."""
    return json.loads("".join(heads_as_json()))


def _listed(heads):
    comma = ""
    for chain, number, digest in heads:
        head = {"chain": chain, "number": number, "digest": digest}
        yield f"{comma}\n{json.dumps(head, ensure_ascii=False)}"
        comma = ","


def _accounts(alias):
    # Sorted here, as below: databases differ in how they order text.
    for account in sorted(FundAccount.objects.using(alias), key=lambda account: account.code):
        last = Entry.objects.using(alias).filter(account=account).order_by("-number").first()
        if last is not None:
            yield account.code, last.number, last.digest


def _logs(alias):
    models = kinds_of_matter().values()
    kinds = ContentType.objects.using(alias)
    for model in sorted(models, key=lambda model: model._meta.label):
        kind = kinds.get(app_label=model._meta.app_label, model=model._meta.model_name)
        rows = TransitionLog.objects.using(alias).filter(content_type=kind).heads()
        rows = rows.order_by("object_id").values_list("object_id", "number", "digest")
        for pk, number, digest in rows.iterator(chunk_size=PART):
            yield log_name(model, pk), number, digest


def _audit(alias):
    seals = AuditSeal.objects.using(alias).order_by("-number")
    for number, digest in seals.values_list("number", "digest")[:1]:
        yield AUDIT, number, digest
