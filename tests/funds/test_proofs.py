"""The exported ledger proves itself: docs/verify_ledger.py recomputes it without the application."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook

from funds.actions import ledger, payments
from funds.models import Entry, Source
from pilotwork import clock
from pilotwork.money import to_yuan
from tests.journeys import bring, fresh, go_on, pay

SCRIPT = Path(settings.BASE_DIR) / "docs" / "verify_ledger.py"
SHEET, PROOF = 0, 1

pytestmark = pytest.mark.long


def verified(path, *arguments):
    """(what the script prints as lines, its exit code)."""
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr).splitlines(), done.returncode


@pytest.fixture
def exported(client, county, tmp_path):
    """A function that exports the fund's ledger, narrowed by a query, and returns the path."""
    application = bring(county, "partly_paid")
    wrong = pay(county, application, "100")
    payments.reverse(fresh(application), by=county.cashier, entry=wrong, opinion="重复。")
    go_on(county, application, "file_closure", "review_closure", "recover_rest", "close")
    receipt = ledger.receive(
        county.fund,
        by=county.cashier,
        amount=to_yuan("50.05"),
        source=Source.DONATION,
        occurred_on=clock.today(),
        counterparty="=1+1",
        reference="SJ_x0041_7",
        memo="_x0041_“引号”\u200b\\",
    )
    ledger.reverse_receipt(receipt, by=county.cashier, reason="记错。")
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")

    def export(query=""):
        answer = client.get(f"/funds/accounts/{county.fund.pk}/?format=xlsx{query}")
        path = tmp_path / "台账.xlsx"
        path.write_bytes(answer.content)
        return path

    return export


def row_of(sheet, voucher):
    return next(row for row in sheet.iter_rows() if voucher in {cell.value for cell in row})


def changed(path, sheet, voucher, column, value):
    """Change one cell of the workbook in the row of that voucher (or 合计)."""
    book = load_workbook(path)
    row_of(book.worksheets[sheet], voucher)[column].value = value
    book.save(path)


def test_a_real_export_is_right_and_the_script_prints_its_head(exported, county):
    last = Entry.objects.filter(account=county.fund).order_by("-number").first()
    first = Entry.objects.get(account=county.fund, number=1)
    head = f"{county.fund.code}:1:{first.digest[:16]}"
    lines, code = verified(exported(), "--head", head)
    assert code == 0, lines
    assert lines == [
        f"{county.fund}收支台账：{last.number} 条分录，链首 {last.voucher_number} {last.digest}",
        "全部一致。",
    ]


@pytest.mark.parametrize(
    ("sheet", "column", "value"),
    [
        (SHEET, 2, "2020年1月1日"),
        (SHEET, 3, "入账"),
        (SHEET, 4, "另一个用途"),
        (SHEET, 5, "另一个单位"),
        (SHEET, 6, "SJ-999"),
        (SHEET, 7, 1),
        (SHEET, 8, 1.01),
        (SHEET, 9, -301),
        (SHEET, 10, 1),
        (SHEET, 11, "另一个人"),
        (SHEET, 12, None),
        (SHEET, 13, "0" * 64),
        (PROOF, 2, "{}"),
        (PROOF, 3, "另一个用途"),
        (PROOF, 4, "0" * 64),
        (PROOF, 5, "0" * 64),
    ],
)
def test_one_changed_cell_is_found_and_its_entry_named(exported, county, sheet, column, value):
    path, voucher = exported(), f"{county.fund.code}-00003"
    changed(path, sheet, voucher, column, value)
    lines, code = verified(path)
    assert code == 1
    assert any(line.startswith(f"{voucher}：") for line in lines), lines


def test_an_amount_changed_in_both_sheets_is_found_by_the_digest(exported, county):
    path, voucher = exported(), f"{county.fund.code}-00001"
    book = load_workbook(path)
    cell = row_of(book.worksheets[PROOF], voucher)[2]
    cell.value = cell.value.replace('"counterparty":"', '"counterparty":"伪')
    payer = row_of(book.worksheets[SHEET], voucher)[5]
    payer.value = f"伪{payer.value or ''}"
    book.save(path)
    lines, code = verified(path)
    assert code == 1
    assert f"{voucher}：校验码不符：内容被改动。" in lines
    assert len(lines) == 3


def test_a_row_taken_out_a_wrong_sum_and_another_head_are_found(exported, county):
    path = exported()
    changed(path, SHEET, "合计", 7, 1)
    lines, code = verified(path, "--head", f"{county.fund.code}:2:{'0' * 16}")
    assert code == 1
    assert any(line.startswith("合计：“可用变动（元）”显示为 1") for line in lines)
    assert any(line.startswith(f"{county.fund.code}-00002：校验码为 ") for line in lines)
    path = exported()
    book = load_workbook(path)
    for sheet in book.worksheets:
        sheet.delete_rows(row_of(sheet, f"{county.fund.code}-00004")[0].row)
    book.save(path)
    lines, code = verified(path)
    assert code == 1, "the sums no longer fit"
    assert f"{county.fund}收支台账：第 4 号至第 4 号不在文件中。" in lines


def test_a_filtered_ledger_says_what_it_lacks_and_proves_what_it_has(exported, county):
    lines, code = verified(exported("&kind=receipt"))
    assert code == 0, lines
    assert any("不在文件中" in line for line in lines)


def test_another_workbook_is_refused(client, county, tmp_path):
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    path = tmp_path / "other.xlsx"
    path.write_bytes(client.get("/funds/accounts/?format=xlsx").content)
    assert verified(path)[1] == 2
    path.write_bytes(b"no workbook")
    assert verified(path)[1] == 2
