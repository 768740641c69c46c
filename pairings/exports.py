"""联试共建: pairs, their seminars and agreements as ledgers."""

from pairings.pair_page import PRINCIPLES
from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind

SIDES = (Heading("试点单位"), Heading("结对单位"))
STATE = Heading("状态", Kind.LABEL, 14)


def _sides(pairing):
    return pairing.pilot_unit.organisation.name, pairing.partner.name


def _state(joint):
    return joint.get_state_display() + ("（代录）" if joint.is_on_behalf else "")


def _pairing(pairing, reader):
    return (
        *_sides(pairing),
        PRINCIPLES,
        pairing.starts_on,
        pairing.ends_on,
        pairing.seminar_count,
        pairing.agreement_count,
        "已结束" if pairing.has_ended else "结对中",
    )


PAIRINGS = Export(
    "联试共建结对台账",
    (
        *SIDES,
        Heading("原则"),
        Heading("开始日期", Kind.DATE),
        Heading("结束日期", Kind.DATE),
        Heading("座谈会（场）", Kind.WHOLE, 12, is_summed=True),
        Heading("活动协议（份）", Kind.WHOLE, 14, is_summed=True),
        Heading("状态", Kind.LABEL, 10),
    ),
    _pairing,
)


def _seminar(seminar, reader):
    return (
        seminar.held_on,
        seminar.title,
        *_sides(seminar.pairing),
        seminar.place,
        seminar.attendees,
        seminar.minutes,
        _state(seminar),
    )


SEMINARS = Export(
    "座谈会台账",
    (
        Heading("召开日期", Kind.DATE),
        Heading("主题"),
        *SIDES,
        Heading("地点", width=12),
        Heading("参加人员"),
        Heading("纪要", width=30),
        STATE,
    ),
    _seminar,
)


def _agreement(agreement, reader):
    return (
        agreement.signed_on,
        agreement.title,
        *_sides(agreement.pairing),
        "、".join(agreement.topic_labels),
        agreement.starts_on,
        agreement.ends_on,
        agreement.terms,
        agreement.results,
        _state(agreement),
    )


AGREEMENTS = Export(
    "活动协议台账",
    (
        Heading("签订日期", Kind.DATE),
        Heading("名称"),
        *SIDES,
        Heading("主题类别"),
        Heading("期限自", Kind.DATE),
        Heading("期限至", Kind.DATE),
        Heading("协议内容", width=26),
        Heading("成果"),
        STATE,
    ),
    _agreement,
)
