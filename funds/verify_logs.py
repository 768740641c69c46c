"""The part of `check_ledger` about matters' logs: their chains, and what they say of money and states."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.matters import Matter
from accounts.models import TransitionLog
from funds.models import Entry
from funds.verify_reading import BROKEN, UNREADABLE, rows_that_cannot_be_read

PART = 2000  # rows fetched at a time
ROW = ("content_type_id", "object_id", "number")


def check_logs():
    """Every matter's log: numbers without gaps, states that continue, digests chained."""
    rows = TransitionLog.objects.order_by("content_type_id", "object_id", "number")
    try:
        yield from _differences_of(rows)
    except UNREADABLE as fault:
        for place in rows_that_cannot_be_read(rows, ROW, fault):
            kind = ContentType.objects.get_for_id(place[0])
            yield f"{kind.name} {place[1]} 流转记录第 {place[2]} 条：{BROKEN}此后的记录没有核对。"


def _differences_of(rows):
    types = {}
    check = None
    for row in rows.iterator(chunk_size=PART):
        if row.content_type_id not in types:
            types[row.content_type_id] = ContentType.objects.get_for_id(row.content_type_id)
        row.content_type = types[row.content_type_id]
        key = (row.content_type_id, row.object_id)
        if check is None or check.key != key:
            check = LogCheck(key)
        for words in check.differences(row):
            name = row.content_type.name
            yield f"{name} {row.object_id} 流转记录第 {row.number} 条（{row.label}）：{words}"


class LogCheck:
    """One pass over one matter's log."""

    def __init__(self, key):
        self.key = key
        self.last = None
        self.digests = {""}

    def differences(self, row):
        """Yield what is wrong with one row, given those before it."""
        before = self.last
        follows = row.number == (before.number if before else 0) + 1
        if not follows:
            yield "之前缺少记录，或序号重复。"
        elif before and row.source != before.target:
            yield f"原状态 {row.source} 与上一条的新状态 {before.target} 不衔接。"
        if before and row.at < before.at:
            yield "时间早于上一条。"
        right = {row.computed_digest(digest) for digest in self.digests}
        if follows and row.digest not in right:
            yield "校验码不符：本条内容被改动，或与上一条不衔接。"
            self.digests = right | {row.digest}
        else:
            self.digests = {row.digest}
        self.last = row


def check_booked():
    """Every payment, recovery and reversal that a log speaks of is in the ledger.

    A chain does not notice that its last entries were cut off; the logs do.
    """
    rows = TransitionLog.objects.filter(details__has_key="entry").order_by("pk")
    part = []
    for row in rows.iterator(chunk_size=PART):
        part.append(row)
        if len(part) == PART:
            yield from _not_booked(part)
            part = []
    yield from _not_booked(part)


def _not_booked(rows):
    entries = Entry.objects.select_related("account").in_bulk([r.details["entry"] for r in rows])
    for row in rows:
        entry, details = entries.get(row.details["entry"]), row.details
        if entry is None or (entry.voucher_number, str(entry.amount)) != (
            details["voucher"],
            details["amount"],
        ):
            yield (
                f"{ContentType.objects.get_for_id(row.content_type_id).name} {row.object_id} "
                f"流转记录第 {row.number} 条（{row.label}）："
                f"凭单 {details['voucher']}（{details['amount']} 元）不在账上或金额不同。"
            )


def check_states():
    """Every matter is in the state its log ends with; without a log, in its first state.

    And its history ends in that state too: it tells of log rows that were cut off or rewritten
    together with the state.
    """
    for model in apps.get_models():
        if not issubclass(model, Matter):
            continue
        kind = ContentType.objects.get_for_model(model)
        last = TransitionLog.objects.filter(content_type=kind, object_id=OuterRef("pk"))
        first = model._meta.get_field("state").default
        target = Subquery(last.order_by("-number").values("target")[:1])
        rows = model._base_manager.annotate(logged=Coalesce(target, Value(first))).order_by("pk")
        strayed = rows.exclude(state=F("logged"))
        for pk, state, logged in strayed.values_list("pk", "state", "logged"):
            yield f"{kind.name} {pk}：状态为 {state}，流转记录止于 {logged}。"
        if hasattr(model, "history"):
            yield from _contradicted_by_history(model, kind, rows.filter(state=F("logged")))


def _contradicted_by_history(model, kind, rows):
    """Matters whose state and log agree with each other, but not with what changed last."""
    past = model.history.filter(**{model._meta.pk.name: OuterRef("pk")}).order_by("-history_id")
    rows = rows.annotate(kept=Subquery(past.values("state")[:1]))
    strayed = rows.exclude(kept=None).exclude(kept=F("state"))
    for pk, state, kept in strayed.values_list("pk", "state", "kept"):
        yield (
            f"{kind.name} {pk}：状态和流转记录都止于 {state}，修改历史却止于 {kept}："
            "流转记录的末尾被删改。"
        )
