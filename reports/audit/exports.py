"""审计记录 as a workbook: what the page's filter leaves."""

from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind
from reports.audit.lines import lines_of

HEADINGS = (
    Heading("时间", Kind.MOMENT),
    Heading("人员", width=18),
    Heading("动作", Kind.LABEL),
    Heading("单位", width=18),
    Heading("对象", width=22),
    Heading("内容", width=28),
    Heading("来源地址", Kind.LABEL, 16),
    Heading("请求编号", Kind.LABEL, 18),
)


def _rows(records, reader):
    for line in lines_of(records, reader):
        yield (
            line.at,
            line.who,
            line.what,
            line.unit,
            line.about,
            line.title,
            line.client,
            line.request,
        )


AUDIT = Export("审计记录", HEADINGS, rows_of=_rows)
