"""What the matters that own a commitment have in common; each room derives its own from these."""

from django.db import models

from accounts.matters import condition
from funds.models.ledger import Commitment, Entry, Sums
from mentors.standing import UnitMatter


def commitment_of(name):
    """The field `commitment` of a kind of matter; `name` is how a Commitment calls such a matter."""
    return models.OneToOneField(
        Commitment,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name=name,
        verbose_name="资金占用",
    )


class CommitmentOwner:
    """A matter with a one-to-one field `commitment`; None until money is first committed to it."""

    @property
    def sums(self):
        """The running sums of the commitment, read from its last entry (one query, kept)."""
        if "_sums" not in self.__dict__:
            entries = Entry.objects.filter(commitment=self.commitment_id)
            last = entries.order_by("-number").first() if self.commitment_id else None
            self.__dict__["_sums"] = Sums(last)
        return self.__dict__["_sums"]

    def forget_sums(self):
        """Read the sums again after a ledger verb."""
        self.__dict__.pop("_sums", None)


class PaidOutright(CommitmentOwner, UnitMatter):
    """A matter paid once and in one step by `funds.actions.outright`: a plaque, a reward.

    Says the `commitment_kind`, `price` (the field in yuan that is paid in full), `payee` (as for
    `ledger.disburse`) with the sentence `payee_missing`, in which states it is agreed that it is
    paid (`payable_in`), and in which a payment must stand (`must_be_paid_in`) or must not
    (`must_be_unpaid_in`).
    """

    voucher_deciders = {"review": ("propose",), "approval": ("approve",)}
    payable_in = ()
    must_be_paid_in = ()
    must_be_unpaid_in = ()

    class Meta:
        abstract = True

    @property
    def amount_due(self):
        """What it costs, in yuan."""
        return getattr(self, self.price)

    @property
    def is_paid(self):
        """Whether a payment stands that nothing reverses."""
        return self.sums.disbursed > 0

    @condition("款项已经支付，不能重复支付。")
    def nothing_paid(self):
        return not self.is_paid

    @condition("没有可以冲销的付款。")
    def something_paid(self):
        return self.is_paid
