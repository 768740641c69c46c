"""Ledgers of the lists on screen: the same filter, order and rows, the office's form, few at a time."""

import io
import os
import subprocess
import sys
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from funds.models import Application, Entry, FundAccount
from mentors.actions import records
from mentors.models import Coordination, Mode, Visit
from pilotwork import clock, exports
from pilotwork.money import to_yuan
from tests.factories import PilotUnitFactory, days_ago
from tests.funds import dues
from tests.journeys import bring, draft
from tests.mentors.five_ones import visit
from tests.people import receive
from tests.reports.workbooks import answer, records_of, sheets_of
from units.actions import suggest

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://x","点我")'


def column(person, heading, name, *args, **query):
    """The values of one column of a list's first sheet."""
    return [row[heading] for row in records_of(sheets_of(person, name, *args, **query)[0])]


def test_the_ledger_has_the_office_s_head_and_sums_of_the_rows_on_screen(county):
    bring(county, "paid", requested="800")
    bring(county, "approved", requested="600")
    title, head, conditions, _, *rows = sheets_of(
        county.leader, "funds:applications", state="approved"
    )[0]
    today = clock.today()
    assert title[0] == "试点工作基金立项申请台账"
    assert head[0] == "制表单位：共青团县委员会"
    assert f"统计截止日期：{today.year}年{today.month}月{today.day}日" in head
    assert conditions[0] == "筛选条件：状态 已立项"
    assert [row[0] for row in rows] == [1, 2, "合计"]
    assert rows[-1][7:10] == [1400, 1400, 800]


def test_filter_and_order_of_the_address_are_those_of_the_ledger(county):
    wanted = draft(county, name="春耕直播")
    for name in ("秋收直播", "文艺汇演"):
        draft(county, name=name)
    names = {"heading": "活动名称", "name": "funds:applications"}
    assert column(county.member, q="直播", **names) == ["秋收直播", "春耕直播"]
    Application.objects.filter(pk=wanted.pk).update(requested_amount=to_yuan("1"))
    by_amount = column(county.member, q="直播", sort="requested_amount", page="2", **names)
    assert by_amount == ["春耕直播", "秋收直播"]


def test_a_ledger_holds_all_pages_of_the_list(county):
    for number in range(23):
        visit(county.unit, days_ago(0), mode=Mode.REMOTE if number else Mode.ON_SITE)
    on_the_phone = sheets_of(
        county.leader, "mentors:visits", mode="remote", per_page="20", page="2"
    )
    assert len(records_of(on_the_phone[0])) == 22


def test_everybody_gets_only_the_rows_he_sees_and_a_draft_is_the_units_own(county):
    draft(county, name="只有本单位看得到")
    visit(county.unit, days_ago(0))
    for person, drafts, visits in [
        (county.member, 1, 1),
        (county.mentor, 0, 1),
        (county.leader, 0, 1),
        (county.neighbour, 0, 0),
        (county.partner, 0, 0),
        (county.stranger, 0, 0),
    ]:
        assert len(column(person, "编号", "funds:applications")) == drafts, person
        assert len(column(person, "走访日期", "mentors:visits")) == visits, person


def test_who_may_not_open_a_list_gets_no_ledger_of_it(county):
    assert answer(county.leader, "funds:account", county.fund.pk).status_code == 200
    assert answer(county.member, "funds:account", county.fund.pk).status_code == 404
    assert answer(county.member, "funds:accounts").status_code == 403
    assert answer(county.approver, "accounts:people").status_code == 403
    assert Client().get(reverse("mentors:visits"), {"format": "xlsx"}).status_code == 302


def test_what_a_user_typed_as_a_formula_stays_a_text(county):
    suggest(by=county.member, text=FORMULA)
    draft(county, name=FORMULA)
    for name, column_number in (("units:suggestions", 5), ("funds:applications", 3)):
        book = load_workbook(io.BytesIO(answer(county.member, name).content))
        cell = book.worksheets[0].cell(4, column_number)
        assert (cell.value, cell.data_type, cell.hyperlink) == (FORMULA, "s", None), name


def test_a_condition_typed_as_a_formula_stays_a_text(county):
    found = sheets_of(county.leader, "funds:applications", q=FORMULA)[0]
    assert found[2][0] == f"筛选条件：查找 {FORMULA}"
    assert found[-1][0] == "没有符合条件的记录"


def test_the_ledger_of_an_account_carries_balances_and_the_chain(county):
    receive(county, "0.10")
    bring(county, "paid", requested="800")
    rows = records_of(sheets_of(county.leader, "funds:account", county.fund.pk)[0])
    entries = Entry.objects.filter(account=county.fund).order_by("-number")
    assert [row["凭单号"] for row in rows] == [str(entry) for entry in entries]
    assert [row["校验码"] for row in rows] == [entry.digest for entry in entries]
    cash = [Decimal(str(row["账面余额（元）"])) for row in rows]
    assert cash == [entry.cash_after for entry in entries]
    sheet = sheets_of(county.leader, "funds:account", county.fund.pk)[0]
    sums = next(row for row in sheet if row[0] == "合计")
    assert Decimal(str(sums[9])) == cash[0] == Decimal("9200.10")


def test_the_ledger_of_dues_lists_units_without_a_record_and_each_refund(county):
    dues.refunded(county)
    year, refunds, _ = sheets_of(county.leader, "funds:dues")
    state = {row["试点单位"]: row["状态"] for row in records_of(year)}
    assert state == {county.branch.name: "已结清", county.other.name: "未登记"}
    (paid,) = records_of(refunds)
    entry = Entry.objects.get(commitment__dues_record__isnull=False, kind="disburse")
    assert (paid["凭单号"], paid["退返金额（元）"]) == (str(entry), -entry.cash)


def test_the_weeks_of_all_units_and_what_the_signs_mean_are_the_second_sheet(county):
    matrix, weeks = sheets_of(county.leader, "mentors:five_ones")
    assert [row["试点单位"] for row in records_of(matrix)] == [
        row["试点单位"] for row in records_of(weeks)
    ]
    assert weeks[-1][0].startswith("注：✓ 已走访")


def test_coordinated_money_is_summed_by_what_came_in(county):
    for amount in ("100", "200"):
        records.coordinate(
            county.unit, by=county.mentor, source="镇政府", amount=to_yuan(amount), on=days_ago(1)
        )
    first = Coordination.objects.earliest("pk")
    records.receive_coordinated(first, by=county.mentor, received_on=days_ago(0))
    total = sheets_of(county.leader, "mentors:coordinations")[0][-1]
    assert (total[5], total[7]) == (300, 100)


def test_the_records_behind_a_figure_stand_at_its_cutoff_and_say_which_do_not_count(county):
    for on in (days_ago(3), days_ago(3), days_ago(1)):
        visit(county.unit, on)
    cutoff, name = days_ago(2), county.branch.name
    sheet = sheets_of(county.leader, "reports:figure", "visits", on=cutoff.isoformat(), q=name)[0]
    assert f"统计截止日期：{cutoff.year}年{cutoff.month}月{cutoff.day}日" in sheet[1]
    assert sheet[2][0] == f"筛选条件：查找 {name}"
    assert [row["说明"] for row in records_of(sheet)] == ["当天已计", None]
    assert sheet[-1][0].startswith("注：共计 1 次。")


def test_the_file_is_named_after_the_ledger_and_the_day(county):
    header = answer(county.leader, "reports:units")["Content-Disposition"]
    assert header.startswith("attachment; filename*=utf-8''")
    assert unquote(header.partition("''")[2]) == f"试点单位台账_{clock.today():%Y%m%d}.xlsx"


def test_a_member_s_ledger_is_made_by_his_own_organisation_a_mentor_s_by_the_committee(county):
    for person, maker in [
        (county.member, county.branch.name),
        (county.mentor, "共青团县委员会"),
        (county.partner, county.office.name),
    ]:
        assert sheets_of(person, "pairings:pairings")[0][1][0] == f"制表单位：{maker}"


def test_a_list_too_long_for_one_file_is_refused_on_its_page_with_the_filter_kept(
    county, monkeypatch
):
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    for _ in range(2):
        visit(county.unit, days_ago(0))
    refused = answer(county.leader, "mentors:visits", mode="on_site", page="3")
    assert refused["Location"] == f"{reverse('mentors:visits')}?mode=on_site"
    client = Client()
    client.force_login(county.leader)
    address = f"{reverse('mentors:visits')}?format=xlsx"
    assert "请先缩小筛选范围" in client.get(address, follow=True).content.decode()


def test_a_filter_filled_in_wrongly_gives_no_ledger_that_speaks_of_it(county):
    account = FundAccount.objects.get(programme=county.programme).pk
    days = {"since": days_ago(1), "until": days_ago(9)}
    refused = answer(county.leader, "funds:account", account, **days)
    assert refused.status_code == 302
    assert "format" not in refused["Location"]
    client = Client()
    client.force_login(county.leader)
    address = f"{refused['Location']}&format=xlsx"
    assert "筛选条件有误，没有导出" in client.get(address, follow=True).content.decode()
    rows = sheets_of(county.leader, "funds:account", account, since=days_ago(9), until=days_ago(1))
    assert rows


def test_an_export_reads_in_parts_and_asks_nothing_for_a_single_row(county, monkeypatch):
    for number in range(3):
        PilotUnitFactory(programme=county.programme, organisation__name=f"单位 {number}")
        visit(county.unit, days_ago(0))
    # Five units in parts of two are three parts, two more than one of a hundred; each part asks for
    # its mentors and its pairs. Visits bring everything with them.
    for name, more in (("reports:units", 2 * 2), ("mentors:visits", 0)):
        whole = queries_of(county.leader, name, monkeypatch, 100)
        assert queries_of(county.leader, name, monkeypatch, 2) == whole + more


def queries_of(person, name, monkeypatch, chunk):
    """How many queries an export takes that reads `chunk` rows at a time."""
    monkeypatch.setattr(exports, "CHUNK", chunk)
    client = Client()
    client.force_login(person)
    counter = Counter()
    with connection.execute_wrapper(counter):
        assert client.get(reverse(name), {"format": "xlsx"}).status_code == 200
    return counter.number


class Counter:
    """Counts the statements that pass."""

    def __init__(self):
        self.number = 0

    def __call__(self, execute, *args):
        self.number += 1
        return execute(*args)


def test_the_page_of_all_ledgers_counts_what_each_holds_and_narrows_to_a_period(county):
    for days in (1, 1, 40):
        visit(county.unit, days_ago(days))
    client = Client()
    client.force_login(county.leader)
    groups = client.get(reverse("reports:ledgers")).context["groups"]
    counts = {line.label: line.count for _, lines in groups for line in lines}
    assert (counts["指导走访"], counts["试点单位"], counts["基金申请"]) == (3, 2, 0)
    since = days_ago(7).isoformat()
    groups = client.get(reverse("reports:ledgers"), {"since": since}).context["groups"]
    (line,) = [line for _, lines in groups for line in lines if line.label == "指导走访"]
    assert (line.count, line.export_url) == (
        2,
        f"{reverse('mentors:visits')}?since={since}&format=xlsx",
    )
    assert len(column(county.leader, "走访日期", "mentors:visits", since=since)) == 2


def test_a_period_that_ends_before_it_begins_is_said_beside_the_field(county):
    client = Client()
    client.force_login(county.leader)
    period = {"since": "2026-05-04", "until": "2026-05-01"}
    page = client.get(reverse("reports:ledgers"), period).content.decode()
    assert "结束日期不能早于开始日期" in page
    assert 'value="2026-05-01"' in page


MEASURE = """
import django
django.setup()
from django.test import Client
from accounts.models import User
client = Client()
client.force_login(User.objects.get(username="leader"))
def export(**query):
    response = client.get("/mentors/visits/", {**query, "format": "xlsx"})
    assert response.status_code == 200, response
    return len(response.content)
def memory(name):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
export(mode="remote")  # no rows: all that a worker has loaded before
open("/proc/self/clear_refs", "w").write("5")  # the peak begins anew
idle = memory("VmRSS")
size = export()
print(memory("VmHWM") - idle, size)
"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_visits_need_at_most_60_mb_above_the_idle_worker(county):
    """Through the whole stack, in a process of its own on the same database."""
    model = visit(county.unit, days_ago(0))
    text = "和车间核对决赛名单，场地已布置。" * 4
    assignment, mentor = model.assignment, model.visitor
    Visit.objects.bulk_create(
        Visit(
            pilot_unit=county.unit,
            assignment=assignment,
            visitor=mentor,
            recorded_by=mentor,
            visited_on=days_ago(number % 300),
            week=model.week,
            progress=text,
            problems=text,
            began_on=model.began_on,
            key=f"{number:032x}",
        )
        for number in range(10_000)
    )
    settings = connection.settings_dict
    url = f"sqlite:///{settings['NAME']}"
    if connection.vendor == "postgresql":
        user = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
        url = f"postgres://{user}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={**os.environ, "DATABASE_URL": url},
    )
    more_kb, size = map(int, done.stdout.split())
    assert size > 300_000
    assert 0 < more_kb < 60 * 1024
