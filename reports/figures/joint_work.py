"""Figures of the five ones and of the pairs: what was done at the units."""

from django.urls import reverse

from mentors.models import (
    Coordination,
    Difficulty,
    DifficultyState,
    Document,
    DocumentKind,
    DocumentState,
    Research,
    SignatureActivity,
    Visit,
)
from pairings.models import Agreement, JointState, Seminar
from pilotwork.clock import end_of
from reports.figures.figure import EachDayOfAUnit, EachRow, Figure, SumOfMoney


def page_of(name):
    """The address of a row's own page, by its URL name."""
    return lambda row: reverse(name, args=[row.pk])


def list_of(name):
    """The address of the list that shows a unit's rows, where they have no page of their own."""
    return lambda row: f"{reverse(name)}?unit={row.pilot_unit_id}"


def shortened(text):
    """The beginning of a text for one cell of a list."""
    return text if len(text) <= 40 else f"{text[:40]}…"


def in_state(model, *states, **more):
    """The rows of a kind of matter that were in one of `states` at the cutoff."""

    def rows(programme, on):
        matters = model.objects.filter(**{f"{model.unit_path}__programme": programme}, **more)
        return matters.as_of(end_of(on)).filter(state_then__in=states)

    return rows


def by(model, field):
    """The rows of a kind of record whose own date `field` lies at the cutoff or before."""

    def rows(programme, on):
        return model.objects.filter(**{"pilot_unit__programme": programme, f"{field}__lte": on})

    return rows


def visited(programme, on):
    """The visits to the programme's units that count at the end of `on`."""
    return Visit.objects.filter(pilot_unit__programme=programme).counting_at(on)


VISITS = Figure(
    key="visits",
    label="走访",
    unit="次",
    meaning=(
        "实地走访，同一单位同一天只计一次；电话、线上和不予确认的不计。"
        "按走访日期统计；须确认的补录，确认以后才计。"
    ),
    tally=EachDayOfAUnit("visited_on", "当天已计"),
    rows=visited,
    day=lambda visit: visit.visited_on,
    day_label="走访日期",
    what=lambda visit: f"{visit.visitor}：{shortened(visit.progress)}",
    address=page_of("mentors:visit"),
    newest=("-visited_on", "-pk"),
    related=("visitor",),
)
FIVE_ONES = [
    VISITS,
    Figure(
        key="activities_designed",
        label="设计活动",
        unit="个",
        meaning="设计出的特色活动，已开展、已成牌的都在内。按设计日期统计。",
        tally=EachRow(),
        rows=by(SignatureActivity, "designed_on"),
        day=lambda activity: activity.designed_on,
        day_label="设计日期",
        what=lambda activity: activity.name,
        address=list_of("mentors:activities"),
        newest=("-designed_on", "-pk"),
    ),
    Figure(
        key="difficulties_solved",
        label="解决困难和问题",
        unit="件",
        meaning="已经解决、单位已确认的实际困难。按单位确认的日期统计。",
        tally=EachRow(),
        rows=in_state(Difficulty, DifficultyState.CONFIRMED),
        day=lambda difficulty: difficulty.since_then,
        day_label="确认日期",
        what=lambda difficulty: shortened(difficulty.description),
        address=page_of("mentors:difficulty"),
        newest=("-since_then", "-pk"),
    ),
    Figure(
        key="coordinated_amount",
        label="协调活动经费",
        unit="元",
        meaning="指导员协调、已经到位的经费，不含试点工作基金。按到位日期统计。",
        tally=SumOfMoney("amount"),
        rows=by(Coordination, "received_on"),
        day=lambda coordination: coordination.received_on,
        day_label="到位日期",
        what=lambda coordination: f"{coordination.source} {coordination.purpose}".strip(),
        address=list_of("mentors:coordinations"),
        amount=lambda coordination: coordination.amount,
        newest=("-received_on", "-pk"),
    ),
    Figure(
        key="research",
        label="调研",
        unit="次",
        meaning="指导员在单位所作的调研。按调研日期统计。",
        tally=EachRow(),
        rows=by(Research, "on"),
        day=lambda research: research.on,
        day_label="调研日期",
        what=lambda research: shortened(research.summary),
        address=list_of("mentors:research"),
        newest=("-on", "-pk"),
    ),
    Figure(
        key="plans_confirmed",
        label="确认实施方案",
        unit="份",
        meaning="初审已确认的实施方案；上传了新版本的，重新确认后再计。按确认日期统计。",
        tally=EachRow(),
        rows=in_state(Document, DocumentState.CONFIRMED, kind=DocumentKind.PLAN),
        day=lambda document: document.since_then,
        day_label="确认日期",
        what=lambda document: document.get_kind_display(),
        address=page_of("mentors:document"),
        newest=("-since_then", "-pk"),
    ),
]


def joint(key, label, unit, model, field, day_label):
    """A Figure of what pairs did together: confirmed at the cutoff, its own date by then."""
    of_any_date = in_state(model, JointState.CONFIRMED)
    return Figure(
        key=key,
        label=label,
        unit=unit,
        meaning=(f"对方已确认或代录的{label}，按{day_label}统计；对方还没有确认或已作废的不计。"),
        tally=EachRow(),
        rows=lambda programme, on: of_any_date(programme, on).filter(**{f"{field}__lte": on}),
        day=lambda row: getattr(row, field),
        day_label=day_label,
        what=lambda row: f"{row.title}（与{row.pairing.partner}）",
        address=page_of(f"pairings:{key.removesuffix('s')}"),
        newest=(f"-{field}", "-pk"),
        unit_path="pairing__pilot_unit",
        related=("pairing__partner",),
    )


TOGETHER = [
    joint("seminars", "座谈会", "次", Seminar, "held_on", "召开日期"),
    joint("agreements", "活动协议", "份", Agreement, "signed_on", "签订日期"),
]
