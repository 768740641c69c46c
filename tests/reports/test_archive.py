"""档案: what an archive holds and for whom, and that it stops at nothing that is missing."""

import hashlib
import io
import posixpath
import re
import tracemalloc
import zipfile
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from funds.models import ApplicationAttachment, Entry, FundAccount
from mentors.actions.visits import record_visit
from mentors.models import VisitPhoto
from pairings.actions.agreements import enter_agreement
from pairings.actions.seminars import enter_seminar
from pairings.models import SeminarPhoto
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.paper.bundle import MISSING
from tests.access_world import PDF, REQUESTED, AccessWorld
from tests.factories import days_ago
from tests.journeys import bring, draft

pytestmark = pytest.mark.django_db
# What every unit's archive holds, whether or not anything was done.
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


@pytest.fixture
def world():
    return AccessWorld()


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


# --- What is in it ----------------------------------------------------------------------------


def test_a_units_archive_holds_its_ledgers_forms_and_attachments(world, client):
    closed, submitted = world.closed, world.proposal_file.application
    for name in ("photo", "version", "seminar_photo", "agreement_file", "evidence", "plaque_photo"):
        getattr(world, name)
    nomination, reward_file = world.nomination, world.reward_file
    files = unit_files(client, world.approver, world.unit)
    today = f"{clock.today():%Y-%m-%d}"
    visited = days_ago(1)
    vouchers = {path for path in files if path.startswith("经费/凭单/")}
    assert {path.split(" ")[1] for path in vouchers} >= {"拨付凭单.html", "收款凭单.html"}
    assert files.keys() - vouchers == LEDGERS | CONTENTS | {
        STYLES,
        "经费/收支台账.xlsx",
        f"经费/立项申请/{closed.number} {closed.name}/立项审批表.html",
        f"经费/立项申请/{closed.number} {closed.name}/结项表.html",
        f"经费/立项申请/{submitted.number} {submitted.name}/立项审批表.html",
        f"经费/立项申请/{submitted.number} {submitted.name}/附件/申请材料 证明.pdf",
        f"经费/典型奖励依据/{reward_file.name}",
        f"经费/铜牌照片/{world.plaque_photo.name}",
        "方法/实施方案和总结报告/实施方案 第1版 证明.pdf",
        f"方法/走访记录/{visited:%Y-%m} 走访记录.html",
        f"方法/走访照片/{visited:%Y-%m-%d} 证明.pdf",
        f"政策/推荐审批表/{nomination.cycle} {nomination.nominee}.html",
        f"政策/突出贡献佐证/{world.evidence.name}",
        f"机制/座谈会/{today} 第一次/座谈会纪要.html",
        f"机制/座谈会/{today} 第一次/证明.pdf",
        f"机制/活动协议/{today} 第一份/活动协议.html",
        f"机制/活动协议/{today} 第一份/证明.pdf",
    }
    assert files["方法/实施方案和总结报告/实施方案 第1版 证明.pdf"] == PDF.content


def test_the_ledgers_are_those_of_the_lists(world, client):
    application, visit = world.approved, world.visit
    files = unit_files(client, world.approver, world.unit)
    assert application.number in cells_of(files["经费/试点工作基金立项申请台账.xlsx"])
    assert visit.progress in cells_of(files["方法/指导走访台账.xlsx"])
    assert f"范围：{world.branch.name}" in "".join(
        map(str, cells_of(files["方法/指导走访台账.xlsx"]))
    )


def test_a_form_is_a_page_of_its_own_with_its_style_sheet_in_the_archive(world, client):
    assert world.closed
    assert world.seminar
    files = unit_files(client, world.approver, world.unit)
    forms = {path: content.decode() for path, content in files.items() if path.endswith(".html")}
    assert len(forms) >= 4
    for path, form in forms.items():
        assert re.findall(r'(?:href|src)="([^"]*)"', form) == ["../" * path.count("/") + STYLES], (
            path
        )
        assert (
            posixpath.normpath(
                posixpath.join(posixpath.dirname(path), "../" * path.count("/") + STYLES)
            )
            in files
        )
        assert not re.search(r"<(style|script|button|nav)|\sstyle=|https?://", form), path
    assert b".office-form" in files[STYLES]
    assert not re.search(rb"url\((?![\"']?data:)", files[STYLES])


def test_the_contents_list_every_file_with_size_checksum_and_the_ledgers_heads(world, client):
    assert world.closed
    assert world.photo
    files = unit_files(client, world.approver, world.unit)
    text = files["目录.txt"].decode("utf-8-sig")
    listed = {
        path: (int(size), sha256)
        for sha256, size, path in re.findall(
            r"^([0-9a-f]{64})　(\d+)　(.+?)\r$", text, re.MULTILINE
        )
    }
    assert listed == {
        path: (len(content), hashlib.sha256(content).hexdigest())
        for path, content in files.items()
        if path not in CONTENTS
    }
    last = Entry.objects.filter(account=world.fund).order_by("-number").first()
    assert f"第 {last.number} 笔　{last.digest}" in text
    cells = cells_of(files["目录.xlsx"])
    assert listed.keys() <= cells
    assert last.digest in cells


def test_a_missing_file_is_listed_as_missing_and_the_rest_is_there(world, client):
    gone, kept = world.photo, world.version
    gone.file.storage.delete(gone.file.name)
    files = unit_files(client, world.approver, world.unit)
    path = f"方法/走访照片/{days_ago(1):%Y-%m-%d} 证明.pdf"
    assert path not in files
    text = files["目录.txt"].decode("utf-8-sig")
    assert f"{gone.sha256}　0　{path}　{MISSING}\r\n" in text
    assert "缺失 1 个" in text
    assert MISSING in cells_of(files["目录.xlsx"])
    assert "方法/实施方案和总结报告/实施方案 第1版 证明.pdf" in files
    assert kept.is_intact


def test_names_typed_by_people_stay_inside_their_folders_and_apart(world, client):
    application = world.submitted
    for name in ("../../逃.pdf", "../../逃.pdf", "CON.pdf"):
        attachment = ApplicationAttachment.keep(
            PDF, by=world.member, application=application, purpose="proposal"
        )
        # As an older system may have stored it: today's upload cleans the name.
        ApplicationAttachment.objects.filter(pk=attachment.pk).update(name=name)
    files = unit_files(client, world.approver, world.unit)
    folder = f"经费/立项申请/{application.number} {application.name}/附件/"
    assert {path for path in files if path.startswith(folder)} == {
        f"{folder}申请材料 .._.._逃.pdf",
        f"{folder}申请材料 .._.._逃（2）.pdf",
        f"{folder}申请材料 CON.pdf",
    }
    assert all(".." not in path.split("/") for path in files)


# --- For whom ---------------------------------------------------------------------------------


def test_nobody_finds_a_draft_in_it_not_even_the_unit(world, client):
    name = world.draft.name
    assert name == world.submitted.name
    number = world.submitted.number
    for person in (world.member, world.approver):
        files = unit_files(client, person, world.unit)
        forms = [path for path in files if path.endswith("立项审批表.html")]
        assert forms == [f"经费/立项申请/{number} {name}/立项审批表.html"]


def test_a_unit_gets_neither_removed_attachments_nor_what_is_left_in_the_countys_accounts(
    world, client
):
    application = world.removed_file.application
    removed = (
        f"经费/立项申请/{application.number} {application.name}/已移除的附件/申请材料 证明.pdf"
    )
    balances = {"账面余额（元）", "可用余额（元）"}
    assert world.partly_paid
    for person, is_county in ((world.leader, True), (world.member, False)):
        files = unit_files(client, person, world.unit)
        assert (removed in files) is is_county
        cells = cells_of(files["经费/收支台账.xlsx"])
        assert "账面变动（元）" in cells
        assert cells & balances == (balances if is_county else set())


def test_two_units_files_do_not_leak_into_each_other(world, client):
    neighbours_work(world)
    assert world.visit
    assert world.approved
    theirs = texts_of(unit_files(client, world.neighbour, world.other_unit))
    assert "邻居的走访。" in theirs
    assert f"方法/走访照片/{days_ago(1):%Y-%m-%d} 邻居.pdf" in theirs
    assert world.branch.name not in theirs
    for person in (world.approver, world.member):
        own = texts_of(unit_files(client, person, world.unit))
        assert "看了林地。" in own
        assert "邻居" not in own
        assert world.other.name not in own


# --- The programme ----------------------------------------------------------------------------


def test_the_programmes_archive_holds_every_units_file_and_the_ledgers_over_all(world, client):
    neighbours_work(world)
    assert world.photo
    cycle = world.posted_cycle
    files = files_of(client, world.leader, "reports:programme_archive", world.programme.pk)
    assert "总台账/试点单位台账.xlsx" in files
    assert {f"总台账/{path}" for path in LEDGERS} <= files.keys()
    for unit in (world.branch, world.other):
        assert {f"试点单位/{unit.name}/{path}" for path in LEDGERS} <= files.keys()
    assert f"公示/{cycle}公示.html" in files
    names = cells_of(files["总台账/方法/指导走访台账.xlsx"])
    assert {world.branch.name, world.other.name} <= names
    day = f"{days_ago(1):%Y-%m-%d}"
    photos = [path for path in files if "走访照片" in path]
    assert sorted(photos) == sorted(
        [
            f"试点单位/{world.branch.name}/方法/走访照片/{day} 证明.pdf",
            f"试点单位/{world.other.name}/方法/走访照片/{day} 邻居.pdf",
        ]
    )
    assert files.keys() & CONTENTS == CONTENTS


@pytest.mark.long
def test_the_countys_whole_fund_is_in_the_programmes_archive_and_no_other_programmes(world, client):
    other = type(world.programme).objects.create(
        name="别的试点工作",
        year=2020,
        starts_on=days_ago(900),
        ends_on=days_ago(700),
    )
    FundAccount.objects.create(name="别的基金", code="QT", kind="pilot_fund", programme=other)
    assert world.receipt
    files = files_of(client, world.leader, "reports:programme_archive", world.programme.pk)
    digests = set(Entry.objects.filter(account=world.fund).values_list("digest", flat=True))
    assert digests <= cells_of(files["总台账/经费/收支台账.xlsx"])
    assert "别的" not in texts_of(files)
    elsewhere = files_of(client, world.leader, "reports:programme_archive", other.pk)
    assert not [path for path in elsewhere if path.startswith("试点单位/")]
    assert world.branch.name not in texts_of(elsewhere)


# --- On the pages -----------------------------------------------------------------------------


def test_who_may_take_it_along_finds_the_button_where_the_unit_and_the_programme_are(world, client):
    unit_url = reverse("reports:unit_archive", args=[world.unit.pk])
    all_url = reverse("reports:archives")
    for person, sees_all in ((world.member, False), (world.leader, True)):
        client.force_login(person)
        page = client.get(reverse("reports:unit", args=[world.unit.pk])).content.decode()
        assert f'href="{unit_url}"' in page
        units = client.get(reverse("reports:units")).content.decode()
        assert (f'href="{all_url}"' in units) is sees_all
    address = reverse("reports:programme_archive", args=[world.programme.pk])
    assert f'href="{address}"' in client.get(all_url).content.decode()


def test_the_download_is_named_after_the_unit_and_kept_nowhere_on_the_way(world, client):
    client.force_login(world.member)
    response = client.get(reverse("reports:unit_archive", args=[world.unit.pk]))
    name = f"{world.branch.name}档案_{clock.today():%Y%m%d}.zip"
    assert response.filename == name
    assert response["Cache-Control"] == "private, no-store"
    b"".join(response.streaming_content)


def test_making_an_archive_writes_nothing_into_the_database_but_its_audit_event(world, client):
    assert bring(world, "closed")
    client.force_login(world.leader)
    for name, pk in (("unit_archive", world.unit.pk), ("programme_archive", world.programme.pk)):
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(reverse(f"reports:{name}", args=[pk])).streaming_content)
        statements = [query["sql"].strip("(") for query in queries]
        # PostgreSQL reads long lists with a cursor; a test's transaction has the event's inside.
        reading = ("SELECT", "DECLARE", "SAVEPOINT", "RELEASE")
        (written,) = [sql for sql in statements if not sql.startswith(reading)]
        assert written.startswith('INSERT INTO "accounts_auditevent"')


@pytest.mark.long
def test_the_number_of_queries_does_not_grow_with_the_records(world, client):
    def queries_of(address):
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(address).streaming_content)
        return len(queries)

    def work(number):
        bring(world, "closed", REQUESTED)
        ApplicationAttachment.keep(
            PDF, by=world.member, application=world.closed, purpose="proposal"
        )
        content = world.seminar_form() | {"title": f"座谈会 {number}"}
        seminar = enter_seminar(world.pairing, by=world.member, **content)
        SeminarPhoto.keep(PDF, by=world.member, seminar=seminar)
        content = world.agreement_form() | {"title": f"协议 {number}", "steps": "", "results": ""}
        enter_agreement(world.pairing, by=world.member, **content)
        VisitPhoto.keep(PDF, by=world.mentor, visit=world.visit)

    work(0)
    assert world.nomination
    client.force_login(world.leader)
    address = reverse("reports:unit_archive", args=[world.unit.pk])
    queries_of(address)  # what a process looks up only once
    with_one = queries_of(address)
    for number in range(1, 4):
        work(number)
    assert queries_of(address) == with_one


@pytest.mark.long
def test_large_attachments_do_not_fill_the_memory(world, client):
    size, number = 4 * 1024 * 1024, 8
    photos = [VisitPhoto.keep(PDF, by=world.mentor, visit=world.visit) for _ in range(number)]
    for photo in photos:
        photo.file.storage.delete(photo.file.name)
        photo.file.storage.save(photo.file.name, ContentFile(b"x" * size))
    client.force_login(world.leader)
    tracemalloc.start()
    try:
        response = client.get(reverse("reports:unit_archive", args=[world.unit.pk]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert int(response["Content-Length"]) > size * number
    assert peak < size * number / 2
    b"".join(response.streaming_content)
