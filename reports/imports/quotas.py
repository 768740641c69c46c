"""评优基本名额: how many of each honour an organisation may recommend in a cycle."""

from accounts.models import Duty
from accounts.rules import Permission, holds
from awards.actions.cycles import set_quotas, too_few_for_those_in_play
from awards.models import AwardCycle, AwardLevel, AwardType, BaseQuota, CycleState
from pilotwork.paper.cells import choice, text, whole, year
from pilotwork.refusals import Refused
from reports.imports.kind import Kind, lock_rows
from reports.imports.names import Names
from reports.imports.rows import Column
from reports.models import ImportKind
from units.models import Organisation

LEVELS = {
    AwardLevel.COUNTY: ("县级", "县"),
    AwardLevel.CITY: ("市级", "市"),
    AwardLevel.ABOVE: ("市级以上", "省级", "全国"),
}
NOT_OPEN = "本次评优已公示或结束，不能再改名额。"


class Quotas(Kind):
    slug = ImportKind.QUOTAS
    title = ImportKind.QUOTAS.label
    help = "一次评优中各团组织的基本名额；试点加配名额不在其中。"
    may = Permission((holds(Duty.REVIEWER), "基本名额由有初审职责的人员导入。"))
    list_url, list_label = "awards:cycles", "评优推荐"
    unique = "同一次评优的同一团组织"
    columns = (
        Column(
            "organisation", "团组织", text(80), True, "全称、简称或别名。", "示例镇团委", width=30
        ),
        Column("year", "评优年度", year, True, sample=2026),
        Column(
            "level",
            "评优级别",
            choice(LEVELS),
            True,
            sample="市级",
            choices=tuple(words[0] for words in LEVELS.values()),
        ),
        *(
            Column(value, label, whole(0, 999), sample=1, width=18)
            for value, label in AwardType.choices
        ),
    )
    notes = ("评优须已经“开始评优”，且还没有张贴公示。", "空着的奖项不改动原来的名额，新增的按 0。")

    def compare(self, rows, by):
        cycles = {}
        found = AwardCycle.objects.exclude(state=CycleState.CANCELLED).select_related("programme")
        for cycle in found.order_by("programme__starts_on", "pk"):
            cycles[cycle.year, cycle.level] = cycle
        names = Names(Organisation.objects.filter(is_county=False))
        for row in rows:
            self._find(row, cycles, names)
        self.refuse_twice(rows, key_of)
        stored = self._stored(rows)
        for row in rows:
            if row.target is not None:
                self._compare_one(row, stored.get(key_of(row), {}))
        self._refuse_too_few(rows, stored)

    def _find(self, row, cycles, names):
        if row.has("organisation"):
            row.label = row.values["organisation"]
        if not row.has("organisation", "year", "level"):
            return
        cycle = cycles.get((row.values["year"], row.values["level"]))
        if cycle is None:
            words = f"{row.values['year']}年度{AwardLevel(row.values['level']).label}评优"
            row.refuse(f"{words}还没有开始。", "评优年度")
            return
        try:
            organisation = names.find(row.values["organisation"])
        except ValueError as error:
            row.refuse(str(error), "团组织")
            return
        row.label = f"{organisation} {cycle}"
        row.target = {"cycle": cycle, "organisation": organisation, "places": {}}

    def _stored(self, rows):
        """{(cycle's id, organisation's id): {type: places}} of the cycles in question."""
        stored, cycles = {}, {row.target["cycle"].pk for row in rows if row.target is not None}
        quotas = BaseQuota.objects.filter(cycle__in=cycles).order_by()
        for cycle, organisation, kind, places in quotas.values_list(
            "cycle", "organisation", "award_type", "places"
        ):
            stored.setdefault((cycle, organisation), {})[kind] = places
        return stored

    def _compare_one(self, row, before):
        cycle = row.target["cycle"]
        row.is_new = not before
        places = row.target["places"] = dict.fromkeys(cycle.types, 0) | before
        for value, label in AwardType.choices:
            if row.has(value) and value not in cycle.types:
                if row.values[value]:
                    row.refuse("本次评优没有这个奖项，请空着。", label)
            elif value in cycle.types:
                places[value] = row.values.get(value, places[value])
                row.compare(label, str(before.get(value, "")), str(places[value]))
        if cycle.state != CycleState.OPEN and (row.is_new or row.changes):
            row.refuse(NOT_OPEN, "评优年度")

    def _refuse_too_few(self, rows, stored):
        """Nobody loses a place that is taken by a nomination."""
        for cycle, of_cycle in by_cycle(rows).items():
            wanted = {
                (key_of(row)[1], kind): places
                for row in of_cycle
                for kind, places in row.target["places"].items()
            }
            rest = {
                (organisation, kind): places
                for (number, organisation), types in stored.items()
                if number == cycle.pk
                for kind, places in types.items()
            }
            refusals = too_few_for_those_in_play(cycle, rest | wanted)
            for row in of_cycle:
                for kind, label in AwardType.choices:
                    if row.changes and (key_of(row)[1], kind) in refusals:
                        row.refuse(refusals[key_of(row)[1], kind], label)

    def lock(self):
        lock_rows(AwardCycle.objects)

    def write_rows(self, new, changed, by):
        for cycle, of_cycle in by_cycle([*new, *changed]).items():
            table = {}
            for quota in cycle.quotas.select_related("organisation"):
                table.setdefault(quota.organisation, {})[quota.award_type] = quota.places
            for row in of_cycle:
                table[row.target["organisation"]] = row.target["places"]
            try:
                set_quotas(cycle, by=by, rows=table)
            except Refused as refusal:
                raise Refused(f"{cycle}：{refusal.message}") from refusal


def key_of(row):
    """What of two rows must differ: (cycle's id, organisation's id)."""
    target = row.target
    return (target["cycle"].pk, target["organisation"].pk) if target else None


def by_cycle(rows):
    """{cycle: its rows}."""
    grouped = {}
    for row in rows:
        if row.target is not None:
            grouped.setdefault(row.target["cycle"], []).append(row)
    return grouped
