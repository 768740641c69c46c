"""结项: what was done, and what was spent by budget line, with its vouchers."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from funds.models.application import Application
from funds.models.content import BudgetLine
from pilotwork.money import MoneyField


class Closure(models.Model):
    """One filing of a closure; a returned one stays readable beside the next."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="closures", verbose_name="立项申请"
    )
    report = models.TextField("活动总结", max_length=4000)
    document_count = models.PositiveSmallIntegerField("附单据张数")
    spent_total = MoneyField("实际支出合计（元）")
    spent_from_fund = MoneyField("其中基金支出（元）")
    is_active = models.BooleanField("有效", default=True)
    filed_at = models.DateTimeField("报送时间")
    filed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="报送人"
    )

    class Meta:
        verbose_name = "结项"
        verbose_name_plural = "结项"
        ordering = ["application", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(is_active=True), name="one_active_closure"
            ),
            models.CheckConstraint(
                condition=Q(spent_from_fund__gte=0, spent_from_fund__lte=F("spent_total")),
                name="fund_spending_within_the_spending",
            ),
        ]

    def __str__(self):
        return f"{self.application} 结项"


class Expense(models.Model):
    """One voucher of the actual spending, under its budget line.

    An invoice may be claimed once in the whole system; it is free again when the closure that
    claimed it is returned. Plain receipts carry no number.
    """

    closure = models.ForeignKey(
        Closure, on_delete=models.PROTECT, related_name="expenses", verbose_name="结项"
    )
    budget_line = models.ForeignKey(
        BudgetLine,
        on_delete=models.SET_NULL,
        null=True,
        related_name="expenses",
        verbose_name="预算项目",
    )
    item = models.CharField("预算项目", max_length=60)
    note = models.CharField("用途", max_length=120, blank=True)
    amount = MoneyField("金额（元）")
    from_fund = MoneyField("其中基金（元）")
    invoice_code = models.CharField("发票代码", max_length=20, blank=True)
    invoice_number = models.CharField("发票号码", max_length=30, blank=True)
    is_claimed = models.BooleanField("占用发票号", default=True)

    class Meta:
        verbose_name = "支出"
        verbose_name_plural = "支出"
        ordering = ["closure", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice_code", "invoice_number"],
                condition=Q(is_claimed=True) & ~Q(invoice_number=""),
                name="an_invoice_is_claimed_once",
            ),
            models.CheckConstraint(
                condition=Q(from_fund__gte=0, from_fund__lte=F("amount"), amount__gt=0),
                name="fund_share_within_the_expense",
            ),
        ]

    def __str__(self):
        return self.item
