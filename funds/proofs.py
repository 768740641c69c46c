"""校验数据: the sheet of an account's ledger by which anybody can recompute its chain.

docs/verify_ledger.py does, and needs nothing of this programme.
"""

import json
import re

from funds.exports import about_of
from funds.models import Entry
from pilotwork.appendonly import canonical
from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind

HEADINGS = (
    Heading("凭单号", Kind.LABEL, 13),
    Heading("校验内容", width=60),
    Heading("事项与摘要", width=28),
    Heading("上一号校验码", Kind.LABEL, 68),
    Heading("校验码", Kind.LABEL, 68),
)
NOTE = (
    "校验码是“校验内容”连同“上一号校验码”的 SHA-256，算法见 docs/verify_ledger.py。"
    "事项名称不在其中，以事项编号为准。"
)
# What a cell does not keep as it is, and JSON can write otherwise.
NOT_IN_CELLS = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=x)")


def proofs_of(account):
    """The Export of what the digests of an account's entries cover, beside its ledger."""
    return Export(f"{account.name}校验数据", HEADINGS, rows_of=_rows, note=NOTE)


def _rows(entries, reader):
    numbers = {entry.number - 1 for entry in entries}
    account = entries[0].account_id
    known = Entry.objects.filter(account=account, number__in=numbers)
    before = dict(known.values_list("number", "digest"))
    for entry in entries:
        yield (
            entry.voucher_number,
            content_of(entry),
            about_of(entry),
            before.get(entry.number - 1, ""),
            entry.digest,
        )


def content_of(entry):
    """What an entry's digest covers, as JSON that a cell keeps letter by letter."""
    text = json.dumps(
        canonical(entry.covered()), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return NOT_IN_CELLS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
