"""Recompute the ledger from its entries and the logs from their rows; say where they differ.

The database refuses what breaks the rules while its triggers are there. This finds what somebody
changed behind them: each check yields a sentence that names the account and the entry, or the
matter and the row of its log. Where one row was changed, that row is named and not all after it.
Rows are read in order and in parts; what is kept is one set of sums per matter.
"""

import dataclasses

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.matters import Matter
from accounts.models import TransitionLog
from funds.dues_verify import check_dues
from funds.models import Application, Closure, Commitment, Entry, EntryKind, FundAccount, State
from funds.models.ledger import Sums
from funds.models.states import UNDER_WAY
from funds.verify_carry_over import check_carry_overs
from funds.verify_outright import check_outright
from funds.verify_witnesses import check_witnesses
from pilotwork import appendonly
from pilotwork.money import ZERO, yuan

PART = 2000  # rows fetched at a time
REVERSIBLE = {EntryKind.RECEIPT, EntryKind.DISBURSE, EntryKind.RECOVER}
SUMS = {
    EntryKind.RESERVE: "reserved",
    EntryKind.RELEASE: "released",
    EntryKind.DISBURSE: "disbursed",
    EntryKind.RECOVER: "recovered",
}
SUM_WORDS = {"reserved": "占用", "released": "释放", "disbursed": "拨付", "recovered": "收回"}


def differences():
    """Yield a Chinese sentence for everything that is not as it must be; nothing when all is."""
    yield from check_triggers()
    for account in FundAccount.objects.all():
        yield from AccountCheck(account).differences()
    yield from check_commitments()
    yield from check_logs()
    yield from check_states()
    yield from check_applications()
    yield from check_dues()
    yield from check_outright()
    yield from check_carry_overs()
    yield from check_witnesses()


def summaries():
    """Yield one line for each account: entries, balances, the head of its chain."""
    for account in FundAccount.objects.all():
        last = Entry.objects.filter(account=account).order_by("-number").first()
        if last is None:
            yield f"{account}：没有分录。"
        else:
            yield (
                f"{account}：{last.number} 条分录，账面 {yuan(last.cash_after)} 元，"
                f"可用 {yuan(last.available_after)} 元，链首 {last.digest}"
            )


def check_triggers():
    """The triggers that refuse changes are in the database."""
    for name in appendonly.missing_triggers(connection):
        yield f"数据库缺少触发器 {name}，请运行 manage.py migrate 补上。"


class AccountCheck:
    """One pass over an account's entries in booking order."""

    def __init__(self, account):
        self.account = account
        self.number = 0
        self.booked_at = None
        # A value may follow from what is stored before it or from what should be stored there:
        # so a changed row is named alone, and not again by the row after it.
        self.balances = {(ZERO, ZERO)}
        self.digests = {""}
        self.sums = {}
        self.is_complete = True

    def differences(self):
        """Yield every difference of this account."""
        rows = Entry.objects.of_account(self.account).select_related("reverses")
        for entry in rows.iterator(chunk_size=PART):
            entry.account = self.account
            for words in self.check(entry):
                yield f"{self.account} 第 {entry.number} 号分录（{entry.voucher_number}）：{words}"

    def check(self, entry):
        """Yield what is wrong with one entry, given those before it."""
        follows = entry.number == self.number + 1
        if not follows:
            yield from self._gap(entry)
        self.number = entry.number
        yield from check_effect(entry)
        yield from self._balances(entry, follows)
        if entry.commitment_id:
            yield from self._sums(entry)
        yield from check_reversal(entry)
        if self.booked_at and entry.booked_at < self.booked_at:
            yield "记账时间早于上一号分录。"
        self.booked_at = max(self.booked_at or entry.booked_at, entry.booked_at)
        yield from self._digest(entry, follows)

    def _gap(self, entry):
        self.is_complete = False
        self.sums.clear()
        missing = f"第 {self.number + 1} 号"
        if entry.number > self.number + 2:
            missing += f"至第 {entry.number - 1} 号"
        yield f"之前缺少{missing}分录。" if entry.number > self.number else "序号重复。"

    def _balances(self, entry, follows):
        stored = (entry.available_after, entry.cash_after)
        right = {(a + entry.available, c + entry.cash) for a, c in self.balances}
        if follows and stored not in right:
            available, cash = next(iter(right))
            yield (
                f"余额应为可用 {yuan(available)}、账面 {yuan(cash)}，"
                f"实为 {yuan(stored[0])}、{yuan(stored[1])}。"
            )
            self.balances = right | {stored}
        else:
            self.balances = {stored}
        if not ZERO <= entry.available_after <= entry.cash_after:
            yield "可用余额小于零或大于账面余额。"

    def _sums(self, entry):
        """The matter's running sums: one kind of them moves by the amount, the others stay."""
        stored = sums_of(entry)
        known = self.sums.get(entry.commitment_id)
        if known is None:
            # After a missing entry nobody knows what the matter's sums were before.
            known = {(ZERO,) * len(SUMS)} if self.is_complete else None
        if known is not None:
            step = step_of(entry)
            right = {tuple(map(sum, zip(before, step, strict=True))) for before in known}
            if stored not in right:
                yield f"事项累计应为{words_of(next(iter(right)))}，实为{words_of(stored)}。"
                self.sums[entry.commitment_id] = right | {stored}
                return
        self.sums[entry.commitment_id] = {stored}
        sums = Sums(entry)
        if sums.unpaid < 0 or sums.held < 0 or sums.released < 0 or sums.recovered < 0:
            yield "事项用款超出其占用或收回超过拨付。"

    def _digest(self, entry, follows):
        right = {entry.computed_digest(before) for before in self.digests}
        if follows and entry.digest not in right:
            yield "校验码不符：本条内容被改动，或与上一号不衔接。"
            self.digests = right | {entry.digest}
        else:
            self.digests = {entry.digest}


def sums_of(entry):
    """An entry's running sums of its matter in the order of SUMS, None read as nothing."""
    return tuple(getattr(entry, f"{name}_after") or ZERO for name in SUMS.values())


def step_of(entry):
    """By how much an entry moves each of its matter's sums, in the order of SUMS."""
    wrong = entry.reverses
    kind, sign = (wrong.kind, -1) if wrong else (entry.kind, 1)
    step = sign * (wrong or entry).amount
    return tuple(step if kind == moved else ZERO for moved in SUMS)


def words_of(sums):
    """The four sums in words."""
    named = zip(SUM_WORDS.values(), sums, strict=True)
    return "、".join(f"{word} {yuan(amount)}" for word, amount in named)


def check_effect(entry):
    """The signs an entry's kind must have (DOMAIN, the table of kinds)."""
    available, cash = entry.available, entry.cash
    right = {
        EntryKind.RECEIPT: available > 0 and cash == available and not entry.commitment_id,
        EntryKind.RESERVE: available < 0 and cash == 0 and entry.commitment_id,
        EntryKind.RELEASE: available > 0 and cash == 0 and entry.commitment_id,
        EntryKind.DISBURSE: available == 0 and cash < 0 and entry.commitment_id,
        EntryKind.RECOVER: available > 0 and cash == available and entry.commitment_id,
        EntryKind.REVERSE: entry.reverses_id is not None,
    }.get(entry.kind, False)
    if not right or (entry.reverses_id and entry.kind != EntryKind.REVERSE):
        yield f"金额的方向与类别“{entry.get_kind_display()}”不符。"


def check_reversal(entry):
    """A reversal is the exact opposite of an earlier receipt, disbursement or recovery."""
    wrong = entry.reverses
    if wrong is None:
        return
    is_exact = (
        wrong.account_id == entry.account_id
        and wrong.number < entry.number
        and wrong.kind in REVERSIBLE
        and wrong.commitment_id == entry.commitment_id
        and (wrong.available, wrong.cash) == (-entry.available, -entry.cash)
    )
    if not is_exact:
        yield f"不是第 {wrong.number} 号分录的相反分录。"


def check_commitments():
    """A matter draws on one account, has an owner, and an entry is reversed at most once."""
    strayed = Entry.objects.exclude(commitment=None).exclude(commitment__account=F("account"))
    for entry in strayed.select_related("account").iterator(chunk_size=PART):
        yield f"{entry.account} 第 {entry.number} 号分录：所属事项用的是另一个账户。"
    twice = (
        Entry.objects.exclude(reverses=None)
        .values("account__name", "reverses__number")
        .annotate(times=Count("id"))
        .filter(times__gt=1)
    )
    for row in twice:
        yield f"{row['account__name']} 第 {row['reverses__number']} 号分录：被冲销不止一次。"
    ownerless = dict.fromkeys(Commitment.owners())
    for commitment in Commitment.objects.filter(**ownerless).select_related("account"):
        yield f"{commitment.account} 事项“{commitment}”：没有所属的事项。"


def check_logs():
    """Every matter's log: numbers without gaps, states that continue, digests chained."""
    types = {}
    check = None
    rows = TransitionLog.objects.order_by("content_type_id", "object_id", "number")
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
    yield from check_booked()


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
    """Every matter is in the state its log ends with; without a log, in its first state."""
    for model in apps.get_models():
        if not issubclass(model, Matter):
            continue
        kind = ContentType.objects.get_for_model(model)
        last = TransitionLog.objects.filter(content_type=kind, object_id=OuterRef("pk"))
        first = model._meta.get_field("state").default
        target = Subquery(last.order_by("-number").values("target")[:1])
        rows = model._base_manager.annotate(logged=Coalesce(target, Value(first)))
        rows = rows.exclude(state=F("logged")).order_by("pk")
        for pk, state, logged in rows.values_list("pk", "state", "logged"):
            yield f"{kind.name} {pk}：状态为 {state}，流转记录止于 {logged}。"


def check_applications():
    """What an application says of its money is what the ledger says of its commitment."""
    spent = Closure.objects.filter(application=OuterRef("pk"), is_active=True)
    rows = (
        Application.objects.with_sums()
        .annotate(spent=Subquery(spent.values("spent_from_fund")[:1]))
        .select_related("commitment", "pilot_unit__programme__fund_account")
        .order_by("pk")
    )
    for application in rows.iterator(chunk_size=PART):
        for words in ApplicationCheck(application).differences():
            yield f"立项申请 {application}：{words}"


@dataclasses.dataclass
class ApplicationCheck:
    """One application with its commitment's sums (`with_sums`) and `spent`, annotated."""

    application: Application

    def differences(self):
        """Yield what does not fit between the application and the ledger."""
        application = self.application
        decided = {*UNDER_WAY, State.CLOSED, State.REVOKED, State.TERMINATED}
        if application.commitment is None:
            if application.state in decided or application.approved_amount is not None:
                yield "已核定金额，但没有事项用款。"
            return
        if application.commitment.account != application.programme.fund_account:
            yield "用款的账户不是本次试点的基金。"
        if application.state not in decided:
            yield f"状态为“{application.get_state_display()}”，却有事项用款。"
            return
        yield from self._money()

    def _money(self):
        application = self.application
        reserved, released, disbursed, recovered = (
            getattr(application, name) or ZERO for name in SUMS.values()
        )
        kept = reserved - released
        if application.state in UNDER_WAY and application.approved_amount != kept:
            yield (
                f"核定金额 {yuan(application.approved_amount)} 元，账上占用净额 {yuan(kept)} 元。"
            )
        if application.state not in UNDER_WAY and kept != disbursed:
            yield f"已办结，账上仍有未拨付的占用 {yuan(kept - disbursed)} 元。"
        if application.state == State.REVOKED and disbursed:
            yield f"已撤销立项，账上仍有拨付 {yuan(disbursed)} 元。"
        if application.state == State.CLOSED:
            due = disbursed - (application.spent or ZERO) - recovered - application.waived_amount
            if due:
                yield f"已结项，账上应退结余仍为 {yuan(due)} 元。"
