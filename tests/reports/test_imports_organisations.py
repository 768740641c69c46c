"""Importing 团组织和试点单位: an administrator's list, with 隶属 among its own rows."""

import datetime as dt

import pytest

from accounts.matters import NotPermitted
from pilotwork import clock
from pilotwork.forms import ACCOUNT_NUMBER
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from tests.reports.importing import bring_in, errors, keep, outcomes, plan
from units.actions import leave
from units.models import Organisation, PilotUnit, UnitLevel
from units.organisation_actions import keep_organisations, keep_pilot_units

pytestmark = pytest.mark.django_db
HEAD = ["全称", "层级", "类别", "隶属", "简称", "别名", "收款账号", "试点级别", "加入日期"]


def table(*rows):
    return [HEAD, *rows]


@pytest.fixture
def admin(county):
    return county.administrator


def fields(name):
    """What is kept of an organisation."""
    row = Organisation.objects.get(name=name)
    return row.level, row.kind, str(row.parent), row.short_name, row.aliases, row.payee_account


def test_new_organisations_come_in_with_parents_from_the_same_list_whatever_their_order(admin):
    rows = table(
        ["陈官屯村团支部", "团支部", "镇", "陈官屯"],
        ["陈官屯镇团委", "团委", "镇", "共青团县委员会", "陈官屯", "陈镇、官屯", "6210 01"],
    )
    assert bring_in("organisations", rows, admin) == {"new": 2}
    assert fields("陈官屯村团支部") == ("branch", "town", "陈官屯镇团委", "", "", "")
    assert fields("陈官屯镇团委") == (
        "committee", "town", "共青团县委员会", "陈官屯", "陈镇\n官屯", "6210 01",
    )  # fmt: skip
    town = Organisation.objects.get(name="陈官屯镇团委")
    assert town.name_key.startswith("chen2guan1tun2")
    assert town.history.get().history_user == admin


def test_the_same_list_a_second_time_changes_nothing(admin):
    rows = table(
        ["陈官屯镇团委", "团委", "镇", "共青团县委员会", "陈", "甲、乙", 621001, "市级", "2030-1-1"]
    )
    rows[1][8] = PilotUnit.objects.first().programme.starts_on
    assert bring_in("organisations", rows, admin) == {"new": 1}
    assert outcomes("organisations", rows, admin) == {"same": 1}


def test_a_change_names_what_was_there_and_empty_cells_leave_it(county, admin):
    Organisation.objects.filter(pk=county.other.pk).update(short_name="王口镇", payee_bank="农商")
    rows = table(["王 口镇团委 ", "团总支", "镇", "", "", "王口"])
    (row,) = plan(keep("organisations", rows, admin))
    assert row.changes == [("别名", "", "王口"), ("层级", "团委", "团总支")]
    assert bring_in("organisations", rows, admin) == {"changed": 1}
    other = Organisation.objects.get(pk=county.other.pk)
    assert (other.level, other.short_name, other.payee_bank) == ("general_branch", "王口镇", "农商")
    assert other.parent == county.county_committee
    assert [row.history_user for row in other.history.all()] == [admin]


def test_an_organisation_becomes_a_pilot_unit_and_its_level_changes_later(county, admin):
    day = county.programme.starts_on
    joins = table(["县林业局团支部", "团支部", "行政单位", "", "", "", "", "待确认", day])
    assert bring_in("organisations", joins, admin) == {"changed": 1}
    unit = PilotUnit.objects.get(organisation=county.office)
    assert (unit.level, unit.joined_on, unit.programme) == (
        UnitLevel.PENDING,
        day,
        county.programme,
    )
    levels = table(["县林业局团支部", "团支部", "行政单位", "", "", "", "", "全国"])
    assert bring_in("organisations", levels, admin) == {"changed": 1}
    unit.refresh_from_db()
    assert (unit.level, unit.joined_on) == (UnitLevel.NATIONAL, day)
    assert unit.history.first().history_user == admin
    # Only the unit has changed.
    assert county.office.history.count() == 1


def test_what_is_wrong_is_said_row_by_row_with_its_column(county, admin):
    before = county.programme.starts_on - dt.timedelta(days=1)
    first, last = map(cn_full_date, (county.programme.starts_on, county.programme.ends_on))
    assert errors(
        "organisations",
        table(
            ["甲团委", "分部", "镇"],
            ["乙团委", "团委", ""],
            ["丙团委", "团委", "镇", "没有这个"],
            ["丁团委", "团委", "镇", "丁团委"],
            ["戊团委", "团委", "镇", "", "", "", "", "市级"],
            ["己团委", "团委", "镇", "", "", "", "", "市级", before],
            ["庚团委", "团委", "镇", "", "", "", "", "", before],
            ["辛" * 81, "团委", "镇"],
            ["壬团委", "团委", "镇", "", "", "", "621O 01"],
        ),
        admin,
    ) == [
        (2, "层级", "“分部”不在可填的范围内，可以填：团委、团总支、团支部。"),
        (3, "类别", "没有填写。"),
        (4, "隶属", "没有叫“没有这个”的团组织。"),
        (5, "隶属", "不能隶属于自身。"),
        (6, "加入日期", "新的试点单位须填加入日期。"),
        (7, "加入日期", f"加入日期不在试点期内（{first}至{last}）。"),
        (8, "试点级别", "填了加入日期的，也要填试点级别。"),
        (9, "全称", "太长，最多 80 个字，现有 81 个。"),
        (10, "收款账号", ACCOUNT_NUMBER.message),
    ]  # fmt: skip


def test_a_cycle_is_refused_also_one_that_only_the_list_makes(county, admin):
    rows = table(
        ["沿庄镇团委", "团委", "镇", "顺丰林木种植专业合作社团支部"],
        ["甲团委", "团委", "镇", "乙团委"],
        ["乙团委", "团委", "镇", "甲团委"],
    )
    assert errors("organisations", rows, admin) == [
        (n, "隶属", "隶属关系不能成环。") for n in (2, 3, 4)
    ]


def test_a_name_in_doubt_is_refused(county, admin):
    Organisation.objects.filter(pk=county.other.pk).update(short_name="王口", aliases="镇上")
    Organisation.objects.filter(pk=county.town.pk).update(aliases="镇上")
    rows = table(["王口", "团委", "镇"], ["甲团委", "团委", "镇", "镇上"])
    found = errors("organisations", rows, admin)
    assert found[0] == (2, "全称", "“王口”是王口镇团委的简称或别名，请写全称。")
    assert found[1][2] in {
        "“镇上”可能是王口镇团委、沿庄镇团委，请写全称。",
        "“镇上”可能是沿庄镇团委、王口镇团委，请写全称。",
    }


def test_rows_that_stand_twice_are_refused_and_name_the_first(admin):
    rows = table(["甲团委", "团委", "镇"], ["甲 团委", "团委", "镇"], ["甲团委", "团支部", "镇"])
    assert errors("organisations", rows, admin) == [
        (3, "", "与第 2 行完全相同：同一个全称只能有一行，请删去一行。"),
        (4, "", "与第 2 行重复：同一个全称只能有一行，请删去一行。"),
    ]


def test_a_unit_that_has_left_is_no_longer_changed(county, admin):
    leave(county.other_unit, by=admin, last_day=clock.today(), opinion="退出。")
    rows = table(["王口镇团委", "团委", "镇", "", "", "", "", "全国"])
    ((_, heading, sentence),) = errors("organisations", rows, admin)
    assert (heading, sentence) == ("试点级别", "该单位退出，不能再改试点级别和加入日期。")


def test_the_verbs_themselves_are_the_administrators_and_refuse_what_the_preview_would(county):
    changed = county.other
    for person in (county.reviewer, county.allrounder):
        with pytest.raises(NotPermitted):
            keep_organisations([], [changed], by=person)
        with pytest.raises(NotPermitted):
            keep_pilot_units([], [county.unit], by=person)
    changed.parent = changed
    with pytest.raises(Refused, match="不能成环"):
        keep_organisations([], [changed], by=county.administrator)
    county.unit.joined_on = dt.date(2000, 1, 1)
    with pytest.raises(Refused, match="不在试点期内"):
        keep_pilot_units([], [county.unit], by=county.administrator)
