"""How far the chains had come: kept in a backup as the JSON that `check_ledger --against` reads.

A chain is named as on papers: an account by its code (JJ), a matter's log by its kind and number
(立项申请-12). Written row by row: there may be a million logs.
"""

import json

from django.contrib.contenttypes.models import ContentType

from accounts.models import TransitionLog
from funds.models import Entry, FundAccount

FORMAT = "pilotwork-heads-1"
CHUNK = 5000  # rows fetched at a time


def heads_as_json(alias, made_at):
    """Yield the heads of all chains on the database `alias` as the lines of one JSON text.

    {"format", "made_at", "accounts": [{"chain", "number", "digest"}], "logs": the same}. The same
    chains give the same text on every database.
    """
    about = json.dumps({"format": FORMAT, "made_at": made_at})
    yield f'{about[:-1]}, "accounts": ['
    yield from _listed(_accounts(alias))
    yield '\n], "logs": ['
    yield from _listed(_logs(alias))
    yield "\n]}\n"


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
    kinds = ContentType.objects.using(alias)
    for kind in sorted(kinds, key=lambda kind: (kind.app_label, kind.model)):
        rows = TransitionLog.objects.using(alias).filter(content_type=kind)
        rows = rows.order_by("object_id", "number").values_list("object_id", "number", "digest")
        last = None
        for row in rows.iterator(chunk_size=CHUNK):
            if last and last[0] != row[0]:
                yield _head(kind, *last)
            last = row
        if last:
            yield _head(kind, *last)


def _head(kind, pk, number, digest):
    return f"{kind.name}-{pk}", number, digest
