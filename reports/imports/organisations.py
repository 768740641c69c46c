"""团组织和试点单位: the county's organisations, and which of them take part in the pilot."""

import datetime as dt

from django.core.exceptions import ValidationError

from accounts.rules import Permission, is_administrator
from pilotwork.forms import ACCOUNT_NUMBER
from pilotwork.paper.cells import choice, day, key, text, words
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.imports.kind import Kind, lock_rows
from reports.imports.names import Names
from reports.imports.rows import Column
from reports.models import ImportKind
from units.models import (
    Kind as OrganisationKind,
)
from units.models import (
    Level,
    Organisation,
    PilotProgramme,
    PilotUnit,
    ProgrammeState,
    UnitLevel,
)
from units.organisation_actions import (
    CYCLE,
    is_in_cycle,
    keep_organisations,
    keep_pilot_units,
    organisation_tree,
    why_not_keep_unit,
)

LEVELS = {Level.COMMITTEE: "团委", Level.GENERAL_BRANCH: "团总支", Level.BRANCH: ("团支部", "支部")}
KINDS = {
    OrganisationKind.TOWN: ("镇", "乡镇", "街道"),
    OrganisationKind.ENTERPRISE: "企业",
    OrganisationKind.SCHOOL: "学校",
    OrganisationKind.COOPERATIVE: ("农民专业合作社", "合作社"),
    OrganisationKind.ADMINISTRATIVE: ("行政单位", "机关"),
}
UNIT_LEVELS = {
    UnitLevel.NATIONAL: ("全国", "全国试点", "国家级"),
    UnitLevel.CITY: ("市级", "市级试点"),
    UnitLevel.PENDING: "待确认",
}
# Fields that are compared as they are typed; 层级 and 类别 by their words.
AS_TYPED = ("short_name", "payee_name", "payee_bank", "payee_account")


def account_number(cell):
    """A reader of a bank account's number of at most 40 characters."""
    number = text(40)(cell)
    try:
        if number:
            ACCOUNT_NUMBER(number)
    except ValidationError as error:
        raise ValueError(error.message) from error
    return number


def offered(options):
    """The first word of each option."""
    return tuple(words[0] if isinstance(words, tuple) else words for words in options.values())


class Organisations(Kind):
    slug = ImportKind.ORGANISATIONS
    title = ImportKind.ORGANISATIONS.label
    help = "全县团组织的层级、类别、隶属和收款账户；填了试点级别的，同时成为试点单位。"
    may = Permission((is_administrator, "团组织和试点单位由系统管理员导入。"))
    list_url, list_label = "reports:units", "试点单位"
    unique = "同一个全称"
    columns = (
        Column("name", "全称", text(80), True, "按全称对应已有的团组织。", "示例镇团委", width=30),
        Column("short_name", "简称", text(20), sample="示例镇"),
        Column("aliases", "别名", words, help="几个别名用顿号分开。", sample="示例、示例乡"),
        Column("level", "层级", choice(LEVELS), True, sample="团委", choices=offered(LEVELS)),
        Column("kind", "类别", choice(KINDS), True, sample="镇", choices=offered(KINDS)),
        Column(
            "parent",
            "隶属",
            text(80),
            help="上级团组织的全称、简称或别名，也可以是本表里的。",
            sample="团县委",
            width=20,
        ),
        Column("payee_name", "收款户名", text(80), sample="示例镇团委", width=24),
        Column("payee_bank", "开户银行", text(80), sample="县农商银行", width=20),
        Column(
            "payee_account",
            "收款账号",
            account_number,
            help="单元格设为文本，长账号才不会丢数字。",
            sample="6210 0001 0001 999",
            width=24,
        ),
        Column(
            "unit_level",
            "试点级别",
            choice(UNIT_LEVELS),
            help="是试点单位的才填。",
            sample="市级",
            choices=offered(UNIT_LEVELS),
        ),
        Column(
            "joined_on", "加入日期", day, help="填了试点级别的必填。", sample=dt.date(2026, 5, 4)
        ),
    )
    notes = ("已有的团组织，空着的格不改动原来的内容。",)

    def compare(self, rows, by):
        tree = organisation_tree()
        names = Names(tree.values())
        programme = PilotProgramme.objects.filter(state=ProgrammeState.ACTIVE).first()
        units = {}
        if programme is not None:
            units = {unit.organisation_id: unit for unit in programme.units.all()}
        for row in rows:
            self._find(row, names)
        self.refuse_twice(rows, lambda row: key(row.values["name"]) if row.has("name") else None)
        for row in rows:
            if row.target is not None and row.is_new:
                names.add(row.target["organisation"])
        for row in rows:
            if row.target is not None:
                self._describe(row, names)
                self._take_part(row, programme, units)
        for row in rows:
            if row.target is not None and is_in_cycle(row.target["organisation"]):
                row.refuse(CYCLE, "隶属")

    def _find(self, row, names):
        """The organisation of that full name, or a new one."""
        if not row.has("name"):
            return
        name = row.label = row.values["name"]
        organisation = names.full.get(key(name))
        if organisation is None and names.called(name):
            known = "、".join(one.name for one in names.called(name))
            row.refuse(f"“{name}”是{known}的简称或别名，请写全称。", "全称")
            return
        row.is_new = organisation is None
        organisation = organisation or Organisation(name=name)
        row.target = {"organisation": organisation, "is_changed": False, "unit": None}
        if row.is_new:
            row.target["organisation"].short_name = row.values.get("short_name", "")
            row.target["organisation"].aliases = "\n".join(row.values.get("aliases", []))

    def _describe(self, row, names):
        organisation, values = row.target["organisation"], row.values
        for name in AS_TYPED:
            if name in values:
                self._set(row, name, values[name], str)
        if "aliases" in values:
            self._set(row, "aliases", "\n".join(values["aliases"]), lambda v: v.replace("\n", "、"))
        for name, labels in (("level", Level), ("kind", OrganisationKind)):
            if name in values:
                self._set(
                    row, name, values[name], lambda v, labels=labels: labels(v).label if v else ""
                )
        if "parent" in values:
            try:
                parent = names.find(values["parent"])
            except ValueError as error:
                row.refuse(str(error), "隶属")
                return
            if parent is organisation:
                row.refuse("不能隶属于自身。", "隶属")
            elif organisation.is_county:
                row.refuse("团县委没有上级团组织，请空着。", "隶属")
            else:
                self._set(row, "parent", parent, lambda v: str(v or ""))

    def _set(self, row, name, value, in_words):
        """Let the organisation have the value; a change of one that was there before is noted."""
        organisation = row.target["organisation"]
        before = getattr(organisation, name)
        if row.is_new:
            row.compare(self.heading_of(name), "", in_words(value))
        elif before != value:
            row.compare(self.heading_of(name), in_words(before), in_words(value))
            row.target["is_changed"] = True
        setattr(organisation, name, value)

    def _take_part(self, row, programme, units):
        """The organisation's part in the pilot, where the row says something about it."""
        organisation = row.target["organisation"]
        if not row.has("unit_level"):
            if row.has("joined_on"):
                row.refuse("填了加入日期的，也要填试点级别。", "试点级别")
            return
        unit = units.get(organisation.pk) if organisation.pk else None
        if programme is None:
            row.refuse("没有进行中的试点工作，请先建立。", "试点级别")
        elif unit is None and not row.has("joined_on"):
            if not any(heading == "加入日期" for heading, _ in row.errors):
                row.refuse("新的试点单位须填加入日期。", "加入日期")
        else:
            self._set_unit(row, unit or PilotUnit(programme=programme, organisation=organisation))

    def _set_unit(self, row, unit):
        level, joined_on = row.values["unit_level"], row.values.get("joined_on", unit.joined_on)
        unit.organisation = row.target["organisation"]
        is_new = unit.pk is None
        before = (unit.level, unit.joined_on)
        if not is_new and before == (level, joined_on):
            return
        row.compare("试点级别", "" if is_new else unit.get_level_display(), UnitLevel(level).label)
        row.compare(
            "加入日期", "" if is_new else cn_full_date(unit.joined_on), cn_full_date(joined_on)
        )
        unit.level, unit.joined_on = level, joined_on
        reason = why_not_keep_unit(unit)
        if reason:
            row.refuse(reason[0], self.heading_of(reason[1]))
        row.target["unit"] = unit

    def lock(self):
        lock_rows(Organisation.objects)
        lock_rows(PilotUnit.objects)

    def write_rows(self, new, changed, by):
        keep_organisations(
            [row.target["organisation"] for row in new],
            [row.target["organisation"] for row in changed if row.target["is_changed"]],
            by=by,
        )
        units = [row.target["unit"] for row in [*new, *changed] if row.target["unit"]]
        keep_pilot_units(
            [unit for unit in units if unit.pk is None],
            [unit for unit in units if unit.pk is not None],
            by=by,
        )
