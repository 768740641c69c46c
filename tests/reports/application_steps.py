"""What may happen next to an application in a random history, by the name of the transition."""

from funds.actions import applications, closures, payments
from funds.models import Entry, EntryKind
from pilotwork.money import to_yuan
from tests import journeys
from tests.reports.picks import pick

OPINION = "意见。"


def _pay(history, application, number):
    unpaid = application.sums.unpaid
    amount = unpaid if number % 2 else max(unpaid / 2, to_yuan("0.01")).quantize(to_yuan("0.01"))
    journeys.pay(history.county, application, str(amount))


def _reverse(history, application, number):
    entries = Entry.objects.reversible().filter(commitment=application.commitment)
    entry = pick(entries.exclude(kind=EntryKind.RECEIPT), number)
    if entry:
        by = history.county.cashier
        payments.reverse(application, by=by, entry=entry, opinion=OPINION)


def _file_closure(history, application, number):
    spent = journeys.expense(application, amount=str(1 + number % 150))
    by = history.member_of(application.pilot_unit)
    journeys.file_closure(history.county, application, spent, by=by)


def _reduce(history, application, number):
    amount = application.approved_amount - to_yuan(str(1 + number % 200))
    applications.reduce(application, by=history.county.approver, amount=amount, opinion=OPINION)


def _approve(history, application, number):
    amount = application.requested_amount - to_yuan(str(number % 100))
    applications.approve(application, by=history.county.approver, amount=amount, opinion=OPINION)


def _terminate(history, application, number):
    sums = application.sums
    due_back = sums.disbursed if number % 2 else sums.recovered
    applications.terminate(
        application, by=history.county.approver, due_back=due_back, opinion=OPINION
    )


def _by_member(verb):
    return lambda h, application, n: verb(application, by=h.member_of(application.pilot_unit))


def _by(duty, verb):
    """A step of the person with that duty."""
    return lambda h, application, n: verb(application, by=getattr(h.county, duty), opinion=OPINION)


def _by_stage(verb, state):
    """As the reviewer in `state`, else as the approver."""

    def step(history, application, number):
        is_review = application.state == state
        who = history.county.reviewer if is_review else history.county.approver
        return verb(application, by=who, opinion=OPINION)

    return step


# The ways of an application to its end, and back.
FORWARD = (
    "submit",
    "resubmit",
    "review",
    "approve",
    "reduce",
    "pay",
    "file_closure",
    "terminate",
    "review_closure",
    "recover",
    "close",
    "reopen",
)
# What may come next of an application, by the name of the transition.
STEPS = {
    "submit": _by_member(applications.submit),
    "resubmit": _by_member(applications.resubmit),
    "withdraw": _by_member(applications.withdraw),
    "review": _by("reviewer", applications.review),
    "approve": _approve,
    "send_back": _by_stage(applications.send_back, "submitted"),
    "reject": _by_stage(applications.reject, "submitted"),
    "pay": _pay,
    "reduce": _reduce,
    "revoke": _by("approver", applications.revoke),
    "terminate": _terminate,
    "file_closure": _file_closure,
    "review_closure": _by("reviewer", closures.review_closure),
    "send_back_closure": _by_stage(closures.send_back_closure, "closing"),
    "recover": lambda h, a, n: journeys.recover(h.county, a, str(a.balance_due)),
    "waive": _by("approver", payments.waive),
    "close": _by("approver", closures.close),
    "reverse": _reverse,
    "reopen": _by("approver", applications.reopen),
}
