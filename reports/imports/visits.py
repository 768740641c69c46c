"""以往走访: visits of the time before the system, entered from the paper records by a reviewer."""

import datetime as dt

from accounts.models import Duty, User
from accounts.rules import Permission, holds
from mentors.actions.imports import (
    CHANGEABLE,
    PastVisit,
    PastVisits,
    correct_imported,
    import_visits,
)
from mentors.models import Mode, Visit
from pilotwork.paper.cells import choice, day, paragraphs, text
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.imports.kind import Kind, lock_rows
from reports.imports.names import PeopleNames
from reports.imports.rows import Column
from reports.imports.units_named import UnitNames
from reports.models import ImportKind
from units.models import PilotUnit

MODES = {Mode.ON_SITE: ("实地", "现场"), Mode.REMOTE: ("电话／线上", "电话/线上", "电话", "线上")}
NOT_IMPORTED = (
    "这一天已有这位走访人自己记录的走访，导入不能改动；请删去本行，或由指导员更正原记录。"
)


class Visits(Kind):
    slug = ImportKind.VISITS
    title = ImportKind.VISITS.label
    help = "启用系统以前的走访，按纸质记录补入；标记为“导入”，实地的计入当周。"
    may = Permission((holds(Duty.REVIEWER), "以往走访由有初审职责的人员导入。"))
    list_url, list_label = "mentors:visits", "指导走访"
    unique = "同一单位、同一天、同一走访人"
    columns = (
        Column(
            "unit", "单位", text(80), True, "试点单位的全称、简称或别名。", "示例镇团委", width=30
        ),
        Column("visited_on", "走访日期", day, True, sample=dt.date(2026, 5, 4)),
        Column(
            "visitor",
            "走访人",
            text(100),
            help="不填为当日在任的指导员；同名的写姓名和职务，或登录名。",
            sample="示例",
        ),
        Column(
            "mode",
            "方式",
            choice(MODES),
            help="不填为实地；电话、线上不计走访。",
            sample="实地",
            choices=("实地", "电话／线上"),
        ),
        Column(
            "progress", "了解到的进展", paragraphs(2000), True, sample="了解试点进展。", width=40
        ),
        Column("problems", "存在的问题", paragraphs(2000), width=30),
        Column("next_step", "下一步打算", paragraphs(2000), width=30),
        Column("companions", "同行人员", text(120)),
    )
    notes = ("您指导、所在或本人走访的，按回避规定请其他初审人员导入。",)

    def compare(self, rows, by):
        units, people = UnitNames(), PeopleNames(User.objects.all())
        for row in rows:
            self._find(row, units, people)
        found = [row for row in rows if row.target is not None]
        facts = PastVisits({row.target["visit"].pilot_unit for row in found}, by)
        for row in found:
            row.target["visitor"] = facts.visitor(row.target["visit"])
            self._label(row)
        self.refuse_twice(rows, key_of)
        existing = self._existing(found)
        for row in found:
            self._compare_one(row, existing.get(key_of(row)))
            reason = facts.why_not(row.target["visit"])
            if reason and (row.is_new or row.changes):
                row.refuse(reason[0], self.heading_of(reason[1]))

    def _find(self, row, units, people):
        """The PastVisit that the row tells of, as far as its unit, day and visitor can be read."""
        visited_on = row.values.get("visited_on")
        unit = units.find(row, lambda unit: visited_on and _is_in(unit.programme, visited_on))
        visitor = None
        if row.has("visitor"):
            try:
                visitor = people.find(row.values["visitor"])
            except ValueError as error:
                row.refuse(str(error), "走访人")
                return
        if unit is None or visited_on is None or any(h == "走访人" for h, _ in row.errors):
            return
        words = {name: row.values[name] for name in CHANGEABLE if name in row.values}
        row.target = {"visit": PastVisit(unit, visited_on, visitor, **words), "row": None}

    def _label(self, row):
        visit, visitor = row.target["visit"], row.target["visitor"]
        who = f" {visitor}" if visitor else ""
        row.label = f"{row.label} {cn_full_date(visit.visited_on)}{who}"

    def _existing(self, rows):
        """{key: Visit} of what is logged for these units and days; an imported one before others."""
        visits = [row.target["visit"] for row in rows]
        logged = Visit.objects.filter(
            pilot_unit__in={visit.pilot_unit.pk for visit in visits},
            visited_on__in={visit.visited_on for visit in visits},
        )
        return {
            (visit.pilot_unit_id, visit.visited_on, visit.visitor_id): visit
            for visit in logged.order_by("is_imported", "-pk")
        }

    def _compare_one(self, row, logged):
        visit = row.target["visit"]
        row.is_new, row.target["row"] = logged is None, logged
        for name in CHANGEABLE:
            after = getattr(visit, name)
            if logged is not None and not row.has(name):
                setattr(visit, name, getattr(logged, name))
                continue
            before = "" if logged is None else in_words(name, getattr(logged, name))
            row.compare(self.heading_of(name), before, in_words(name, after))
        if logged is not None and row.changes and not logged.is_imported:
            row.refuse(NOT_IMPORTED, "走访日期")

    def lock(self):
        lock_rows(PilotUnit.objects)

    def write_rows(self, new, changed, by):
        import_visits([row.target["visit"] for row in new], by=by)
        correct_imported([(row.target["row"], row.target["visit"]) for row in changed], by=by)


def in_words(name, value):
    """A field of a visit as the preview says it."""
    return Mode(value).label if name == "mode" else value


def key_of(row):
    """What of two rows must differ; None while it is not known who was there."""
    if row.target is None or row.target["visitor"] is None:
        return None
    visit = row.target["visit"]
    return visit.pilot_unit.pk, visit.visited_on, row.target["visitor"].pk


def _is_in(programme, day):
    return programme.starts_on <= day <= programme.last_day
