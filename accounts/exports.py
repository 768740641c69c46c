"""人员台账: the list of people as a ledger."""

from accounts.tables import grant_words
from pilotwork.exports import Export
from pilotwork.paper.workbook import Heading, Kind


def _person(person, reader):
    duties = "、".join(grant_words(grant) for grant in person.current_grants)
    state = "启用" if person.is_active else "停用"
    return person.name, person.post, person.username, duties, state, person.created_at


PEOPLE = Export(
    "人员台账",
    (
        Heading("姓名", Kind.LABEL),
        Heading("职务"),
        Heading("登录名", Kind.LABEL, 16),
        Heading("现任职责", width=26),
        Heading("账户", Kind.LABEL, 8),
        Heading("建立时间", Kind.MOMENT),
    ),
    _person,
)
