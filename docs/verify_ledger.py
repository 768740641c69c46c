#!/usr/bin/env python3
"""Check an exported account ledger (收支台账 .xlsx of 试点工作台) without 试点工作台.

    python verify_ledger.py 收支台账.xlsx [--head JJ2026:12:0123456789abcdef] ...

Needs Python 3.11 and openpyxl. For each account in the workbook it recomputes from the sheet 校验数据

* every entry's digest: SHA-256 over {"fields": ..., "previous": digest of the entry before};
* that digests continue from entry to entry, numbers without a gap;
* balances, and each matter's sums, from the entries before;

and that the ledger's own sheet shows the same, sums included. Prints the head of each chain, which
may be compared with a voucher, a frozen report or a backup: `--head` does it, with the digest or the
first 16 digits of it. Exit code 0 when all is right, 1 when something differs (each place is named),
2 when the file is no such ledger.

A ledger that was filtered when it was exported has gaps: they are named, digests are checked all the
same, balances only where entries follow each other. The names of matters are not covered by digests;
they are compared between the two sheets.
"""

import argparse
import datetime as dt
import functools
import hashlib
import json
import re
import sys
from decimal import Decimal, InvalidOperation
from zipfile import BadZipFile
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

ZONE = ZoneInfo("Asia/Shanghai")
KINDS = {
    "receipt": "入账",
    "reserve": "占用",
    "release": "释放",
    "disburse": "拨付",
    "recover": "收回",
    "reverse": "冲销",
}
SUMS = {
    "reserve": "reserved",
    "release": "released",
    "disburse": "disbursed",
    "recover": "recovered",
}
SUMMED = ("可用变动（元）", "账面变动（元）")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class NoLedger(Exception):
    """The file is not an exported account ledger."""


class Table:
    """One sheet: its title, its headings, its rows as {heading: value}, and 合计 if it has one."""

    def __init__(self, sheet):
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        self.name = sheet.title
        self.title = next((row[0] for row in rows[:1] if row), "") or ""
        top = next((n for n, row in enumerate(rows) if row and row[0] == "序号"), None)
        self.headings = [words for words in rows[top] if words] if top is not None else []
        below = rows[top + 1 :] if top is not None else []
        named = [dict(zip(self.headings, row, strict=False)) for row in below]
        self.rows = [row for row in named if row.get("凭单号")]
        self.totals = next((row for row in named if row.get("序号") == "合计"), None)

    def has(self, *headings):
        return set(headings) <= set(self.headings)


class Entry:
    """One entry as the sheet 校验数据 has it."""

    def __init__(self, row):
        self.voucher = str(row["凭单号"])
        self.about = row["事项与摘要"] or ""
        self.fields = json.loads(row["校验内容"])
        self.previous = str(row["上一号校验码"] or "")
        self.digest = str(row["校验码"] or "")
        self.number = self.fields["number"]

    def money(self, name):
        value = self.fields[name]
        return Decimal(0) if value is None else Decimal(value)

    def computed(self):
        text = json.dumps(
            {"fields": self.fields, "previous": self.previous},
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()


def of_entry(report, entry, words):
    """Report that something is wrong with an entry."""
    report(f"{entry.voucher}：{words}")


def check_chain(entries, report):
    """Digests, numbers, balances and sums of an account's entries, in the order of their numbers."""
    before, gaps, sums = None, [], {}
    by_id_number = {entry.number: entry for entry in entries}
    for entry in entries:
        fault = functools.partial(of_entry, report, entry)
        if entry.voucher.rpartition("-")[2] != f"{entry.number:05d}":
            fault("凭单号与校验内容中的序号不同。")
        if entry.digest != entry.computed():
            fault("校验码不符：内容被改动。")
        expected = before.number + 1 if before else 1
        if entry.number < expected:
            fault("序号重复。")
        elif entry.number > expected:
            gaps.append((expected, entry.number - 1))
            sums.clear()
        follows = entry.number == expected
        if follows and entry.previous != (before.digest if before else ""):
            fault("与上一号不衔接。")
        if follows:
            for name in ("available", "cash"):
                right = (before.money(f"{name}_after") if before else 0) + entry.money(name)
                if entry.money(f"{name}_after") != right:
                    fault(f"余额应为 {right}，实为 {entry.money(f'{name}_after')}。")
        if not gaps:
            check_sums(entry, sums, by_id_number, fault)
        before = entry
    return gaps


def check_sums(entry, sums, entries, fault):
    """A matter's running sums: one of them moves by the entry's amount, the others stay."""
    matter = entry.fields["commitment_id"]
    if matter is None:
        return
    kind, amount = entry.fields["kind"], abs(entry.money("cash") or entry.money("available"))
    if kind == "reverse":
        # A payment moves cash alone, a recovery both amounts; their reversals likewise.
        kind, amount = ("recover" if entry.money("available") else "disburse"), -amount
    now = {name: entry.money(f"{name}_after") for name in SUMS.values()}
    right = dict(sums.get(matter, dict.fromkeys(SUMS.values(), Decimal(0))))
    right[SUMS[kind]] += amount
    if now != right:
        fault("事项的累计与之前的分录不符。")
    sums[matter] = now


def shown(entry):
    """What the ledger's own sheet must show of an entry: {heading: value}."""
    fields = entry.fields
    booked = dt.datetime.fromisoformat(fields["booked_at"]).astimezone(ZONE).replace(tzinfo=None)
    return {
        "发生日期": dt.date.fromisoformat(fields["occurred_on"]),
        "类别": KINDS.get(fields["kind"], fields["kind"]),
        "对方户名": fields["counterparty"],
        "票据或凭证号": fields["reference"],
        "可用变动（元）": entry.money("available") or None,
        "可用余额（元）": entry.money("available_after"),
        "账面变动（元）": entry.money("cash") or None,
        "账面余额（元）": entry.money("cash_after"),
        "经办人": fields["by_name"],
        "记账时间": booked,
        "校验码": entry.digest,
    }


def same(cell, value):
    """Whether a cell shows a value; moments to the second, as Excel keeps them."""
    if isinstance(value, dt.datetime):
        return isinstance(cell, dt.datetime) and abs(cell - value) <= dt.timedelta(seconds=1)
    if isinstance(value, dt.date):
        return isinstance(cell, dt.datetime) and cell.date() == value
    if isinstance(value, Decimal):
        return is_amount(cell, value)
    if value is None or not isinstance(cell, str | None):
        return cell in (None, value)
    written = CONTROL.sub("", (value or "").replace("\r\n", "\n").replace("\r", "\n"))
    return (cell or "").replace("_x005F_", "_") == written


def is_amount(cell, value):
    try:
        return cell is not None and round(Decimal(str(cell)), 2) == value
    except InvalidOperation:
        return False


def check_shown(table, entries, report):
    """The ledger's own sheet shows what the entries say, each once, and adds up."""
    rows = {}
    for row in table.rows:
        if str(row["凭单号"]) in rows:
            report(f"{row['凭单号']}：在“{table.name}”中有两行。")
        rows[str(row["凭单号"])] = row
    for entry in entries:
        row = rows.pop(entry.voucher, None)
        if row is None:
            report(f"{entry.voucher}：不在“{table.name}”中。")
            continue
        for heading, value in shown(entry).items():
            if heading in row and not same(row[heading], value):
                report(f"{entry.voucher}：“{heading}”显示为 {row[heading]}，应为 {value}。")
        about = row.get("事项与摘要") or ""
        memo = CONTROL.sub("", entry.fields["memo"])
        if about != entry.about or memo not in about.replace("_x005F_", "_"):
            report(f"{entry.voucher}：“事项与摘要”显示为“{about}”，与校验数据不同。")
    for voucher in rows:
        report(f"{voucher}：没有校验数据。")
    for heading in SUMMED:
        name = {"可用变动（元）": "available", "账面变动（元）": "cash"}[heading]
        total = sum((entry.money(name) for entry in entries), Decimal(0))
        if table.totals is not None and not is_amount(table.totals.get(heading), total):
            report(f"合计：“{heading}”显示为 {table.totals.get(heading)}，应为 {total}。")


def check_heads(heads, accounts, report):
    """The heads that were given on the command line, against the entries."""
    for text in heads:
        code, number, digest = (text.rsplit(":", 2) + ["", ""])[:3]
        digest = "".join(digest.split()).lower()
        entry = next(
            (e for e in accounts.get(code, []) if str(e.number) == number.lstrip("0")), None
        )
        if len(digest) < 16:
            report(f"{text}：校验码至少要 16 位。")
        elif entry is None:
            report(f"{text}：文件中没有这一号。")
        elif not entry.digest.startswith(digest):
            report(f"{entry.voucher}：校验码为 {entry.digest}，与 {digest} 不符。")


def read(path):
    """[(ledger's Table, [Entry] by number)] of a workbook; raises NoLedger."""
    try:
        workbook = load_workbook(path, data_only=True)
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise NoLedger(f"读不出来：{error}") from None
    tables = [Table(sheet) for sheet in workbook.worksheets]
    ledgers = [t for t in tables if t.has("凭单号", "校验码", "账面余额（元）")]
    proofs = [
        t for t in tables if t.has("凭单号", "校验内容", "事项与摘要", "上一号校验码", "校验码")
    ]
    if not ledgers or len(ledgers) != len(proofs):
        raise NoLedger("不是带“校验数据”的收支台账。")
    return list(zip(ledgers, proofs, strict=True))


def entries_of(proofs, report):
    """The Entries of a sheet 校验数据 by number; what cannot be read is reported."""
    entries = []
    for row in proofs.rows:
        try:
            entry = Entry(row)
            shown(entry)
            if not isinstance(entry.number, int):
                raise ValueError
            entries.append(entry)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            report(f"{row['凭单号']}：校验内容读不出来。")
    return sorted(entries, key=lambda entry: entry.number)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="核对试点工作台导出的收支台账。")
    parser.add_argument("file")
    parser.add_argument("--head", action="append", default=[], metavar="CODE:NUMBER:DIGEST")
    options = parser.parse_args(arguments)
    faults, accounts = [], {}
    try:
        books = read(options.file)
    except NoLedger as error:
        print(f"{options.file}：{error}", file=sys.stderr)
        return 2
    for ledger, proofs in books:
        entries = entries_of(proofs, faults.append)
        gaps = check_chain(entries, faults.append)
        check_shown(ledger, entries, faults.append)
        for first, last in gaps:
            print(f"{ledger.title}：第 {first} 号至第 {last} 号不在文件中。")
        if entries:
            head = entries[-1]
            accounts[head.voucher.rpartition("-")[0]] = entries
            print(f"{ledger.title}：{len(entries)} 条分录，链首 {head.voucher} {head.digest}")
    check_heads(options.head, accounts, faults.append)
    for words in faults:
        print(words)
    print(f"共 {len(faults)} 处不符。" if faults else "全部一致。")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
