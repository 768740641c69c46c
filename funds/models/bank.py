"""What the bank says an account holds."""

from django.db import models

from accounts.models import User
from funds.models.ledger import FundAccount
from pilotwork.appendonly import AppendOnly
from pilotwork.money import MoneyField


class BankBalance(AppendOnly):
    """对账: the bank's balance of a day as the cashier read it; the newest of a day counts."""

    account = models.ForeignKey(
        FundAccount, on_delete=models.PROTECT, related_name="bank_balances", verbose_name="账户"
    )
    on = models.DateField("日期")
    balance = MoneyField("银行余额（元）")
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "银行余额"
        verbose_name_plural = "银行余额"
        ordering = ["account", "-on", "-id"]

    def __str__(self):
        return f"{self.account} {self.on}"
