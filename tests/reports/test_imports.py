"""导入 from the template to the result: nothing before the confirmation, then all or nothing."""

import datetime as dt
import io
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.matters import NotPermitted
from accounts.models import Duty, DutyGrant
from mentors.models import Visit
from pilotwork import clock
from pilotwork.refusals import Refused
from reports.imports import actions
from reports.imports.kind import digest_of
from reports.imports.kinds import KINDS
from reports.imports.rows import sample_cells
from reports.imports.template import template_of
from reports.models import ImportUpload
from tests.factories import days_ago
from tests.ground.sheets import content_of, uploaded
from tests.reports.importing import bring_in, confirm, keep, plan, post_file, posted
from units.models import Organisation

pytestmark = pytest.mark.django_db
HEAD = ["全称", "层级", "类别"]
TOWN = ["陈官屯镇团委", "团委", "镇"]
KIND_NAMES = list(KINDS)


@pytest.fixture
def admin(county, client):
    client.force_login(county.administrator)
    return county.administrator


def do_confirm(client, upload, seen):
    """The page that the person sees after he confirmed."""
    address = reverse("reports:confirm_import", args=[upload.pk])
    return client.post(address, {"seen": seen}, follow=True).content.decode()


# --- The template ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KIND_NAMES)
def test_a_template_that_is_uploaded_as_it_is_holds_nothing_but_its_sample(county, name):
    kind = KINDS[name]
    person = next(p for _, p in county.everybody() if not kind.why_not(p))
    with pytest.raises(Refused, match="除了示例行没有内容"):
        keep(name, template_of(kind), person)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_rows_below_the_sample_are_read_and_the_sample_is_not(county, name):
    kind = KINDS[name]
    person = next(p for _, p in county.everybody() if not kind.why_not(p))
    book = load_workbook(io.BytesIO(template_of(kind)))
    sheet = book.worksheets[0]
    for index, cell in enumerate(sheet[3], start=1):
        sheet.cell(4, index, cell.value)
    sheet.cell(4, 1, "另一个团委")
    ((number, cells, faults),) = keep(name, content_of(book), person).rows
    assert (number, faults) == (4, {})
    assert cells == sample_cells(kind.columns) | {kind.headings[0]: "另一个团委"}


@pytest.mark.parametrize("name", KIND_NAMES)
def test_the_sample_of_a_template_can_be_read(name):
    kind, cells = KINDS[name], sample_cells(KINDS[name].columns)
    assert set(kind.required) <= set(cells)
    for column in kind.columns:
        if column.heading in cells:
            column.read(cells[column.heading])
        for choice in column.choices:
            column.read(choice)


def test_a_template_is_sent_as_a_file_with_its_name(client, admin):
    answer = client.get(reverse("reports:import_template", args=["organisations"]))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["导入", "填写说明"]
    assert [cell.value for cell in book["导入"][2]][:4] == ["全称*", "简称", "别名", "层级*"]


def test_the_page_says_of_each_column_what_the_templates_notes_say(client, admin):
    page = client.get(reverse("reports:import_upload", args=["organisations"])).content.decode()
    notes = load_workbook(io.BytesIO(template_of(KINDS["organisations"]))).worksheets[1]
    said = {row[0]: row[2] for row in notes.iter_rows(min_row=3, values_only=True) if row[2]}
    assert said["加入日期"].endswith("2026年5月4日都可以。")
    assert [words for words in said.values() if words not in page] == []


# --- Preview, confirmation, result ----------------------------------------------------------------


def test_nothing_is_written_before_the_confirmation_and_everything_after(client, admin):
    upload, page = posted(client, "organisations", [HEAD, TOWN])
    assert "确认导入 1 行" in page
    assert "陈官屯镇团委" in page
    assert not Organisation.objects.filter(name=TOWN[0]).exists()
    page = do_confirm(client, upload, digest_of(plan(upload)))
    assert "导入结果" in page
    assert Organisation.objects.get(name=TOWN[0]).history.get().history_user == admin
    upload.refresh_from_db()
    assert (upload.rows, upload.result["new"]) == ([], 1)


def test_the_same_file_again_says_that_all_is_unchanged_and_offers_nothing(client, admin):
    bring_in("organisations", [HEAD, TOWN], admin)
    upload, page = posted(client, "organisations", [HEAD, TOWN])
    assert "全部未变" in page
    assert "确认导入" not in page
    assert "没有需要导入的内容" in do_confirm(client, upload, digest_of(plan(upload)))


def test_errors_are_shown_first_with_row_and_column_and_nothing_can_be_confirmed(client, admin):
    table = [HEAD, TOWN, ["乙团委", "分部", "镇"]]
    upload, page = posted(client, "organisations", table)
    assert "有 1 行不能导入" in page
    assert "<strong>层级</strong>：“分部”不在可填的范围内" in page
    assert TOWN[0] not in page
    assert "确认导入" not in page
    address = reverse("reports:import", args=[upload.pk])
    assert TOWN[0] in client.get(address, {"show": "all"}).content.decode()
    assert "还有错误的行" in do_confirm(client, upload, digest_of(plan(upload)))
    assert not Organisation.objects.filter(name__in=[TOWN[0], "乙团委"]).exists()


def test_a_change_shows_what_was_there_before(client, county, admin):
    page = posted(client, "organisations", [HEAD, ["王口镇团委", "团总支", "镇"]])[1]
    assert "<del>团委</del>" in page
    assert "<ins>团总支</ins>" in page


def test_columns_that_are_not_imported_are_named(client, admin):
    page = posted(client, "organisations", [[*HEAD, "备注"], [*TOWN, "新"]])[1]
    assert "这些列不导入：备注。" in page


def test_what_has_changed_since_the_preview_is_shown_anew_and_not_written(client, county, admin):
    table = [HEAD, TOWN, ["王口镇团委", "团总支", "镇"]]
    upload, _ = posted(client, "organisations", table)
    seen = digest_of(plan(upload))
    Organisation.objects.filter(pk=county.other.pk).update(level="branch")
    page = do_confirm(client, upload, seen)
    assert "数据有了变化，一行也没有写入" in page
    assert "<del>团支部</del>" in page
    assert not Organisation.objects.filter(name=TOWN[0]).exists()


def test_confirming_twice_imports_once(client, county):
    client.force_login(county.reviewer)
    head = ["单位", "走访日期", "了解到的进展"]
    upload, _ = posted(client, "visits", [head, ["王口镇团委", days_ago(9), "看了。"]])
    seen = digest_of(plan(upload))
    for _ in range(2):
        assert "导入结果" in do_confirm(client, upload, seen)
    assert Visit.objects.count() == 1


def test_an_unreadable_file_is_refused_beside_its_field(client, admin):
    answer = post_file(client, "organisations", b"\xd0\xcf\x11\xe0" + bytes(99), "名单.xls")
    assert answer.status_code == 200
    assert "“名单.xls”：这是旧版的 .xls 或 .et 文件" in answer.content.decode()
    assert not ImportUpload.objects.exists()


def test_the_upload_page_asks_for_a_file(client, admin):
    answer = client.post(reverse("reports:import_upload", args=["organisations"]))
    assert "请选择填好的表格。" in answer.content.decode()


def test_a_formula_without_result_is_an_error_of_its_row(client, admin):
    page = posted(client, "organisations", [HEAD, ["=1&2", "团委", "镇"]])[1]
    assert "<strong>全称</strong>：公式没有计算结果" in page


def test_long_lists_are_paged(client, admin):
    table = [HEAD, *([f"第{n}村团支部", "团支部", "镇"] for n in range(45))]
    upload, page = posted(client, "organisations", table)
    assert page.count("村团支部") == 20
    last = client.get(reverse("reports:import", args=[upload.pk]), {"page": 3}).content.decode()
    assert last.count("村团支部") == 5


# --- Who may, and for how long --------------------------------------------------------------------


def test_each_kind_is_for_those_who_enter_such_things_one_by_one(county):
    may = {
        name: {who for who, person in county.everybody() if not kind.why_not(person)}
        for name, kind in KINDS.items()
    }
    holds = {
        duty: {
            grant.user.username
            for grant in DutyGrant.objects.current().filter(duty=duty, user__is_active=True)
        }
        for duty in Duty.values
    }
    assert may == {
        "organisations": {"administrator", "superuser"},
        "dues": holds["cashier"],
        "quotas": holds["reviewer"],
        "visits": holds["reviewer"],
    }


def test_nobody_uploads_or_confirms_a_kind_that_is_not_his(county, client):
    with pytest.raises(NotPermitted):
        keep("organisations", [HEAD, TOWN], county.reviewer)
    upload = keep("organisations", [HEAD, TOWN], county.administrator)
    with pytest.raises(NotPermitted):
        actions.confirm(upload, by=county.reviewer, seen=digest_of(plan(upload)))
    client.force_login(county.reviewer)
    assert client.get(reverse("reports:import_upload", args=["organisations"])).status_code == 403
    assert client.get(reverse("reports:import_template", args=["organisations"])).status_code == 403
    assert client.get(reverse("reports:import_upload", args=["nothing"])).status_code == 404


def test_who_lost_the_duty_meanwhile_neither_looks_nor_confirms(county, client):
    client.force_login(county.reviewer)
    upload = keep(
        "visits", [["单位", "走访日期", "了解到的进展"], ["甲", 1, "看"]], county.reviewer
    )
    county.reviewer.duty_grants.update(ends_on=days_ago(1))
    assert client.get(reverse("reports:import", args=[upload.pk])).status_code == 403
    assert client.post(reverse("reports:confirm_import", args=[upload.pk])).status_code == 403


def test_an_upload_is_its_uploaders_for_a_day_and_thrown_away_by_the_next_one(county):
    upload = keep("organisations", [HEAD, TOWN], county.administrator)
    mine = ImportUpload.objects.visible_to(county.administrator)
    assert list(mine) == [upload]
    assert not ImportUpload.objects.visible_to(county.superuser).exists()
    with clock.at(clock.now() + dt.timedelta(days=1, minutes=1)):
        assert not ImportUpload.objects.visible_to(county.administrator).exists()
        later = keep("organisations", [HEAD, TOWN], county.administrator)
    assert list(ImportUpload.objects.all()) == [later]


# --- Many rows ------------------------------------------------------------------------------------


def queries_of_preview(upload):
    with CaptureQueriesContext(connection) as queries:
        plan(upload)
    return len(queries)


def tables(county, number):
    """{kind: a table of so many rows, by whom}."""
    villages = [[f"第{n}村团支部", "团支部", "镇", "王口镇团委"] for n in range(number)]
    day, units = days_ago(50), ["王口镇团委", "顺丰林木种植专业合作社团支部"]
    people = [p.username for _, p in county.everybody() if not p.duties.isdisjoint({"cashier"})]
    seen = [
        [
            units[n % 2],
            day + dt.timedelta(days=n // 2 % 48),
            people[n // 96 % len(people)],
            f"第{n}次",
        ]
        for n in range(number)
    ]
    return {
        "organisations": ([[*HEAD, "隶属"], *villages], county.administrator),
        "visits": ([["单位", "走访日期", "走访人", "了解到的进展"], *seen], county.reviewer),
    }


def test_a_preview_takes_the_same_queries_with_few_rows_and_with_many(county):
    for kind in ("organisations", "visits"):
        few, many = (keep(kind, *tables(county, number)[kind]) for number in (2, 60))
        assert queries_of_preview(few) == queries_of_preview(many) <= 8


@pytest.mark.long
def test_five_thousand_rows_come_in_within_seconds(county):
    """Generous bounds: what is slow here is a query a row, which takes minutes."""
    table, admin = tables(county, 5000)["organisations"]
    content = content_of_rows(table)
    began = time.perf_counter()
    upload = keep("organisations", content, admin)
    plan(upload)
    previewed = time.perf_counter()
    assert confirm(upload).result["new"] == 5000
    confirmed = time.perf_counter()
    assert previewed - began < 15
    assert confirmed - previewed < 30
    assert Organisation.objects.filter(name__endswith="村团支部").count() == 5000
    with pytest.raises(ValidationError, match="一次最多导入 5000 行"):
        keep("organisations", [*table, [*TOWN, ""]], admin)


def content_of_rows(table):
    """The bytes of a table."""
    return uploaded(table).read()
