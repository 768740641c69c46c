"""The room's ledgers: applications, accounts and their entries, dues, plaques."""

from django.db.models import Q

from funds.dues_presenters import state_words as dues_words
from funds.entry_list import with_papers
from funds.models import DuesUse, Entry, EntryKind
from funds.presenters import state_words
from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind
from pilotwork.templatetags.pilotwork import yuan

UNIT = Heading("试点单位", width=20)
STATE = Heading("状态", Kind.LABEL)


def money(words, *, is_summed=True):
    """A column of amounts in yuan."""
    return Heading(f"{words}（元）", Kind.MONEY, is_summed=is_summed)


def _application(application, reader):
    return (
        application.number or "未编号",
        application.name,
        application.pilot_unit.organisation.name,
        application.starts_on,
        application.ends_on,
        application.total_amount,
        application.requested_amount,
        application.granted_amount,
        application.disbursed,
        application.recovered or None,
        state_words(application, reader),
        application.submitted_at,
    )


APPLICATIONS = Export(
    "试点工作基金立项申请台账",
    (
        Heading("编号", Kind.LABEL),
        Heading("活动名称", width=24),
        UNIT,
        Heading("活动开始", Kind.DATE),
        Heading("活动结束", Kind.DATE),
        money("预算合计"),
        money("申请金额"),
        money("核定金额"),
        money("已拨付"),
        money("已收回"),
        STATE,
        Heading("提交时间", Kind.MOMENT),
    ),
    _application,
    enrich=lambda rows: rows.with_sums("recovered").select_related("pilot_unit__organisation"),
)


def _account(figures, reader):
    account = figures.account
    return (
        account.name,
        account.code,
        figures.planned,
        figures.received,
        figures.paid,
        figures.cash,
        figures.reserved,
        figures.available,
    )


ACCOUNTS = Export(
    "资金账户台账",
    (
        Heading("账户"),
        Heading("代码", Kind.LABEL),
        money("计划入账"),
        money("已入账"),
        money("净拨付"),
        money("账面余额"),
        money("其中占用"),
        money("其中可用"),
    ),
    _account,
)


def _entry(entry, reader):
    return (
        entry.voucher_number,
        entry.occurred_on,
        entry.get_kind_display(),
        about_of(entry),
        entry.counterparty,
        entry.reference,
        entry.available or None,
        entry.available_after,
        entry.cash or None,
        entry.cash_after,
        entry.by_name,
        entry.booked_at,
        entry.digest,
    )


def about_of(entry):
    """The matter, what was noted, and which entry it undoes or is undone by; nothing said twice."""
    matter = entry.commitment.title if entry.commitment_id else entry.owner or ""
    words = [str(matter), entry.memo or entry.get_source_display()]
    if entry.reverses_id and "冲销" not in entry.memo:
        words.append(f"冲销 {entry.reverses.number} 号")
    if hasattr(entry, "reversed_by"):
        words.append(f"已被 {entry.reversed_by.number} 号冲销")
    return "；".join(dict.fromkeys(filter(None, words)))


ENTRY_HEADINGS = (
    Heading("凭单号", Kind.LABEL, 13),
    Heading("发生日期", Kind.DATE),
    Heading("类别", Kind.LABEL, 8),
    Heading("事项与摘要", width=28),
    Heading("对方户名", width=18),
    Heading("票据或凭证号", Kind.LABEL, 14),
    money("可用变动"),
    money("可用余额", is_summed=False),
    money("账面变动"),
    money("账面余额", is_summed=False),
    Heading("经办人", Kind.LABEL, 14),
    Heading("记账时间", Kind.MOMENT),
    Heading("校验码", Kind.LABEL, 24),
)


REVERSED_STAY = (
    "已被冲销的分录仍列在原类别，冲销它的分录列为“冲销”；按类别筛选时，合计没有扣除冲销。"
)


def entries_of(account):
    """The ledger of one account's entries."""
    title = f"{account.name}收支台账"
    return Export(title, ENTRY_HEADINGS, _entry, enrich=with_papers, note=REVERSED_STAY)


def _dues(unit, reader):
    organisation = unit.organisation.name
    if not unit.of_year:
        return organisation, None, None, None, None, None, None, "", "未登记", None
    dues = unit.of_year[0]
    return (
        organisation,
        dues.members,
        dues.payable,
        dues.paid,
        dues.waived,
        dues.refunded,
        dues.refundable,
        dues.get_method_display(),
        dues_words(dues),
        dues.received_on,
    )


DUES_HEADINGS = (
    UNIT,
    Heading("团员人数", Kind.WHOLE, 10, is_summed=True),
    money("应上缴"),
    money("实缴"),
    money("免缴"),
    money("退返"),
    money("应退未退"),
    Heading("办法", Kind.LABEL),
    STATE,
    Heading("单位确认到账", Kind.DATE),
)


def _refund(entry, reader):
    return (
        entry.voucher_number,
        entry.occurred_on,
        entry.commitment.dues_record.pilot_unit.organisation.name,
        -entry.cash,
        entry.counterparty,
        entry.method,
        f"冲销 {entry.reverses.number} 号" if entry.reverses_id else entry.memo,
        entry.by_name,
    )


REFUND_HEADINGS = (
    Heading("凭单号", Kind.LABEL, 13),
    Heading("日期", Kind.DATE),
    UNIT,
    money("退返金额"),
    Heading("收款户名"),
    Heading("方式", Kind.LABEL),
    Heading("说明"),
    Heading("经办人", Kind.LABEL),
)


def _use(use, reader):
    return (
        use.record.pilot_unit.organisation.name,
        use.spent_on,
        use.purpose,
        None if use.voided_at else use.amount,
        use.voucher_number,
        str(use.by),
        f"已划去 {yuan(use.amount)} 元：{use.void_reason}" if use.voided_at else "",
    )


USE_HEADINGS = (
    UNIT,
    Heading("使用日期", Kind.DATE),
    Heading("用途", width=28),
    money("使用金额"),
    Heading("凭证号", Kind.LABEL, 14),
    Heading("登记人", Kind.LABEL, 14),
    Heading("划去", width=24),
)


def dues_exports(units, year):
    """The dues of a year of `units` (as the page lists them), each refund that was paid, each use."""
    of_units = units.order_by().values("pk")
    paid = Entry.objects.filter(
        Q(kind=EntryKind.DISBURSE) | Q(kind=EntryKind.REVERSE, reverses__kind=EntryKind.DISBURSE),
        commitment__dues_record__year=year,
        commitment__dues_record__pilot_unit__in=of_units,
    )
    owners = "account", "reverses", "commitment__dues_record__pilot_unit__organisation"
    paid = paid.select_related(*owners).order_by("account", "number")
    uses = DuesUse.objects.filter(record__year=year, record__pilot_unit__in=of_units)
    uses = uses.select_related("record__pilot_unit__organisation", "by").order_by("spent_on", "id")
    return (
        Export(f"{year}年度团费收缴返还台账", DUES_HEADINGS, _dues),
        Export(f"{year}年度团费退返明细", REFUND_HEADINGS, _refund, source=paid),
        Export(f"{year}年度专项工作经费使用明细", USE_HEADINGS, _use, source=uses),
    )


def _plaque(plaque, reader):
    return (
        plaque.pilot_unit.organisation.name,
        plaque.text,
        plaque.maker_name,
        plaque.cost,
        plaque.disbursed or None,
        plaque.made_on,
        plaque.hung_on,
        plaque.place,
        plaque.get_state_display(),
    )


PLAQUES = Export(
    "试点单位铜牌台账",
    (
        UNIT,
        Heading("牌面文字", Kind.LABEL, 14),
        Heading("制作单位"),
        # Not summed: what was turned down is among them.
        money("制作费", is_summed=False),
        money("已付"),
        Heading("制作日期", Kind.DATE),
        Heading("挂牌日期", Kind.DATE),
        Heading("挂牌地点"),
        STATE,
    ),
    _plaque,
)
