"""The room's ledgers: pilot units, the records behind a figure, frozen reports, weeks and months."""

from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind


def _unit(unit, reader):
    organisation = unit.organisation
    return (
        organisation.name,
        organisation.get_kind_display(),
        organisation.parent.name if organisation.parent else "",
        unit.get_level_display(),
        unit.joined_on,
        "、".join(str(assignment.mentor) for assignment in unit.current_mentors),
        "、".join(pairing.partner.name for pairing in unit.current_pairs),
        unit.application_count,
        unit.activity_count,
        unit.get_state_display(),
    )


UNITS = Export(
    "试点单位台账",
    (
        Heading("单位", width=24),
        Heading("类别", Kind.LABEL, 14),
        Heading("隶属"),
        Heading("级别", Kind.LABEL, 10),
        Heading("加入日期", Kind.DATE),
        Heading("指导员"),
        Heading("结对单位"),
        Heading("立项申请（件）", Kind.WHOLE, 14, is_summed=True),
        Heading("特色活动（个）", Kind.WHOLE, 14, is_summed=True),
        Heading("状态", Kind.LABEL, 10),
    ),
    _unit,
    enrich=lambda rows: rows.select_related("organisation__parent", "programme"),
)


# --- The records behind a figure ------------------------------------------------------------------


def records_of(figure_page):
    """The Export of the records behind a figure as its page (a FigurePage) lists them."""
    figure = figure_page.figure
    headings = [Heading(figure.day_label, Kind.DATE)]
    if figure.unit_path is not None:
        headings.append(Heading("单位", width=24))
    headings.append(Heading("事项", width=40))
    if figure.is_money:
        headings.append(Heading("金额（元）", Kind.MONEY, is_summed=True))
    has_repeats = hasattr(figure.tally, "alike_in")
    if has_repeats:
        headings.append(Heading("说明"))

    def row(record, reader):
        line = figure_page.line(record)
        unit = [line.unit] if figure.unit_path is not None else []
        amount = [line.amount] if figure.is_money else []
        repeat = [line.repeat] if has_repeats else []
        return (line.day, *unit, line.what, *amount, *repeat)

    counted = f"共计 {figure_page.part} {figure.unit}。"
    return Export(f"{figure.label}明细", headings, row, note=f"{counted}{figure.meaning}")


# --- Frozen reports -------------------------------------------------------------------------------


def _frozen(frozen, reader):
    return (
        frozen.number,
        frozen.title,
        frozen.get_kind_display(),
        frozen.programme.name,
        frozen.cutoff_on,
        frozen.by_name,
        frozen.frozen_at,
        frozen.note,
    )


FROZEN = Export(
    "定稿台账",
    (
        Heading("编号", Kind.PLAIN),
        Heading("标题", width=36),
        Heading("种类", Kind.LABEL),
        Heading("试点工作", width=24),
        Heading("统计截止", Kind.DATE),
        Heading("定稿人", width=16),
        Heading("定稿时间", Kind.MOMENT),
        Heading("备注", width=24),
    ),
    _frozen,
)


# --- Weeks and months -----------------------------------------------------------------------------


def trends_of(weeks, months, *, has_before):
    """The two Exports of 数据走势, the latest first: WeekLines and MonthLines.

    `has_before` says whether they know of a programme before, which then has a column.
    """

    def week(line, reader):
        before = [line.before] if has_before else []
        return (line.label, line.visits, line.due, line.covered, line.missing, *before)

    def month(line, reader):
        before = [line.before] if has_before else []
        return (line.label, line.received, line.paid, line.cash, line.available, *before)

    visits_before = [Heading("上次试点同周走访", Kind.WHOLE, 20)] if has_before else []
    paid_before = [Heading("上次试点同月拨付（元）", Kind.MONEY, 24)] if has_before else []
    visits = Export(
        "每周走访",
        (
            Heading("周", width=28),
            Heading("走访次数", Kind.WHOLE, 14, is_summed=True),
            Heading("应访单位", Kind.WHOLE, 14),
            Heading("已走访或免访", Kind.WHOLE, 16),
            Heading("未走访", Kind.WHOLE, 14),
            *visits_before,
        ),
        week,
        source=weeks[::-1],
        note="实地走访，同一单位同一天计一次，按走访日期所在的周。免访的单位计入已走访。",
    )
    money = Export(
        "每月收支",
        (
            Heading("月份", width=20),
            Heading("入账（元）", Kind.MONEY, 20, is_summed=True),
            Heading("拨付（元）", Kind.MONEY, 20, is_summed=True),
            Heading("月末账面（元）", Kind.MONEY, 20),
            Heading("月末可用（元）", Kind.MONEY, 20),
            *paid_before,
        ),
        month,
        source=months[::-1],
        note="按记账月份，冲销计入冲销当月；拨付已扣除收回的结余。",
    )
    return [visits, money]
