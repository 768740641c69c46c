"""An archive as somebody downloads it, and what one finds in it."""

import io
import zipfile
from uuid import uuid4

from django.urls import reverse
from openpyxl import load_workbook

from mentors.actions.visits import record_visit
from mentors.models import VisitPhoto
from pilotwork.files import Accepted
from tests.factories import days_ago
from tests.journeys import draft

LEDGERS = {
    "经费/试点工作基金立项申请台账.xlsx",
    "经费/典型奖励台账.xlsx",
    "经费/试点单位铜牌台账.xlsx",
    "人员/试点单位指导员台账.xlsx",
    "方法/“五个一”进度台账.xlsx",
    "方法/实施方案与总结报告台账.xlsx",
    "方法/特色活动台账.xlsx",
    "方法/经费协调台账.xlsx",
    "方法/调研台账.xlsx",
    "方法/实际困难台账.xlsx",
    "方法/指导走访台账.xlsx",
    "方法/免访台账.xlsx",
    "政策/评优推荐台账.xlsx",
    "政策/突出贡献台账.xlsx",
    "机制/联试共建结对台账.xlsx",
    "机制/座谈会台账.xlsx",
    "机制/活动协议台账.xlsx",
}
CONTENTS = {"目录.txt", "目录.xlsx"}
STYLES = "表格样式.css"
NEIGHBOURS = Accepted("邻居.pdf", "application/pdf", b"%PDF-1.7 neighbour")


def files_of(client, person, name, pk):
    """{path: content} of the archive that `person` downloads."""
    client.force_login(person)
    response = client.get(reverse(name, args=[pk]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    content = b"".join(response.streaming_content)
    assert len(content) == int(response["Content-Length"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def unit_files(client, person, unit):
    return files_of(client, person, "reports:unit_archive", unit.pk)


def cells_of(content):
    """Every value of a workbook's cells."""
    book = load_workbook(io.BytesIO(content))
    return {
        cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
    }


def texts_of(files):
    """All that can be read in an archive: names, text files and cells."""
    words = list(files)
    for path, content in files.items():
        if path.endswith(".xlsx"):
            words += map(str, cells_of(content))
        elif path.endswith((".html", ".txt")):
            words.append(content.decode())
    return "\n".join(words)


def neighbours_work(world):
    """A visit with a photo and an application of the other unit."""
    visit = record_visit(
        world.other_unit,
        by=world.other_mentor,
        key=uuid4(),
        visited_on=days_ago(1),
        progress="邻居的走访。",
    )
    VisitPhoto.keep(NEIGHBOURS, by=world.other_mentor, visit=visit)
    return draft(world, unit=world.other_unit, by=world.neighbour, name="邻居的活动")
