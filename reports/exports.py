"""试点单位台账: the units as ledger, with what every room knows of them at a glance."""

from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind


def _unit(unit, reader):
    organisation = unit.organisation
    return (
        organisation.name,
        organisation.get_kind_display(),
        organisation.parent.name if organisation.parent else "",
        unit.get_level_display(),
        unit.joined_on,
        "、".join(str(assignment.mentor) for assignment in unit.current_mentors),
        "、".join(pairing.partner.name for pairing in unit.current_pairs),
        unit.application_count,
        unit.activity_count,
        unit.get_state_display(),
    )


UNITS = Export(
    "试点单位台账",
    (
        Heading("单位", width=24),
        Heading("类别", Kind.LABEL, 14),
        Heading("隶属"),
        Heading("级别", Kind.LABEL, 10),
        Heading("加入日期", Kind.DATE),
        Heading("指导员"),
        Heading("结对单位"),
        Heading("立项申请（件）", Kind.WHOLE, 14, is_summed=True),
        Heading("特色活动（个）", Kind.WHOLE, 14, is_summed=True),
        Heading("状态", Kind.LABEL, 10),
    ),
    _unit,
    enrich=lambda rows: rows.select_related("organisation__parent", "programme"),
)
