"""Everything the page of an application shows, read in as few queries as it takes.

What the rules and the verbs' forms ask later (log, sums, closure in force, open change) is put in
its place on the application, so that nothing is read twice.
"""

import dataclasses
import itertools

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Q, Subquery

from accounts.models import TransitionLog
from funds.models import (
    Application,
    ApplicationVersion,
    Change,
    Closure,
    Entry,
    EntryKind,
    Expense,
)
from funds.models.change import OPEN
from funds.models.content import AttachmentPurpose
from funds.models.ledger import Sums
from funds.models.states import PENDING
from funds.snapshots import differences
from pilotwork.history import last_change_of
from pilotwork.money import ZERO

MONEY_MOVED = (EntryKind.DISBURSE, EntryKind.RECOVER, EntryKind.REVERSE)


def with_facts(applications):
    """Annotate `fund_available` (yuan, None before any entry), `version_count` (or None), and what
    `pilotwork.history.last_change` says, so that it asks nothing more.
    """
    account = OuterRef("pilot_unit__programme__fund_account")
    entries = Entry.objects.filter(account=account).order_by("-number")
    versions = ApplicationVersion.objects.filter(application=OuterRef("pk")).order_by("-number")
    return applications.select_related("signature_activity").annotate(
        fund_available=Subquery(entries.values("available_after")[:1]),
        version_count=Subquery(versions.values("number")[:1]),
        last_change_then=last_change_of(Application, OuterRef("pk")),
    )


@dataclasses.dataclass
class Dossier:
    """What is on file beside the application's own row.

    `events` are the log rows of the application and of its changes in order of time; `changes` is
    [{pk, reason, row}] with the last log row of each; `payments` are the entries that moved money.
    """

    lines: list
    attachments: dict
    events: list
    changes: list
    payments: list
    closure: Closure | None
    expenses: list
    differences: list


def read(application, user):
    """Read the Dossier of `application` (annotated `with_facts`) for the page of `user`."""
    application.viewer_id = user.pk
    events = _events(application)
    _keep_log(application, events)
    changes = _changes(application, events)
    application.__dict__["_has_open_change"] = any(c["row"].target in OPEN for c in changes)
    entries = _entries(application)
    application.__dict__["_sums"] = Sums(entries[-1] if entries else None)
    expenses = _expenses(application)
    return Dossier(
        lines=list(application.budget_lines.all()),
        attachments=_attachments(application, user),
        events=events,
        changes=changes,
        payments=[entry for entry in entries if entry.kind in MONEY_MOVED],
        closure=application.active_closure,
        expenses=expenses,
        differences=_since_last_submission(application),
    )


def _events(application):
    kinds = ContentType.objects.get_for_models(Application, Change)
    changes = Change.objects.filter(application=application).values("pk")
    rows = TransitionLog.objects.filter(
        Q(content_type=kinds[Application], object_id=application.pk)
        | Q(content_type=kinds[Change], object_id__in=changes)
    )
    return list(rows.order_by("at", "id"))


def _keep_log(application, events):
    kind = ContentType.objects.get_for_model(Application).pk
    own = [row for row in events if row.content_type_id == kind]
    application.__dict__["log"] = sorted(own, key=lambda row: row.number)


def _changes(application, events):
    kind = ContentType.objects.get_for_model(Change).pk
    rows = sorted(
        (row for row in events if row.content_type_id == kind),
        key=lambda row: (row.object_id, row.number),
    )
    changes = []
    for pk, group in itertools.groupby(rows, key=lambda row: row.object_id):
        history = list(group)
        changes.append({"pk": pk, "reason": history[0].opinion, "row": history[-1]})
    return changes


def _entries(application):
    """The commitment's entries in order, each knowing what reverses it."""
    if application.commitment_id is None:
        return []
    entries = Entry.objects.filter(commitment=application.commitment_id)
    return list(entries.select_related("account", "reversed_by", "reverses").order_by("number"))


def _expenses(application):
    """The vouchers of the closure in force, which is kept on the application."""
    if all(row.verb != "file_closure" for row in application.log):
        application.__dict__["_closure"] = None
        return []
    vouchers = Expense.objects.filter(closure__application=application, closure__is_active=True)
    rows = list(vouchers.select_related("closure").order_by("id"))
    if rows:
        application.__dict__["_closure"] = rows[0].closure
    return rows


def _attachments(application, user):
    """The files by purpose: {purpose: [files]}; removed ones only for the county."""
    files = (
        application.attachments.all()
        if user.is_county
        else application.attachments.filter(removed_at=None)
    )
    grouped = {purpose: [] for purpose in AttachmentPurpose.values}
    for file in files:
        grouped[file.purpose].append(file)
    return grouped


def _since_last_submission(application):
    """What the unit changed since the version before, while it waits for a decision."""
    if application.state not in PENDING or (application.version_count or 0) < 2:
        return []
    versions = ApplicationVersion.objects.filter(application=application).order_by("-number")
    after, before = versions[:2]
    return differences(before.content, after.content)


def by_line(lines, expenses):
    """Planned and spent by budget line: [{line, planned, planned_fund, spent, spent_fund}]; yuan."""
    rows = {
        line.pk: {"line": line, "spent": ZERO, "spent_fund": ZERO, "item": line.item}
        for line in lines
    }
    for expense in expenses:
        # A line that a later change took out of the budget keeps its name in the voucher.
        missing = {"line": None, "spent": ZERO, "spent_fund": ZERO, "item": expense.item}
        row = rows.setdefault(expense.budget_line_id or expense.item, missing)
        row["spent"] += expense.amount
        row["spent_fund"] += expense.from_fund
    return list(rows.values())
