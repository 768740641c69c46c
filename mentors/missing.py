"""What a unit still owes of the five ones, until when, and who does it next."""

import dataclasses
import datetime as dt

from django.urls import reverse

from mentors.models import DifficultyState, DocumentKind, DocumentState, Stage
from mentors.weeks import WeekState
from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_date


@dataclasses.dataclass(frozen=True)
class Missing:
    """One thing that is missing: words, the last day for it, and the one click that does it."""

    words: str
    by: dt.date | None = None
    action: str = ""
    url: str = ""
    is_late: bool = False


@dataclasses.dataclass(frozen=True)
class Reader:
    """What the person who looks is to the unit."""

    is_mentor: bool
    is_member: bool

    @property
    def may_write(self):
        """Whether he writes the unit's records."""
        return self.is_mentor or self.is_member


def missing_of(row, reader, *, documents, activities, coordinations, difficulties):
    """The Missing of one matrix Row, in the order of the five ones.

    The records are the unit's own, newest first; the buttons are those that `reader` may use.
    """
    unit, last = row.unit, row.unit.programme.last_day
    return [
        *_of_documents(unit, last, reader, {document.kind: document for document in documents}),
        *_of_activities(unit, last, reader, activities),
        *_of_money(unit, last, reader, coordinations),
        *_of_weeks(row, reader),
        *_of_difficulties(unit, last, reader, difficulties),
    ]


def _doing(may, action, name, *args):
    """The action's label and address where the reader may use it."""
    return {"action": action, "url": reverse(name, args=args)} if may else {}


def _is_late(last):
    return last < clock.today()


def _of_documents(unit, last, reader, documents):
    if not unit.has_research:
        yield Missing(
            "还没有调研记录",
            last,
            **_doing(reader.is_mentor, "登记调研", "mentors:note_research", unit.pk),
        )
    for kind in DocumentKind:
        document = documents.get(kind)
        if document is None:
            words = (
                "总结报告应在试点结束前上传" if kind == DocumentKind.SUMMARY else "实施方案未上传"
            )
            upload = _doing(
                reader.may_write,
                f"上传{kind.label}",
                "mentors:upload_document",
                unit.pk,
                kind.value,
            )
            yield Missing(words, last, is_late=_is_late(last), **upload)
        elif document.state == DocumentState.RETURNED:
            again = (document.pk, "upload")
            yield Missing(
                f"{kind.label}退回修改",
                last,
                **_doing(reader.may_write, "上传新版本", "mentors:act_on_document", *again),
            )
        elif document.state == DocumentState.UPLOADED:
            yield Missing(f"{kind.label}等初审人确认", last)


def _of_activities(unit, last, reader, activities):
    if not activities:
        yield Missing(
            "特色活动还没有设计",
            last,
            **_doing(reader.may_write, "登记特色活动", "mentors:register_activity", unit.pk),
        )
    elif not unit.activity_branded:
        furthest = max(activities, key=lambda activity: list(Stage).index(Stage(activity.stage)))
        following = furthest.next_stage.label
        yield Missing(
            f"特色活动“{furthest.name}”{furthest.get_stage_display()}，下一步：{following}",
            last,
            **_doing(reader.may_write, f"标记{following}", "mentors:advance_activity", furthest.pk),
        )


def _of_money(unit, last, reader, coordinations):
    if not coordinations:
        yield Missing(
            "还没有协调经费",
            last,
            **_doing(reader.is_mentor, "登记经费协调", "mentors:coordinate", unit.pk),
        )
    for coordination in coordinations:
        if coordination.received_on is None:
            arrived = _doing(
                reader.may_write, "登记到位", "mentors:receive_coordinated", coordination.pk
            )
            yield Missing(f"“{coordination.source}”的经费还没有到位", last, **arrived)


def _of_weeks(row, reader):
    unit = row.unit
    visit = _doing(reader.is_mentor, "记录走访", "mentors:record_visit", unit.pk)
    if row.weeks and row.weeks[-1].state == WeekState.PENDING:
        until = min(row.weeks[-1].sunday, unit.programme.last_day)
        yield Missing("本周尚未走访", until, **visit)
    overdue = [week for week in row.weeks if week.state == WeekState.OVERDUE]
    limit = clock.today() - dt.timedelta(days=unit.programme.backdating_days)
    if overdue:
        weeks = "、".join(cn_date(week.monday) for week in overdue[-3:])
        more = f"等 {len(overdue)} 周" if len(overdue) > 3 else "当周"
        # A visit that was made and not entered may still be entered without asking.
        fresh = visit if overdue[-1].sunday >= limit else {}
        yield Missing(f"逾期未走访：{weeks}{more}", overdue[-1].sunday, is_late=True, **fresh)


def _of_difficulties(unit, last, reader, difficulties):
    if not difficulties:
        yield Missing(
            "还没有提出实际困难",
            last,
            **_doing(reader.may_write, "提出困难", "mentors:raise_difficulty", unit.pk),
        )
    for difficulty in difficulties:
        if difficulty.state == DifficultyState.RAISED:
            solve = (difficulty.pk, "solve")
            yield Missing(
                f"困难待解决：{difficulty}",
                last,
                **_doing(reader.is_mentor, "报告已解决", "mentors:act_on_difficulty", *solve),
            )
        elif difficulty.state == DifficultyState.SOLVED:
            confirm = (difficulty.pk, "confirm")
            yield Missing(
                f"困难待单位确认：{difficulty}",
                last,
                **_doing(reader.is_member, "确认", "mentors:act_on_difficulty", *confirm),
            )
