"""The part of `check_ledger` about rows that keep the ledger's chain heads: are they as they were?"""

from django.apps import apps

from funds.kept_heads import KeptHead
from funds.models import LedgerWitness


def witness_models():
    """Every kind of row that keeps chain heads, of whatever room."""
    return [m for m in apps.get_models() if issubclass(m, LedgerWitness) and not m._meta.proxy]


def witnesses():
    """(row, its name) of every row that keeps chain heads, oldest first of each kind."""
    for model in witness_models():
        for row in model.objects.order_by("pk"):
            yield row, f"{model._meta.verbose_name}“{row}”"


def check_witnesses():
    """Yield a sentence for each witness that was changed itself."""
    for row, name in witnesses():
        if row.digest != row.computed_digest():
            yield f"{name}：校验码不符：内容被改动。"


def witnessed_heads():
    """The KeptHeads of every witness; the code of an account is what a voucher's number begins with."""
    return [
        KeptHead(head["voucher"].rpartition("-")[0], head["number"], head["digest"], name)
        for row, name in witnesses()
        for head in row.heads
    ]
