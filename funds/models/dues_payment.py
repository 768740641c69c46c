"""实缴: dues that a unit paid in (DOMAIN, Dues refund)."""

from django.db import models

from funds.models.dues import DuesRecord
from funds.models.ledger import Entry
from pilotwork.appendonly import AppendOnly, AppendOnlyQuerySet


class DuesPaymentQuerySet(AppendOnlyQuerySet):
    def standing(self):
        """Payments whose receipt nothing reverses."""
        return self.filter(entry__reversed_by=None)


class DuesPayment(AppendOnly):
    """实缴: one receipt of dues; `paid` of the record is the sum of those that stand."""

    record = models.ForeignKey(
        DuesRecord, on_delete=models.PROTECT, related_name="payments", verbose_name="团费记录"
    )
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="dues_payment", verbose_name="入账分录"
    )
    receipt_number = models.CharField("票据号", max_length=60)

    objects = DuesPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "团费缴纳"
        verbose_name_plural = "团费缴纳"
        ordering = ["id"]

    def __str__(self):
        return self.receipt_number
