"""应上缴团费: what each unit owes for a year, recorded or amended as the cashier would one by one."""

from django.contrib.contenttypes.models import ContentType

from accounts.models import Duty, TransitionLog
from accounts.rules import Permission, holds
from funds.actions.dues import (
    FIGURES,
    amend,
    figures_of,
    record_dues_of_many,
    require_open_year,
    require_room_for_paid,
    years_of,
)
from funds.models import DuesMethod, DuesRecord
from pilotwork.paper.cells import choice, money, text, whole, year, yes_or_no
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import yuan
from reports.imports.kind import Kind, lock_rows
from reports.imports.rows import Column
from reports.imports.units_named import UnitNames
from reports.models import ImportKind
from units.models import PilotUnit

METHODS = {DuesMethod.PAY_THEN_REFUND: "先缴后退", DuesMethod.KEEP: "免缴留用"}
AMOUNTS = ("payable", "members", "rate")


def in_words(name, value):
    """A figure as the preview says it."""
    if value is None or value == "":
        return ""
    if name in {"payable", "rate"}:
        return yuan(value)
    if name == "method":
        return DuesMethod(value).label
    if name == "is_via_parent":
        return "是" if value else "否"
    return str(value)


class Dues(Kind):
    slug = ImportKind.DUES
    title = ImportKind.DUES.label
    help = "各试点单位一年应上缴的团费；缴纳和退返仍逐笔登记。"
    may = Permission((holds(Duty.CASHIER), "应上缴团费由财务人员导入。"))
    list_url, list_label = "funds:dues", "团费返还"
    unique = "同一单位、同一年度"
    columns = (
        Column(
            "unit", "单位", text(80), True, "试点单位的全称、简称或别名。", "示例镇团委", width=30
        ),
        Column("year", "年度", year, True, sample=2026),
        Column(
            "payable",
            "应上缴（元）",
            money,
            help="不填则按人数 × 标准计算；没有应缴的填 0。",
            sample=1236,
        ),
        Column("members", "团员人数", whole(0)),
        Column("rate", "团费标准（元/人/年）", money, help="不填则用试点工作的设置。", width=22),
        Column(
            "method",
            "办法",
            choice(METHODS),
            help="不填为先缴后退。",
            sample="先缴后退",
            choices=tuple(METHODS.values()),
        ),
        Column(
            "is_via_parent",
            "经上级缴退",
            yes_or_no,
            help="由上级团组织代缴的填“是”。",
            choices=("是", "否"),
        ),
        Column("no_dues_reason", "无应缴的理由", text(200), help="应上缴为 0 的必填。", width=24),
    )
    notes = ("已有的登记有改动的，导入后须由初审人重新核实；已结清的不能再改。",)

    def compare(self, rows, by):
        units = UnitNames()
        for row in rows:
            unit = units.find(row, lambda unit, row=row: row.values.get("year") in years_of(unit))
            if unit is not None and row.has("year"):
                row.label = f"{row.label} {row.values['year']}年度"
                row.target = {"unit": unit, "dues": None, "figures": None}
        self.refuse_twice(rows, key_of)
        existing = self._existing(rows)
        for row in rows:
            if row.target is not None and not row.errors:
                row.target["dues"] = existing.get(key_of(row))
                self._compare_one(row)
        self._say_who_closed(rows)

    def _existing(self, rows):
        years = {row.values["year"] for row in rows if row.target is not None}
        found = DuesRecord.objects.filter(year__in=years).with_unit()
        return {(dues.pilot_unit.organisation_id, dues.year): dues for dues in found}

    def _compare_one(self, row):
        unit, dues = row.target["unit"], row.target["dues"]
        row.is_new = dues is None
        try:
            if row.is_new:
                require_open_year(unit, row.values["year"])
            figures = row.target["figures"] = _figures(row, unit, dues)
            for column in self.columns:
                name = column.name
                if name in FIGURES:
                    before = "" if row.is_new else in_words(name, getattr(dues, name))
                    row.compare(column.heading, before, in_words(name, figures[name]))
            if dues is not None and row.changes and dues.transition_of("amend"):
                require_room_for_paid(dues, figures)
        except Refused as refusal:
            row.refuse(refusal.message, self.heading_of(refusal.field))

    def _say_who_closed(self, rows):
        """What is settled cannot be amended; the log says who has done that (one query)."""
        closed = [
            row
            for row in rows
            if row.target
            and row.target["dues"]
            and row.changes
            and row.target["dues"].transition_of("amend") is None
        ]
        logs = {}
        of_dues = TransitionLog.objects.filter(
            content_type=ContentType.objects.get_for_model(DuesRecord),
            object_id__in=[row.target["dues"].pk for row in closed],
        )
        for entry in of_dues.order_by("number"):
            logs.setdefault(entry.object_id, []).append(entry)
        for row in closed:
            dues = row.target["dues"]
            dues.__dict__["log"] = logs.get(dues.pk, [])
            row.refuse(dues.stale_message("amend"))

    def lock(self):
        lock_rows(PilotUnit.objects)
        lock_rows(DuesRecord.objects)

    def write_rows(self, new, changed, by):
        record_dues_of_many(
            [(row.target["unit"], row.values["year"], row.target["figures"]) for row in new], by=by
        )
        for row in changed:
            try:
                amend(row.target["dues"], by=by, **row.target["figures"])
            except Refused as refusal:
                raise Refused(f"第 {row.number} 行 {row.label}：{refusal.message}") from refusal


def key_of(row):
    """What of two rows must differ."""
    return (row.target["unit"].organisation_id, row.values["year"]) if row.target else None


def _figures(row, unit, dues):
    """The figures that the row asks for; what it leaves empty stays as it was recorded.

    Amount, members and rate belong together: a row that fills one of them says all three.
    """
    typed = {name: row.values.get(name) for name in FIGURES}
    if dues is not None:
        kept = [name for name in ("method", "is_via_parent") if not row.has(name)]
        if not any(row.has(name) for name in AMOUNTS):
            kept += [*AMOUNTS, *([] if row.has("no_dues_reason") else ["no_dues_reason"])]
        elif typed["payable"] == 0 and not row.has("no_dues_reason"):
            kept.append("no_dues_reason")
        typed |= {name: getattr(dues, name) for name in kept}
    if typed["payable"] is None and typed["members"] is not None and typed["rate"] is None:
        typed["rate"] = unit.programme.dues_rate
    return figures_of(
        unit,
        typed["payable"],
        typed["members"],
        typed["rate"],
        typed["method"] or DuesMethod.PAY_THEN_REFUND,
        typed["no_dues_reason"] or "",
        bool(typed["is_via_parent"]),
    )
