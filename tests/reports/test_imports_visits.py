"""Importing 以往走访: by a reviewer who is not tied to the unit, marked 导入, counting at once."""

import datetime as dt
import uuid

import pytest

from accounts.matters import NotPermitted
from accounts.models import TransitionLog
from mentors.actions.imports import PastVisit, correct_imported, import_visits
from mentors.actions.visits import record_visit
from mentors.models import Mode, Visit, VisitState
from mentors.visit_page import marks_of
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from tests.factories import (
    LONG_AGO,
    MentorAssignmentFactory,
    PilotProgrammeFactory,
    PilotUnitFactory,
    UserFactory,
    days_ago,
)
from tests.reports.importing import bring_in, errors, keep, outcomes, plan

pytestmark = pytest.mark.django_db
HEAD = [
    "单位",
    "走访日期",
    "走访人",
    "方式",
    "了解到的进展",
    "存在的问题",
    "下一步打算",
    "同行人员",
]
UNIT, OTHER = "顺丰林木种植专业合作社团支部", "王口镇团委"


def table(*rows):
    return [HEAD, *rows]


def in_words(day):
    """A day as people write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def test_a_past_visit_is_credited_to_the_mentor_of_its_day_and_counts(county):
    rows = table(
        [UNIT, in_words(days_ago(30)), "", "", "看了林地。", "缺水。", "修渠。", "镇长"],
        [UNIT, days_ago(10), "", "电话", "通了电话。"],
    )
    assert bring_in("visits", rows, county.reviewer) == {"new": 2}
    late, recent = Visit.objects.order_by("visited_on")
    assert (late.visitor, recent.visitor) == (county.early_mentor, county.former_mentor)
    assert (late.mode, recent.mode) == (Mode.ON_SITE, Mode.REMOTE)
    assert (late.problems, late.next_step, late.companions) == ("缺水。", "修渠。", "镇长")
    assert (late.state, recent.state) == (VisitState.CONFIRMED, VisitState.RECORDED)
    assert list(Visit.objects.counting()) == [late]
    assert late.week == late.visited_on - dt.timedelta(days=late.visited_on.weekday())
    assert late.assignment.mentor == county.early_mentor
    assert ("n", "导入") in marks_of(late)
    assert late.recorded_by == county.reviewer
    assert late.history.get().history_user == county.reviewer
    assert outcomes("visits", rows, county.reviewer) == {"same": 2}


def test_the_log_of_an_imported_visit_is_chained_like_any_other(county):
    bring_in("visits", table([UNIT, days_ago(30), "", "", "看了林地。"]), county.reviewer)
    (row,) = TransitionLog.objects.of(Visit.objects.get())
    assert (row.label, row.act, row.by, row.target) == (
        "导入",
        "review",
        county.reviewer,
        "confirmed",
    )
    assert row.digest == row.computed_digest("")


def test_a_colleague_may_have_stood_in(county):
    rows = table([UNIT, days_ago(30), "cashier", "实地", "看了林地。"])
    assert bring_in("visits", rows, county.reviewer) == {"new": 1}
    visit = Visit.objects.get()
    assert (visit.visitor, visit.is_stand_in) == (county.cashier, True)


def test_an_imported_visit_is_put_right_by_importing_it_again(county):
    bring_in("visits", table([UNIT, days_ago(30), "", "", "看了林地。", "缺水。"]), county.reviewer)
    again = table([UNIT, days_ago(30), "", "线上", "开了会。"])
    (row,) = plan(keep("visits", again, county.reviewer))
    assert row.changes == [
        ("方式", "实地", "电话／线上"),
        ("了解到的进展", "看了林地。", "开了会。"),
    ]
    assert bring_in("visits", again, county.reviewer) == {"changed": 1}
    visit = Visit.objects.get()
    assert (visit.mode, visit.progress, visit.problems) == (Mode.REMOTE, "开了会。", "缺水。")
    assert visit.history.count() == 2
    assert [row.label for row in visit.log] == ["导入", "重新导入"]


def test_what_somebody_logged_himself_is_not_changed_by_an_import(county):
    record_visit(
        county.unit, by=county.mentor, key=uuid.uuid4(), visited_on=days_ago(1), progress="看了。"
    )
    ((_, heading, sentence),) = errors(
        "visits", table([UNIT, days_ago(1), "", "", "没有看。"]), county.reviewer
    )
    assert heading == "走访日期"
    assert sentence.startswith("这一天已有这位走访人自己记录的走访")
    assert outcomes("visits", table([UNIT, days_ago(1), "", "", "看了。"]), county.reviewer) == {
        "same": 1
    }


def test_what_is_wrong_is_said_row_by_row_with_its_column(county):
    UserFactory(username="twin", name=county.cashier.name, post="另一个")
    UserFactory(username="farmer", name="农民")
    twins = f"有 2 位“{county.cashier.name}”："
    found = errors(
        "visits",
        table(
            ["没有", days_ago(9), "", "", "看了。"],
            [UNIT, days_ago(-1), "", "", "看了。"],
            [UNIT, days_ago(LONG_AGO + 1), "", "", "看了。"],
            [UNIT, "上周", "", "", "看了。"],
            [UNIT, days_ago(9), "查无此人", "", "看了。"],
            [UNIT, days_ago(9), county.cashier.name, "", "看了。"],
            [UNIT, days_ago(9), "farmer", "", "看了。"],
            [UNIT, days_ago(8), "", "视频", "看了。"],
            [UNIT, days_ago(7), "", "", ""],
        ),
        county.reviewer,
    )
    assert found[5][:2] == (7, "走访人")
    assert found[5][2].startswith(twins)
    del found[5]
    assert found == [
        (2, "单位", "没有叫“没有”的试点单位。"),
        (3, "走访日期", "走访日期不能晚于今天。"),
        (4, "走访日期", "走访日期不在试点期内。"),
        (5, "走访日期", "“上周”不是日期，例如 2026-5-4 或 2026年5月4日。"),
        (6, "走访人", "没有叫“查无此人”的人员。"),
        (8, "走访人", "走访人在那一天不是指导员，也没有团县委的审批、初审、财务职责。"),
        (9, "方式", "“视频”不在可填的范围内，可以填：实地、电话／线上。"),
        (10, "了解到的进展", "没有填写。"),
    ]


def test_a_day_without_a_mentor_is_refused(county):
    county.other_unit.mentor_assignments.update(starts_on=days_ago(5))
    found = errors("visits", table([OTHER, days_ago(6), "", "", "看了。"]), county.reviewer)
    assert found == [(2, "走访日期", "当日该单位没有在任指导员，不能记录走访。")]


def test_the_same_unit_day_and_visitor_stand_in_one_row(county):
    rows = table(
        [OTHER, days_ago(6), "", "", "看了。"],
        [OTHER, days_ago(6), "other_mentor", "", "又看了。"],
        [OTHER, days_ago(6), "cashier", "", "也看了。"],
    )
    sentence = "与第 2 行重复：同一单位、同一天、同一走访人只能有一行，请删去一行。"
    assert errors("visits", rows, county.reviewer) == [(3, "", sentence)]


@pytest.mark.parametrize(
    ("who", "days", "reason"),
    [
        # He guides the unit today, and so since any day before.
        ("mentor", 30, "指导员"),
        ("mentor", 1, "指导员"),
        ("former_mentor", 30, "指导员"),
        ("former_mentor", 4, "指导员"),
        ("early_mentor", 30, "指导员"),
        ("early_mentor", 9, ""),
        ("parent_member", 30, "上级团组织的成员"),
        ("staff_member", 30, "上级团组织的成员"),
        ("county_member", 30, ""),
    ],
)
def test_who_is_tied_to_the_unit_since_the_visit_does_not_import_it(county, who, days, reason):
    found = errors(
        "visits", table([UNIT, days_ago(days), "cashier", "", "看了。"]), getattr(county, who)
    )
    assert len(found) == bool(reason)
    assert all(heading == "" and reason in sentence for _, heading, sentence in found)


def test_nobody_imports_his_own_visit(county):
    rows = table([UNIT, days_ago(30), "reviewer", "", "看了。"])
    sentence = "这次走访是您本人去的，按回避规定由他人导入。"
    assert errors("visits", rows, county.reviewer) == [(2, "", sentence)]
    assert errors("visits", rows, county.allrounder) == []


def test_the_verbs_ask_again_and_write_nothing_when_one_visit_is_refused(county):
    good = PastVisit(county.other_unit, days_ago(9), progress="看了。")
    with pytest.raises(Refused, match="走访日期不能晚于今天"):
        import_visits([good, PastVisit(county.unit, days_ago(-1))], by=county.reviewer)
    for person in (county.cashier, county.leader, county.superuser, county.other_mentor):
        with pytest.raises(NotPermitted):
            import_visits([good], by=person)
    assert not Visit.objects.exists()
    logged = record_visit(
        county.unit, by=county.mentor, key=uuid.uuid4(), visited_on=days_ago(1), progress="看了。"
    )
    with pytest.raises(Refused, match="不是导入的"):
        correct_imported([(logged, PastVisit(county.unit, days_ago(1)))], by=county.reviewer)


def test_in_the_preview_a_visit_is_named_by_unit_day_and_visitor(county):
    (row,) = plan(keep("visits", table([OTHER, days_ago(6), "", "", "看了。"]), county.reviewer))
    assert row.label == f"{OTHER} {cn_full_date(days_ago(6))} {county.other_mentor}"


def test_a_mentor_who_left_long_ago_may_have_been_there(county):
    gone = UserFactory(username="gone", name="走")
    other = county.other_unit.mentor_assignments.get()
    other.starts_on = days_ago(20)
    other.save()
    MentorAssignmentFactory(
        pilot_unit=county.other_unit,
        mentor=gone,
        starts_on=days_ago(LONG_AGO),
        ends_on=days_ago(21),
    )
    rows = table(
        [UNIT, days_ago(30), "gone", "", "看了。"], [UNIT, days_ago(19), "gone", "", "看了。"]
    )
    assert [number for number, *_ in errors("visits", rows, county.reviewer)] == [3]


def test_of_several_programmes_the_one_that_was_found_is_named(county):
    def label_of(on):
        (row,) = plan(keep("visits", table([UNIT, on, "", "", "看了。"]), county.reviewer))
        return row.label.partition(" ")[0]

    assert label_of(days_ago(30)) == UNIT
    later = PilotProgrammeFactory(name="第二次试点", starts_on=days_ago(9))
    PilotUnitFactory(programme=later, organisation=county.branch, joined_on=days_ago(9))
    assert label_of(days_ago(30)) == f"{UNIT}（{county.programme}）"
    assert label_of(days_ago(3)) == f"{UNIT}（第二次试点）"
