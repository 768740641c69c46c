"""Chain heads that were kept elsewhere (on vouchers, in frozen reports and backups): does the ledger
still agree with them?

A chain that was computed anew after a change, or cut off at its end, is sound in itself: only what
somebody else kept shows it. A head that agrees vouches for all rows up to it; so two heads of one
chain, of which the later differs, say between which rows the past was rewritten.
"""

import dataclasses
import re
from collections import defaultdict

from django.contrib.contenttypes.models import ContentType

from accounts.models import AuditSeal, TransitionLog
from funds.heads import AUDIT, FORMAT, kinds_of_matter
from funds.models import Entry, FundAccount
from pilotwork.refusals import Refused

# What of a digest must be typed: 64 bits, which nobody can make an other past fit to.
SHORTEST, WHOLE = 16, 64
HEXADECIMAL = re.compile(r"[0-9a-f]+")
PART = 2000  # chains looked up at a time
GREATEST = 2**31 - 1


@dataclasses.dataclass(frozen=True)
class KeptHead:
    """The digest of row `number` of a chain, or its beginning, as it was kept at `where`."""

    chain: str
    number: int
    digest: str
    where: str

    def agrees_with(self, digest):
        """Whether the row's digest (None for no such row) is the one that was kept."""
        return digest is not None and digest.startswith(self.digest)


def kept_head(chain, number, digest, where):
    """A KeptHead of what somebody typed or a file says; raises Refused for what can be none."""
    digest = "".join(str(digest).split()).lower()
    if not str(number).isdecimal() or not 0 < int(number) <= GREATEST:
        raise Refused("编号不完整，请照纸上的抄写，例如 JJ2026-00012。", "number")
    if not HEXADECIMAL.fullmatch(digest) or not SHORTEST <= len(digest) <= WHOLE:
        raise Refused(f"校验码应为 {SHORTEST} 至 {WHOLE} 位的 0-9、a-f。", "digest")
    return KeptHead(str(chain).strip(), int(number), digest, where)


def head_of_option(text):
    """The KeptHead of ``CHAIN:NUMBER:DIGEST`` as `check_ledger --head` takes it; raises Refused."""
    parts = text.rsplit(":", 2)
    if len(parts) != 3:
        raise Refused(f"“{text}”应写作 账户代号:序号:校验码。")
    return kept_head(*parts, where=f"“{text}”")


def heads_of_file(data, where):
    """The KeptHeads of what `ledger_heads` once returned; raises Refused for anything else."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Refused(f"{where}不是账册链首文件。")
    try:
        return [
            kept_head(head["chain"], head["number"], head["digest"], where)
            for head in (*data["accounts"], *data["logs"], *data["audit"])
        ]
    except (KeyError, TypeError):
        raise Refused(f"{where}不是完整的账册链首文件。") from None


def contradictions(heads):
    """Yield one sentence for each chain that some of `heads` contradict: the first place, and
    between which rows the change lies."""
    chains = defaultdict(list)
    for head in heads:
        chains[head.chain].append(head)
    names = list(chains)
    for start in range(0, len(names), PART):
        part = {name: chains[name] for name in names[start : start + PART]}
        rows = Rows(part)
        for name, kept in part.items():
            yield from _contradiction(rows, name, sorted(kept, key=lambda head: head.number))


def _contradiction(rows, chain, heads):
    """The sentence on the first of a chain's `heads` (by number) that differs, if any does."""
    good = None
    for head in heads:
        if not rows.knows(chain):
            yield f"{head.where}所记的“{chain}”：没有这个账户或事项。"
            return
        now = rows.digest_of(head)
        if head.agrees_with(now):
            good = head
            continue
        yield rows.words(head) + (
            _rewritten(head, good, now) if now else _cut_off(head, rows.last_of(chain))
        )
        return


def _rewritten(head, good, now):
    after = good.number + 1 if good else 1
    which = (
        f"第 {head.number} 号"
        if after >= head.number
        else f"第 {after} 号至第 {head.number} 号之间"
    )
    basis = f"第 {good.number} 号与{good.where}仍一致" if good else "没有更早的留存可比"
    return (
        f"与{head.where}不符（留存 {head.digest[:SHORTEST]}，现为 {now[:SHORTEST]}）；"
        f"{basis}，改动在{which}。"
    )


def _cut_off(head, last):
    if last >= head.number:
        return f"（{head.where}有记）缺失。"
    missing = f"第 {last + 1} 号" + (f"至第 {head.number} 号" if head.number > last + 1 else "")
    return f"（{head.where}有记）已不存在：现止于第 {last} 号，{missing}被删去。"


class Rows:
    """What the database has of some chains: {name: KeptHeads}; in a few queries for all of them."""

    def __init__(self, chains):
        self.names = {}
        self.digests = {}
        self._read_accounts(chains)
        if AUDIT in chains:
            self._read_seals(chains[AUDIT])
        self._read_logs({name: kept for name, kept in chains.items() if not self.knows(name)})

    def knows(self, chain):
        """Whether there is an account or a kind of matter of that name."""
        return chain in self.names

    def digest_of(self, head):
        """The digest of the row that a head names; None when it is not there."""
        return self.digests.get((head.chain, head.number))

    def words(self, head):
        """The row that a head names, in words."""
        name, row = self.names[head.chain]
        return f"{name} {row.format(head.number)}"

    def last_of(self, chain):
        """The number of the chain's last row, 0 for none (asked only when something is missing)."""
        rows = self.rows_of(chain).order_by("-number")
        return rows.values_list("number", flat=True).first() or 0

    @staticmethod
    def rows_of(chain):
        """All rows of one chain."""
        if chain == AUDIT:
            return AuditSeal.objects.all()
        model, pk = _matter_named(chain)
        if model is None:
            return Entry.objects.filter(account__code=chain).select_related("account")
        kind = ContentType.objects.get_for_model(model)
        return TransitionLog.objects.filter(content_type=kind, object_id=pk)

    def _read_accounts(self, chains):
        accounts = FundAccount.objects.filter(code__in=chains)
        self.names |= {account.code: (str(account), "第 {} 号分录") for account in accounts}
        numbers = {head.number for kept in chains.values() for head in kept}
        rows = Entry.objects.filter(account__in=accounts, number__in=numbers)
        for code, number, digest in rows.values_list("account__code", "number", "digest"):
            self.digests[code, number] = digest

    def _read_seals(self, kept):
        self.names[AUDIT] = (AUDIT, "第 {} 号封存")
        rows = AuditSeal.objects.filter(number__in={head.number for head in kept})
        for number, digest in rows.values_list("number", "digest"):
            self.digests[AUDIT, number] = digest

    def _read_logs(self, chains):
        by_kind = defaultdict(dict)
        for name in chains:
            model, pk = _matter_named(name)
            if model:
                by_kind[model][pk] = name
                self.names[name] = (f"{model._meta.verbose_name} {pk}", "流转记录第 {} 条")
        for model, named in by_kind.items():
            kind = ContentType.objects.get_for_model(model)
            numbers = {head.number for name in named.values() for head in chains[name]}
            rows = TransitionLog.objects.filter(
                content_type=kind, object_id__in=named, number__in=numbers
            )
            for pk, number, digest in rows.values_list("object_id", "number", "digest"):
                self.digests[named[pk], number] = digest


def _matter_named(chain):
    """(model, pk) of 立项申请-12; (None, None) for what names no kind of matter."""
    name, _, pk = chain.rpartition("-")
    model = kinds_of_matter().get(name)
    if model is None or not pk.isdecimal() or len(pk) > 18:
        return None, None
    return model, int(pk)
