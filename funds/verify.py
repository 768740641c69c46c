"""Recompute the ledger from its entries and the logs from their rows; say where they differ.

The database refuses what breaks the rules while its triggers are there. This finds what somebody
changed behind them: each check yields a sentence that names the account and the entry, or the
matter and the row of its log. Where one row was changed, that row is named and not all after it.
Rows are read in order and in parts; what is kept is one set of sums per matter.
"""

import dataclasses

from django.db import connection
from django.db.models import Count, F, OuterRef, Subquery

from accounts.audit_seals import check_seals
from funds.dues_verify import check_dues
from funds.kept_heads import contradictions
from funds.models import Application, Closure, Commitment, Entry, EntryKind, FundAccount, State
from funds.models.ledger import Sums
from funds.models.states import UNDER_WAY
from funds.verify_carry_over import check_carry_overs
from funds.verify_logs import check_booked, check_logs, check_states
from funds.verify_outright import check_outright
from funds.verify_reading import BROKEN, UNREADABLE, rows_that_cannot_be_read
from funds.verify_witnesses import check_witnesses, witnessed_heads
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


def differences(kept=()):
    """Yield a Chinese sentence for everything that is not as it must be; nothing when all is.

    `kept` are KeptHeads from elsewhere, which are compared together with those of frozen reports.
    """
    yield from check_triggers()
    for account in FundAccount.objects.all():
        yield from AccountCheck(account).differences()
    for check, what in OF_MATTERS:
        try:
            yield from check()
        except UNREADABLE as fault:
            yield f"{what}无法核对，数据库中有读不出的内容：{fault}"
    yield from contradictions([*witnessed_heads(), *kept])


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
        try:
            for entry in rows.iterator(chunk_size=PART):
                entry.account = self.account
                for words in self._readable(entry):
                    yield f"{self.account} 第 {entry.number} 号分录（{entry}）：{words}"
        except UNREADABLE as fault:
            for number in rows_that_cannot_be_read(rows, "number", fault):
                yield f"{self.account} 第 {number} 号分录：{BROKEN}此后的分录没有核对。"

    def _readable(self, entry):
        """What is wrong with an entry, also when its values are of no kind that they can have."""
        try:
            return list(self.check(entry))
        except UNREADABLE:
            return [BROKEN]

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


# What is compared with the ledger, and how it is named when it cannot be read.
OF_MATTERS = (
    (check_commitments, "事项用款"),
    (check_logs, "流转记录"),
    (check_booked, "流转记录所记的收支"),
    (check_states, "事项状态"),
    (check_applications, "立项申请"),
    (check_dues, "团费"),
    (check_outright, "铜牌和奖励"),
    (check_carry_overs, "结转"),
    (check_witnesses, "定稿"),
    (check_seals, "审计"),
)
