"""What the access table stands on where it is about dues: records in every situation, what is typed."""

from functools import cached_property
from uuid import uuid4

from funds.actions.outright import standing_payment
from funds.models import DuesUseFile
from pilotwork import clock
from pilotwork.files import PDF, Accepted
from tests.funds import dues

PAPER = Accepted("票据.pdf", PDF, b"%PDF-1.7")


class DuesWorld:
    """Dues of the county of the tests; `dues_elsewhere` are another unit's, to be given back."""

    @cached_property
    def dues(self):
        """A record of the unit's dues in every situation: {situation: record}."""
        self.dues_elsewhere = dues.due(self, unit=self.other_unit)
        return {situation: dues.bring(self, situation) for situation in dues.SITUATIONS}

    dues_paid_in_part = property(lambda self: self.dues["paid_in_part"])
    dues_to_waive = property(lambda self: self.dues["to_waive"])
    dues_to_refund = property(lambda self: self.dues["due"])
    dues_refunded = property(lambda self: self.dues["refunded"])
    dues_used = property(lambda self: self.dues["used"])
    dues_refund_reopened = property(lambda self: self.dues["refund_reopened"])
    dues_waiver_reopened = property(lambda self: self.dues["waiver_reopened"])

    @cached_property
    def dues_file(self):
        return DuesUseFile.keep(PAPER, by=self.member, use=self.dues_used.uses.get())

    def dues_form(self, **further):
        """What is payable as a browser posts it."""
        return {"payable": "800", "method": "pay_then_refund"} | further

    def payment_form(self):
        """Dues that came in as a browser posts them."""
        return self.transfer() | {"receipt_number": "TF-9"}

    def wrong_payment(self):
        payment = self.dues_paid_in_part.payments.get()
        return self.opinion(request_key=uuid4(), payment=payment.pk)

    def wrong_refund(self):
        entry = standing_payment(self.dues_refund_reopened.commitment)
        return self.opinion(request_key=uuid4(), entry=entry.pk)

    def refunds(self):
        record = self.dues_elsewhere
        return self.transfer() | {"records": f"{record.pk}:{record.last_number}"}

    def use_form(self):
        return {"spent_on": clock.today(), "purpose": "团课", "amount": "1"}
