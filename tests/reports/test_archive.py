"""档案: what an archive holds and for whom, and that it stops at nothing that is missing."""

import hashlib
import posixpath
import re

import pytest

from funds.actions.carry_over import book_carry_over
from funds.models import ApplicationAttachment, Entry, EntryKind, FundAccount
from pilotwork import clock
from pilotwork.paper.bundle import MISSING
from tests.access_world import PDF, AccessWorld
from tests.factories import days_ago
from tests.reports.archives import (
    CONTENTS,
    LEDGERS,
    STYLES,
    cells_of,
    files_of,
    neighbours_work,
    texts_of,
    unit_files,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return AccessWorld()


# --- What is in it --------------------------------------------------------------------------------


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


# --- For whom -------------------------------------------------------------------------------------


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


@pytest.mark.long
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


# --- The programme --------------------------------------------------------------------------------


@pytest.mark.long
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
def test_what_came_into_the_fund_and_was_carried_on_is_there_with_its_voucher(world, client):
    brought = world.carry_over
    book_carry_over(brought, by=world.cashier, occurred_on=clock.today())
    assert world.receipt
    assert world.closed
    files = files_of(client, world.leader, "reports:programme_archive", world.programme.pk)
    of_fund = Entry.objects.filter(account=world.fund, kind=EntryKind.RECEIPT)
    vouchers = {path for path in files if path.startswith("总台账/经费/凭单/")}
    assert vouchers == {
        f"总台账/经费/凭单/{entry.voucher_number} 收款凭单.html" for entry in of_fund
    }
    earlier = files_of(client, world.leader, "reports:programme_archive", brought.programme_id)
    names = {path.rsplit(" ")[-1] for path in earlier if path.startswith("总台账/经费/凭单/")}
    assert names == {"收款凭单.html", "基金结转凭单.html"}


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
