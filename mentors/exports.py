"""The room's ledgers: mentors, visits, weeks, and what the five ones are made of."""

from mentors.coverage import coverage
from mentors.five_ones import ONES, matrix
from mentors.grid import LEGEND, MARKS
from mentors.models import Stage
from mentors.pages import with_organisation
from mentors.visit_page import marks_of, opened_by, with_facts
from mentors.weeks import DAY, mondays_of
from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import PilotUnit

UNIT = Heading("试点单位", width=20)
STATE = Heading("状态", Kind.LABEL, 10)


def unit_name(record):
    """The full name of a record's unit."""
    return record.pilot_unit.organisation.name


# --- Mentors --------------------------------------------------------------------------------------


def _guided(unit, reader):
    current = [assignment for assignment in unit.guided_by if not assignment.ends_on]
    past = [
        f"{a.mentor}（{cn_full_date(a.starts_on)}—{cn_full_date(a.ends_on)}）"
        for a in unit.guided_by
        if a.ends_on
    ]
    return (
        unit.organisation.name,
        unit.get_level_display(),
        unit.get_state_display(),
        "、".join(str(a.mentor) for a in current) or "空缺",
        current[0].starts_on if current else None,
        "；".join(past),
    )


ASSIGNMENTS = Export(
    "试点单位指导员台账",
    (
        UNIT,
        Heading("级别", Kind.LABEL, 10),
        STATE,
        Heading("现任指导员"),
        Heading("任职起", Kind.DATE),
        Heading("此前", width=30),
    ),
    _guided,
)


def _covers(units, reader):
    for cover in coverage(units):
        people = (cover.reviewers, cover.approvers, cover.cashiers, cover.recused)
        names = ("、".join(map(str, group)) for group in people)
        unit = cover.unit
        yield (
            unit.organisation.name,
            unit.programme.name,
            *names,
            "；".join(cover.gaps) or "可以办理",
        )


COVERAGE = Export(
    "各单位可办理人员一览",
    (
        UNIT,
        Heading("试点工作", width=20),
        Heading("初审", width=20),
        Heading("审批", width=20),
        Heading("拨付", width=20),
        Heading("应回避", width=20),
        Heading("情况"),
    ),
    rows_of=_covers,
)

# --- Visits and weeks -----------------------------------------------------------------------------


def _visit(visit, reader):
    marks = [words for _, words in marks_of(visit) if "不计走访" not in words]
    return (
        visit.visited_on,
        unit_name(visit),
        str(visit.visitor),
        visit.get_mode_display(),
        visit.companions,
        visit.progress,
        visit.problems,
        visit.next_step,
        "、".join(fact["label"] for fact in opened_by(visit)),
        "、".join(marks),
    )


VISITS = Export(
    "指导走访台账",
    (
        Heading("走访日期", Kind.DATE),
        Heading("试点单位", width=18),
        Heading("走访人", width=12),
        Heading("方式", Kind.LABEL, 10),
        Heading("同行人员", width=10),
        Heading("了解到的进展", width=26),
        Heading("存在的问题", width=20),
        Heading("下一步打算", width=20),
        Heading("同时办理", width=10),
        Heading("标记", Kind.LABEL, 10),
    ),
    _visit,
    enrich=with_facts,
)


def _rows_of(units):
    """The matrix Rows of a list of units, in its order."""
    found = with_organisation(PilotUnit.objects.filter(pk__in=[unit.pk for unit in units]))
    rows = {row.unit.pk: row for row in matrix(found)}
    return [rows[unit.pk] for unit in units]


def _five_ones(units, reader):
    for row in _rows_of(units):
        words = (
            cell.state.label if cell.words == "—" else f"{cell.words}（{cell.state.label}）"
            for cell in row.cells
        )
        yield row.unit.organisation.name, row.unit.get_state_display(), *words


FIVE_ONES = Export(
    "“五个一”进度台账",
    (UNIT, STATE, *(Heading(words, width=16) for _, words, _ in ONES)),
    rows_of=_five_ones,
)


def week_grid(programme):
    """Unit × week: every week of the programme up to the present one, with its sign."""
    mondays = mondays_of(programme) if programme else []

    def rows(units, reader):
        for row in _rows_of(units):
            marks = {week.monday: MARKS[week.state] for week in row.weeks}
            done = f"{row.tally.done}/{row.tally.due}"
            yield row.unit.organisation.name, done, *(marks.get(monday, "") for monday in mondays)

    headings = [Heading(f"{monday.month}.{monday.day}", Kind.LABEL, 6) for monday in mondays]
    return Export(
        "每周走访情况（单位×周）",
        (UNIT, Heading("已访/应访", Kind.LABEL, 10), *headings),
        rows_of=rows,
        note="；".join(f"{MARKS[state]} {state.label}" for state in LEGEND),
    )


def _excuse(excuse, reader):
    return (
        excuse.week,
        excuse.week + 6 * DAY,
        unit_name(excuse),
        excuse.reason,
        str(excuse.asked_by),
        excuse.get_state_display(),
    )


EXCUSES = Export(
    "免访台账",
    (
        Heading("周一", Kind.DATE),
        Heading("周日", Kind.DATE),
        UNIT,
        Heading("理由", width=34),
        Heading("申请人"),
        STATE,
    ),
    _excuse,
)

# --- Records of the five ones ---------------------------------------------------------------------


def _document(document, reader):
    return (
        unit_name(document),
        document.get_kind_display(),
        document.version_count,
        document.state_since,
        document.get_state_display(),
        document.confirmed_on,
    )


DOCUMENTS = Export(
    "实施方案与总结报告台账",
    (
        UNIT,
        Heading("文件", Kind.LABEL, 14),
        Heading("版本数", Kind.WHOLE, 10),
        Heading("更新日期", Kind.DATE),
        Heading("状态", Kind.LABEL),
        Heading("确认日期", Kind.DATE),
    ),
    _document,
)


def _activity(activity, reader):
    return (
        unit_name(activity),
        activity.name,
        activity.note,
        activity.designed_on,
        activity.held_on,
        activity.branded_on,
        "：".join(filter(None, [activity.brand_name, activity.brand_note])),
        Stage(activity.stage).label,
    )


ACTIVITIES = Export(
    "特色活动台账",
    (
        UNIT,
        Heading("活动名称", width=22),
        Heading("说明", width=24),
        Heading("设计日期", Kind.DATE),
        Heading("开展日期", Kind.DATE),
        Heading("成牌日期", Kind.DATE),
        Heading("品牌", width=20),
        Heading("阶段", Kind.LABEL, 10),
    ),
    _activity,
)


def _coordination(coordination, reader):
    received = coordination.amount if coordination.received_on else None
    return (
        unit_name(coordination),
        coordination.source,
        coordination.purpose,
        coordination.on,
        coordination.amount,
        coordination.received_on,
        received,
        str(coordination.by),
    )


COORDINATIONS = Export(
    "经费协调台账",
    (
        UNIT,
        Heading("来源", width=20),
        Heading("用途", width=22),
        Heading("协调日期", Kind.DATE),
        Heading("协调金额（元）", Kind.MONEY, is_summed=True),
        Heading("到位日期", Kind.DATE),
        Heading("到位金额（元）", Kind.MONEY, is_summed=True),
        Heading("协调人", Kind.LABEL, 16),
    ),
    _coordination,
    enrich=lambda rows: rows.select_related("by"),
)


def _research(research, reader):
    return research.on, unit_name(research), research.summary, str(research.by)


RESEARCH = Export(
    "调研台账",
    (
        Heading("调研日期", Kind.DATE),
        UNIT,
        Heading("调研内容", width=60),
        Heading("调研人", Kind.LABEL, 18),
    ),
    _research,
)


def _difficulty(difficulty, reader):
    return (
        unit_name(difficulty),
        difficulty.description,
        difficulty.raised_on,
        str(difficulty.raised_by),
        difficulty.measures,
        difficulty.solved_on,
        difficulty.confirmed_on,
        difficulty.get_state_display(),
    )


DIFFICULTIES = Export(
    "实际困难台账",
    (
        UNIT,
        Heading("困难", width=28),
        Heading("提出日期", Kind.DATE),
        Heading("提出人", Kind.LABEL, 14),
        Heading("解决措施", width=28),
        Heading("解决日期", Kind.DATE),
        Heading("单位确认日期", Kind.DATE),
        STATE,
    ),
    _difficulty,
    enrich=lambda rows: rows.select_related("raised_by"),
)
