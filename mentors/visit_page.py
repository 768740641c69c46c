"""What the pages of visits say: the unit's card, a visit's marks, facts and earlier values."""

import dataclasses

from django.db.models import Prefetch
from django.urls import reverse, reverse_lazy

from mentors.actions.visits import CORRECTABLE, may_correct_visit
from mentors.models import Mode, Visit, VisitPhoto, VisitState
from mentors.weeks import Calendar, WeekState, facts_of, weeks_of
from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_date, yuan
from pilotwork.workdays import week_of

VISITS = {"label": "指导走访", "url": reverse_lazy("mentors:visits")}
RECORDS = ("difficulty", "coordination", "activity", "research")
STATE_MARKS = {
    VisitState.LATE: ("a", "待确认"),
    VisitState.CONFIRMED: ("g", "已确认"),
    VisitState.DECLINED: ("r", "不予确认"),
    VisitState.WITHDRAWN: ("r", "已撤回"),
}
WEEK_WORDS = {
    WeekState.VISITED: ("g", "本周已走访"),
    WeekState.PENDING: ("a", "本周尚未走访"),
    WeekState.EXCUSED: ("n", "本周免访"),
    WeekState.HOLIDAY: ("n", "本周为法定假日"),
    WeekState.OUTSIDE: ("n", "本周不计应访"),
}


def with_facts(visits):
    """The visits with everything their page names, for one query."""
    return visits.select_related(
        "pilot_unit__organisation",
        "pilot_unit__programme",
        "assignment__mentor",
        "visitor",
        "recorded_by",
        *RECORDS,
    )


def with_photos(visits):
    """The visits with their photos that were not taken off."""
    kept = VisitPhoto.objects.filter(removed_at=None)
    return visits.prefetch_related(Prefetch("photos", queryset=kept, to_attr="kept_photos"))


def unit_card(unit):
    """(tone, words) on the present week of the unit, and the day of its last visit or None."""
    today = clock.today()
    monday = [week_of(today)]
    (week,) = weeks_of(unit, facts_of([unit])[unit.pk], Calendar(), monday, today)
    last = Visit.objects.counting().filter(pilot_unit=unit).values_list("visited_on", flat=True)
    tone, words = WEEK_WORDS[week.state]
    if week.visits > 1:
        words = f"{words} {week.visits} 次"
    return {"tone": tone, "words": words, "last": last.first()}


def marks_of(visit):
    """(tone, words) of everything that sets the visit apart; the words matter, not the colour."""
    marks = []
    if visit.mode == Mode.REMOTE:
        marks.append(("n", "不计走访"))
    if visit.is_imported:
        marks.append(("n", "导入"))
    elif visit.is_backfilled:
        marks.append(("n", "补录"))
    if visit.is_stand_in:
        marks.append(("bl", "代访"))
    if visit.state in STATE_MARKS:
        marks.append(STATE_MARKS[visit.state])
    return marks


def opened_by(visit):
    """The records that were made on the visit, as facts with links."""
    opened = []
    difficulty = getattr(visit, "difficulty", None)
    if difficulty:
        url = reverse("mentors:difficulty", args=[difficulty.pk])
        words = f"{difficulty.description}（{difficulty.get_state_display()}）"
        opened.append({"label": "解决困难", "value": words, "url": url})
    coordination = getattr(visit, "coordination", None)
    if coordination:
        words = f"{coordination.source} {yuan(coordination.amount)} 元"
        opened.append({"label": "协调经费", "value": words, "url": list_of(visit, "coordinations")})
    activity = getattr(visit, "activity", None)
    if activity:
        url = list_of(visit, "activities")
        opened.append({"label": "设计活动", "value": activity.name, "url": url})
    research = getattr(visit, "research", None)
    if research:
        url = list_of(visit, "research")
        opened.append({"label": "调研", "value": research.summary, "url": url})
    return opened


def list_of(visit, name):
    """The address of the list in which a record without a page of its own stands, of the unit."""
    return f"{reverse(f'mentors:{name}')}?unit={visit.pilot_unit_id}"


def facts_of_visit(visit):
    """Labels and values of what was logged."""
    values = [
        ("试点单位", visit.pilot_unit),
        ("走访日期", cn_date(visit.visited_on)),
        ("走访人", visit.visitor),
        ("方式", visit.get_mode_display()),
        ("了解到的进展", visit.progress),
        ("存在的问题", visit.problems),
        ("下一步打算", visit.next_step),
        ("同行人员", visit.companions),
    ]
    facts = [{"label": label, "value": value} for label, value in values if value]
    facts[0]["url"] = reverse("reports:unit", args=[visit.pilot_unit_id])
    return facts


@dataclasses.dataclass(frozen=True)
class Correction:
    """One field that was corrected: what it said before, what after, by whom and when."""

    label: str
    before: str
    after: str
    who: object
    when: object


def corrections_of(visit):
    """Every Correction of the visit, newest first, from its history in one query."""
    rows = list(visit.history.select_related("history_user").order_by("-history_id"))
    found = []
    for after, before in zip(rows, rows[1:], strict=False):
        for name in CORRECTABLE:
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                label = Visit._meta.get_field(name).verbose_name
                words = [_in_words(name, value) for value in (old, new)]
                found.append(Correction(label, *words, after.history_user, after.history_date))
    return found


def _in_words(name, value):
    if name == "visited_on":
        return cn_date(value)
    if name == "mode":
        return Mode(value).label
    return value or "（空）"


def page_of_visit(visit, user):
    """The context of a visit's page, its panel apart."""
    return {
        "visit": visit,
        "marks": marks_of(visit),
        "facts": facts_of_visit(visit),
        "opened": opened_by(visit),
        "photos": list(visit.photos.filter(removed_at=None)),
        "corrections": corrections_of(visit),
        "may_correct": not visit.is_out and may_correct_visit(visit, user),
        "crumbs": [VISITS],
        "sub": f"{visit.recorded_by} {'导入' if visit.is_imported else '记录'}",
        "timeline": [
            {"title": row.label, "text": row.opinion, "who": row.by_name, "when": row.at}
            for row in reversed(visit.log)
        ],
    }
