"""The printed forms of applications and entries, and which opinion belongs into which cell.

A matter may have been returned and handed in again: only what was said about the version that is
now on the table is printed, earlier opinions stay in the log.
"""

from django.db.models import Prefetch
from django.urls import reverse

from accounts.models import Act
from funds.budget import budget_of
from funds.entry_list import PRINTABLE
from funds.models import CarryOver, ChangeState, Closure, EntryKind, State
from funds.models.ledger import Sums
from pilotwork import clock
from pilotwork.money import to_yuan, yuan
from pilotwork.paper.prints import Paper
from pilotwork.templatetags.pilotwork import capitals, cn_full_date

DECISIONS = {
    Act.REVIEW: ("review", "send_back", "reject"),
    Act.APPROVE: ("approve", "send_back", "reject"),
}
CLOSURE_DECISIONS = {
    Act.REVIEW: ("review_closure", "send_back_closure"),
    Act.APPROVE: ("close", "send_back_closure"),
}


def with_all_printed(applications):
    """Applications (a queryset) with all that their forms print but their logs, in few queries."""
    closures = Closure.objects.select_related("filed_by").prefetch_related("expenses")
    return applications.prefetch_related("budget_lines", "changes", Prefetch("closures", closures))


def keep_sums(applications, entries):
    """Let each application keep the sums of its commitment; `entries` (in order) hold all of theirs."""
    last = {entry.commitment_id: entry for entry in entries}
    for application in applications:
        application.__dict__["_sums"] = Sums(last.get(application.commitment_id))


def _form_context(application):
    """What both forms of an application print: its budget and the head of its log's chain."""
    return {
        "application": application,
        "budget": budget_of(application, application.budget_lines.all()),
        "chain_head": application.log[-1].digest if application.log else "",
        "back_url": reverse("funds:application", args=[application.pk]),
    }


def approval_form(application):
    """《试点工作基金立项审批表》 with every opinion in its cell and room to sign and seal."""
    opinions = approval_opinions(application)
    approval = opinions["approval"]
    amount = approval and approval.details.get("amount")
    context = _form_context(application) | {
        "opinions": opinions,
        "approved": f"核定金额：¥{yuan(amount)}　{capitals(amount)}" if amount else "",
        "later": after_approval(application),
        "is_draft": application.state == State.DRAFT,
    }
    return Paper("funds/print_approval_form.html", context)


def closure_form(application):
    """结项表: the report, the spending by budget line, the vouchers and the balance.

    None where no closure is filed.
    """
    closure = application.active_closure
    if closure is None:
        return None
    context = _form_context(application)
    context |= {
        "closure": closure,
        "spending": spending_by_item(closure, context["budget"].lines),
        "opinions": closure_opinions(application),
    }
    return Paper("funds/print_closure_form.html", context)


def voucher_title(entry):
    """What the voucher of an entry that moves money is called."""
    if entry.reverses:
        return "冲销凭单"
    return entry.owner.voucher_title if entry.kind == EntryKind.DISBURSE else "收款凭单"


def voucher(entry):
    """收款凭单, 冲销凭单 or, titled as the matter says, the voucher of what was paid.

    None for a reservation, which moves no money.
    """
    if entry.kind not in PRINTABLE:
        return None
    matter = entry.owner
    context = {
        "entry": entry,
        "matter": matter,
        "title": voucher_title(entry),
        "reversal": getattr(entry, "reversed_by", None),
        "deciders": deciders_of(matter, entry) if entry.commitment_id else None,
        "is_payment": entry.kind == EntryKind.DISBURSE,
        # From one fund of the county into its next: nobody outside signs for it.
        "is_internal": isinstance(matter, CarryOver),
        "back_url": reverse(matter.page_name, args=[matter.pk])
        if matter
        else reverse("funds:account", args=[entry.account_id]),
    }
    return Paper("funds/print_voucher.html", context)


def since_reaching(log, state):
    """The rows after the matter last came into `state`; none when it never was there."""
    rows = []
    reached = False
    for row in log:
        if row.target == state and row.source != state:
            rows, reached = [], True
        elif reached:
            rows.append(row)
    return rows


def last_of(rows, *verbs, act=None):
    """The last of `rows` by one of `verbs` (and of that act), or None."""
    found = [row for row in rows if row.verb in verbs and act in {None, row.act}]
    return found[-1] if found else None


def approval_opinions(application):
    """The log rows printed in the approval form's cells, by name; None where there is none yet."""
    log = application.log
    # Handed in again straight to the approver, the review of the round before still holds.
    review = last_of(since_reaching(log, State.SUBMITTED), *DECISIONS[Act.REVIEW], act=Act.REVIEW)
    approval = last_of(
        since_reaching(log, State.REVIEWED), *DECISIONS[Act.APPROVE], act=Act.APPROVE
    )
    return {
        "superior": last_of(log, "superior_opinion"),
        "mentor": last_of(log, "mentor_opinion"),
        "review": review,
        "approval": approval,
    }


def _money_of(row, key):
    return f"¥{yuan(to_yuan(row.details[key]))}"


# What the county did to its approval later, in the words of the form.
LATER = {
    "reduce": lambda row: f"核减为 {_money_of(row, 'amount')}",
    "revoke": lambda row: f"撤销立项，释放 {_money_of(row, 'released')}",
    "terminate": lambda row: (
        f"终止项目，应退 {_money_of(row, 'due_back')}，释放 {_money_of(row, 'released')}"
    ),
    "reopen": lambda row: "重新办理",
}


def after_approval(application):
    """What changed since the approval that the form prints: sentences, oldest first.

    The approver's words stand over the amount and the content that he approved; without these lines
    the paper would put other figures under them.
    """
    said = [
        (
            row.at,
            f"{cn_full_date(clock.local(row.at))} {LATER[row.verb](row)}"
            f"（{row.by_name}：{row.opinion}）",
        )
        for row in application.log
        if row.verb in LATER
    ]
    said += [
        (
            change.state_since,
            f"{cn_full_date(clock.local(change.state_since))} 批准变更：{change.reason}"
            "（本表为变更后的内容，原内容存档可查）",
        )
        for change in application.changes.all()
        if change.state == ChangeState.APPROVED
    ]
    return [words for _, words in sorted(said)]


def closure_opinions(application):
    """The log rows on the closure in force, by name; None where there is none yet."""
    log = since_reaching(application.log, State.CLOSING)
    # What the approver has taken back by opening the matter again is not printed for signature.
    after_reopening = log
    for number, row in enumerate(log):
        if row.verb == "reopen":
            after_reopening = log[number + 1 :]
    return {
        "review": last_of(log, *CLOSURE_DECISIONS[Act.REVIEW], act=Act.REVIEW),
        "approval": last_of(after_reopening, *CLOSURE_DECISIONS[Act.APPROVE], act=Act.APPROVE),
        "waiver": last_of(log, "waive"),
    }


def deciders_of(matter, entry):
    """Who reviewed and who approved what the payment or recovery `entry` rests on: log rows.

    `matter` is the owner of the entry's commitment and says which verbs those are.
    """
    before = [row for row in matter.log if row.at <= entry.booked_at]
    return {name: last_of(before, *verbs) for name, verbs in matter.voucher_deciders.items()}


def spending_by_item(closure, budget_lines):
    """One row for each budget item, also where two lines have its name: planned and actual, in all
    and from the fund; yuan.

    Returns dicts with item, planned, planned_fund, spent, spent_fund; items that are no longer in
    the budget come last.
    """
    rows = {}
    for line in budget_lines:
        nothing = {"item": line.item, "planned": 0, "planned_fund": 0, "spent": 0, "spent_fund": 0}
        row = rows.setdefault(line.item, nothing)
        row["planned"] += line.amount
        row["planned_fund"] += line.from_fund
    for expense in closure.expenses.all():
        row = rows.setdefault(expense.item, {"item": expense.item, "spent": 0, "spent_fund": 0})
        row["spent"] += expense.amount
        row["spent_fund"] += expense.from_fund
    return list(rows.values())
