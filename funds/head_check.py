"""核对凭单校验码: what stands on a paper against the ledger as it is now."""

import dataclasses
from itertools import pairwise

from funds.kept_heads import KeptHead, Rows, contradictions
from funds.verify_witnesses import witnessed_heads

# As many rows before the paper's are computed again at once; check_ledger computes all of them.
BACK = 2000
BEYOND = (
    "“{}”现在只到第 {} 号，没有第 {} 号。请先核对编号有没有抄错；纸上确实印着这个号的，"
    "说明它以后的记录被删去，请立即报告。"
)


@dataclasses.dataclass(frozen=True)
class HeadCheck:
    """What came of it: the row that the paper names (None for none), and sentences on what differs."""

    row: object
    first: int  # from which number on the chain was computed again
    faults: list

    @property
    def is_right(self):
        """Whether paper and ledger agree."""
        return not self.faults


def check_head(head: KeptHead):
    """Compare one KeptHead with the ledger, and compute the chain anew up to it.

    Frozen reports narrow down where a past that was rewritten begins.
    """
    chain = Rows({head.chain: [head]})
    if not chain.knows(head.chain):
        return HeadCheck(None, 0, [f"没有代号或事项为“{head.chain}”的账册，请核对编号。"])
    last = chain.rows_of(head.chain).order_by("-number").values_list("number", flat=True).first()
    of_chain = [kept for kept in witnessed_heads() if kept.chain == head.chain]
    if head.number > (last or 0):
        # Copied wrongly, or cut off; what frozen reports kept tells whether rows are missing.
        beyond = BEYOND.format(head.chain, last or 0, head.number)
        return HeadCheck(None, 0, [beyond, *contradictions(of_chain)])
    before = chain.rows_of(head.chain).filter(number__lte=head.number).order_by("-number")
    rows = list(reversed(before[: BACK + 1]))
    faults = list(_broken(rows))
    faults += contradictions([*of_chain, head])
    row = rows[-1] if rows and rows[-1].number == head.number else None
    return HeadCheck(row, max(head.number - BACK, 0) + 1, faults)


def _broken(rows):
    """The first row whose digest does not follow from what it says and from the row before."""
    if rows and rows[0].number == 1 and rows[0].digest != rows[0].computed_digest(""):
        yield "第 1 号的内容与其校验码不符：被改动。"
        return
    for before, row in pairwise(rows):
        if row.number != before.number + 1:
            yield f"第 {before.number + 1} 号缺失：被删去。"
            return
        if row.digest != row.computed_digest(before.digest):
            yield f"第 {row.number} 号的内容与其校验码不符：被改动，或与上一号不衔接。"
            return
