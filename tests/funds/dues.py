"""Dues for tests: recorded and brought into a situation through the verbs that people use."""

import datetime as dt

from funds.actions import dues, dues_refunds, dues_uses
from funds.models import DuesMethod, DuesRecord
from pilotwork import clock
from pilotwork.money import to_yuan
from tests.people import BEGAN

OPINION = "意见。"
PAYABLE = to_yuan("800")


def this_year():
    """The year whose dues the tests are about: that in which a record is begun."""
    return (clock.today() - dt.timedelta(days=BEGAN)).year


def fresh(record):
    """The record as the database has it now, with nothing remembered."""
    return DuesRecord.objects.get(pk=record.pk)


def begin(county, *, unit=None, by=None, **figures):
    """A record of `unit` (default the county's) of 800 yuan, begun days ago."""
    figures = {"year": this_year(), "payable": PAYABLE} | figures
    with clock.at(clock.now() - dt.timedelta(days=BEGAN)):
        return dues.record_dues(unit or county.unit, by=by or county.cashier, **figures)


def collect(county, record, amount, number=None, **changed):
    """Pay `amount` yuan in today, with a receipt number of its own; returns the entry."""
    arguments = {"by": county.cashier, "occurred_on": clock.today()} | changed
    number = number or f"TF-{record.pk}-{record.payments.count() + 1}"
    return dues.collect(record, amount=to_yuan(amount), receipt_number=number, **arguments)


def confirm(county, record):
    """The reviewer confirms; returns the record."""
    return dues.confirm(record, by=county.reviewer)


def waive(county, record, amount):
    """The approver waives `amount` yuan; returns the record."""
    return dues.waive(record, by=county.approver, amount=to_yuan(amount), opinion=OPINION)


def refund(county, record, **changed):
    """Give everything back today; returns the entry."""
    arguments = {"by": county.cashier, "occurred_on": clock.today(), "method": "银行转账"}
    return dues_refunds.refund(record, **arguments | changed)


def reopen(county, record):
    """The approver takes the record up again; returns the fresh record."""
    dues.reopen(record, by=county.approver, opinion=OPINION)
    return fresh(record)


def recorded(county, **options):
    """Recorded and paid in full."""
    record = begin(county, **options)
    collect(county, record, record.payable)
    return fresh(record)


def due(county, **options):
    """Paid in full and confirmed: to be given back."""
    return fresh(confirm(county, recorded(county, **options)))


def refunded(county, **options):
    """Given back, settled."""
    record = due(county, **options)
    refund(county, record)
    return fresh(record)


def to_waive(county, **options):
    """免缴留用, confirmed: the approver is to waive it."""
    return fresh(confirm(county, begin(county, method=DuesMethod.KEEP, **options)))


def waived(county, **options):
    """免缴留用, waived in full, settled."""
    record = to_waive(county, **options)
    return fresh(waive(county, record, record.payable))


def paid_in_part(county, **options):
    """Recorded, 300 yuan paid in."""
    record = begin(county, **options)
    collect(county, record, "300")
    return fresh(record)


def used(county, **options):
    """Given back, and 200 yuan of it used."""
    record = refunded(county, **options)
    use(county, record, "200")
    return fresh(record)


def use(county, record, amount, **changed):
    """The unit logs a use of `amount` yuan; returns it."""
    words = {"purpose": "团课资料", "spent_on": clock.today()} | changed
    return dues_uses.log_use(record, by=county.member, amount=to_yuan(amount), **words)


SITUATIONS = {
    "paid_in_part": paid_in_part,
    "recorded": recorded,
    "unpaid": lambda county: fresh(confirm(county, begin(county))),
    "due": due,
    "refunded": refunded,
    "used": used,
    "refund_reopened": lambda county: reopen(county, refunded(county)),
    "to_waive": to_waive,
    "waived": waived,
    "waiver_reopened": lambda county: reopen(county, waived(county)),
}


def bring(county, situation):
    """A record of the county's unit in `situation`; its year is free again for the next one."""
    record = SITUATIONS[situation](county)
    earlier = record.year - 1
    while DuesRecord.objects.filter(pilot_unit=record.pilot_unit, year=earlier).exists():
        earlier -= 1
    DuesRecord.objects.filter(pk=record.pk).update(year=earlier)
    return fresh(record)
