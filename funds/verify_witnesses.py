"""The part of `check_ledger` about rows that keep the ledger's chain heads: is it still that ledger?"""

from django.apps import apps

from funds.models import Entry, LedgerWitness


def witness_models():
    """Every kind of row that keeps chain heads, of whatever room."""
    return [m for m in apps.get_models() if issubclass(m, LedgerWitness) and not m._meta.proxy]


def check_witnesses():
    """Yield a sentence for each witness that was changed itself or that the ledger contradicts."""
    for model in witness_models():
        rows = list(model.objects.order_by("pk"))
        entries = _entries_named_by(rows)
        for row in rows:
            for words in _faults(row, entries):
                yield f"{model._meta.verbose_name}“{row}”：{words}"


def _entries_named_by(rows):
    """{(account's id, number): digest} of the entries that any of the kept heads names (one query)."""
    named = {(head["account"], head["number"]) for row in rows for head in row.heads}
    found = Entry.objects.filter(
        account__in={account for account, _ in named}, number__in={number for _, number in named}
    )
    return {(a, n): digest for a, n, digest in found.values_list("account", "number", "digest")}


def _faults(row, entries):
    if row.digest != row.computed_digest():
        yield "校验码不符：内容被改动。"
    for head in row.heads:
        now = entries.get((head["account"], head["number"]))
        if now is None:
            yield f"当时的账册链首 {head['voucher']}（{head['name']}）已不在账上。"
        elif now != head["digest"]:
            yield (
                f"当时的账册链首 {head['voucher']}（{head['name']}）校验码为 {head['digest'][:12]}，"
                f"账上现为 {now[:12]}：此前的账被改动。"
            )
