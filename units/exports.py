"""意见建议台账: suggestions and their answers as a ledger."""

from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind


def _suggestion(suggestion, reader):
    return (
        suggestion.created_at,
        suggestion.get_kind_display(),
        suggestion.sender,
        suggestion.text,
        suggestion.get_state_display(),
        suggestion.answer,
    )


SUGGESTIONS = Export(
    "意见建议台账",
    (
        Heading("提出时间", Kind.MOMENT),
        Heading("类别", Kind.LABEL, 8),
        Heading("提出人", width=22),
        Heading("内容", width=34),
        Heading("状态", Kind.LABEL, 10),
        Heading("答复", width=34),
    ),
    _suggestion,
)
