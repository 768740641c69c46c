"""Versions of an application's content as people read them, and what differs between two."""

import datetime as dt
from types import SimpleNamespace

from funds.budget import Budget
from funds.models import Application
from pilotwork.money import to_yuan, yuan

FACT_FIELDS = (
    "purpose",
    "plan",
    "starts_on",
    "ends_on",
    "place",
    "participants",
    "signature_activity",
    "contact",
    "phone",
    "payee_name",
    "payee_bank",
    "payee_account",
)
COMPARED = ("name", *FACT_FIELDS)
DATES = {"starts_on", "ends_on"}


def label(field):
    """The Chinese name of a content field."""
    return Application._meta.get_field(field).verbose_name


def facts(content):
    """The fields of a version for components/facts.html."""
    return [{"label": label(field), "value": words(field, content)} for field in FACT_FIELDS]


def words(field, content):
    """One field of a version as it is read."""
    value = content.get(field) or ""
    if field in DATES and value:
        day = dt.date.fromisoformat(str(value))
        return f"{day.year}年{day.month}月{day.day}日"
    return str(value)


def budget(content):
    """The Budget of a version: lines like BudgetLines, amounts as Decimal yuan."""
    money = ("quantity", "unit_price", "amount", "from_fund")
    rows = [{**line, **{name: to_yuan(line[name]) for name in money}} for line in content["lines"]]
    lines = [SimpleNamespace(**row, own_share=row["amount"] - row["from_fund"]) for row in rows]
    return Budget(lines, to_yuan(content["requested_amount"]))


def differences(before, after):
    """What differs between two versions' contents: [{label, before, after}], empty when nothing.

    Each side is a list of {text, changed}: a budget or a list of files line by line, so that what
    stayed the same does not stand out.
    """
    rows = [(label(field), [words(field, before)], [words(field, after)]) for field in COMPARED]
    rows.append(("经费预算", _budget(before), _budget(after)))
    rows.append(("附件", before["attachments"], after["attachments"]))
    return [
        {"label": name, "before": _marked(old, new), "after": _marked(new, old)}
        for name, old, new in rows
        if old != new
    ]


def _marked(texts, others):
    """The texts, each with whether the other side lacks it; an empty side is said."""
    marked = [{"text": text, "changed": text not in others} for text in texts if text]
    return marked or [{"text": "（空）", "changed": True}]


def _budget(content):
    """The budget as lines of text, so that two can be compared at a glance."""
    return [
        f"{row.item}{'（' + row.note + '）' if row.note else ''} "
        f"{row.quantity.normalize():f} × {yuan(row.unit_price)} = {yuan(row.amount)}，"
        f"基金 {yuan(row.from_fund)}"
        for row in budget(content).lines
    ]
