"""Bring an application into any situation through the verbs that people use."""

import datetime as dt

from funds.actions import applications, changes, closures, drafts, payments
from funds.models import Application
from pilotwork import clock
from pilotwork.money import to_yuan
from tests.people import BEGAN

REQUESTED = to_yuan("800")
FIRST_INSTALMENT = to_yuan("300")
SPENT = to_yuan("200")
OPINION = "意见。"


def line(item, quantity, unit_price, from_fund):
    """One typed budget line; amounts as text in yuan."""
    amounts = (to_yuan(quantity), to_yuan(unit_price), to_yuan(from_fund))
    keys = ("quantity", "unit_price", "from_fund")
    return {"item": item, "note": "", **dict(zip(keys, amounts, strict=True))}


def lines_for(requested):
    """A budget of which the fund bears `requested` yuan and the unit 100."""
    return [line("展板", "2", "50", "0"), line("讲师", "1", str(requested), str(requested))]


def content_of(unit, **changed):
    """Complete content of an application of `unit`."""
    organisation = unit.organisation
    return {
        "name": "林下经济青年课堂",
        "purpose": "让青年社员学会林下种植。",
        "plan": "三次课，一次现场实习。",
        "starts_on": clock.today() - dt.timedelta(days=1),
        "ends_on": clock.today() + dt.timedelta(days=1),
        "place": "合作社林地",
        "participants": "青年社员 30 人",
        "contact": "郑",
        "phone": "022-0000 0000",
        "payee_name": organisation.payee_name,
        "payee_bank": organisation.payee_bank,
        "payee_account": organisation.payee_account,
    } | changed


def draft(county, requested=REQUESTED, *, unit=None, by=None, **changed):
    """A draft of `unit` (default the county's) that asks for `requested` yuan, begun days ago."""
    unit = unit or county.unit
    content = content_of(unit, **changed)
    with clock.at(clock.now() - dt.timedelta(days=BEGAN)):
        return drafts.save_draft(
            Application(pilot_unit=unit),
            by=by or county.member,
            content=content,
            lines=lines_for(requested),
        )


def pay(county, application, amount, by=None, **changed):
    """Pay `amount` yuan today, as another payment of that amount if need be; returns the entry."""
    arguments = {"occurred_on": clock.today(), "method": "银行转账", "is_another": True} | changed
    return payments.pay(application, by=by or county.cashier, amount=to_yuan(amount), **arguments)


def recover(county, application, amount, **changed):
    """Recover `amount` yuan today, as another recovery of that amount if need be; the entry."""
    arguments = {"occurred_on": clock.today(), "method": "银行转账", "is_another": True} | changed
    return payments.recover(application, by=county.cashier, amount=to_yuan(amount), **arguments)


def expense(application, amount=SPENT, from_fund=None, invoice_number="", invoice_code=""):
    """One typed voucher under the second budget line."""
    return {
        "budget_line": application.budget_lines.last(),
        "note": "讲课费",
        "amount": to_yuan(amount),
        "from_fund": to_yuan(amount if from_fund is None else from_fund),
        "invoice_code": invoice_code,
        "invoice_number": invoice_number,
    }


def file_closure(county, application, *expenses, by=None):
    """File a closure with the given vouchers (default one of 200 yuan without number)."""
    return closures.file_closure(
        application,
        by=by or county.member,
        report="三次课全部完成。",
        document_count=1,
        expenses=list(expenses) or [expense(application)],
    )


STEPS = {
    "submit": lambda c, a: applications.submit(a, by=c.member),
    "withdraw": lambda c, a: applications.withdraw(a, by=c.member),
    "review": lambda c, a: applications.review(a, by=c.reviewer, opinion=OPINION),
    "send_back": lambda c, a: applications.send_back(a, by=c.reviewer, opinion=OPINION),
    "return": lambda c, a: applications.send_back(a, by=c.approver, opinion=OPINION),
    "resubmit": lambda c, a: applications.resubmit(a, by=c.member),
    "reject": lambda c, a: applications.reject(a, by=c.approver, opinion=OPINION),
    "turn_down": lambda c, a: applications.reject(a, by=c.reviewer, opinion=OPINION),
    "approve": lambda c, a: applications.approve(
        a, by=c.approver, amount=a.requested_amount, opinion=OPINION
    ),
    "revoke": lambda c, a: applications.revoke(a, by=c.approver, opinion=OPINION),
    "terminate": lambda c, a: applications.terminate(
        a, by=c.approver, due_back=to_yuan("100"), opinion=OPINION
    ),
    "pay_part": lambda c, a: pay(c, a, FIRST_INSTALMENT),
    "pay_rest": lambda c, a: pay(c, a, a.sums.unpaid),
    "file_closure": lambda c, a: file_closure(c, a),
    "review_closure": lambda c, a: closures.review_closure(a, by=c.reviewer, opinion=OPINION),
    "return_closure": lambda c, a: closures.send_back_closure(a, by=c.reviewer, opinion=OPINION),
    "recover_part": lambda c, a: recover(c, a, "40"),
    "recover_rest": lambda c, a: recover(c, a, a.balance_due),
    "close": lambda c, a: closures.close(a, by=c.approver, opinion=OPINION),
    "reopen": lambda c, a: applications.reopen(a, by=c.approver, opinion=OPINION),
    "waive": lambda c, a: payments.waive(a, by=c.approver, opinion=OPINION),
}
_APPROVED = ["submit", "review", "approve"]
_PART_PAID = [*_APPROVED, "pay_part"]
_FILED = [*_PART_PAID, "file_closure"]
_SETTLED = [*_FILED, "review_closure", "recover_rest"]
# Situation: the steps that lead there from a draft. A payment is 300 of 800, a closure spends 200.
SITUATIONS = {
    "draft": [],
    "submitted": ["submit"],
    "reviewed": ["submit", "review"],
    "returned": ["submit", "send_back"],
    "approved": _APPROVED,
    "partly_paid": _PART_PAID,
    "paid": [*_PART_PAID, "pay_rest"],
    "closing": [*_FILED, "recover_part"],
    "closing_settled": [*_FILED, "recover_rest"],
    "closure_reviewed": [*_FILED, "review_closure", "recover_part"],
    "closure_settled": _SETTLED,
    "closed": [*_SETTLED, "close"],
    "rejected": ["submit", "review", "reject"],
    "withdrawn": ["submit", "withdraw"],
    "revoked": [*_APPROVED, "revoke"],
    "terminated": [*_PART_PAID, "terminate"],
    "terminated_settled": [*_PART_PAID, "terminate", "recover_rest"],
}


def fresh(application):
    """The application as the database has it now, with nothing remembered."""
    return Application.objects.get(pk=application.pk)


def bring(county, situation, requested=REQUESTED):
    """A new application in `situation`, a key of SITUATIONS, as the database has it."""
    return go_on(county, draft(county, requested), *SITUATIONS[situation])


def go_on(county, application, *steps):
    """Take `steps`, keys of STEPS, one after another; returns the fresh application."""
    application = fresh(application)
    for step in steps:
        STEPS[step](county, application)
        application = fresh(application)
    return application


def file_change(county, application, **changed):
    """Ask for other content of an approved application; returns the Change."""
    typed = {field: getattr(application, field) for field in changes.CHANGEABLE}
    return changes.file_change(
        application,
        by=county.member,
        reason="天气原因。",
        content=typed | (changed or {"place": "镇文化站"}),
        lines=[
            {
                "item": row.item,
                "note": row.note,
                "quantity": row.quantity,
                "unit_price": row.unit_price,
                "from_fund": row.from_fund,
            }
            for row in application.budget_lines.all()
        ],
    )
