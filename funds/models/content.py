"""What an application contains: budget lines, attachments, and every version that was submitted."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from funds.models.application import Application
from pilotwork.appendonly import AppendOnly
from pilotwork.files import Attachment
from pilotwork.money import MoneyField


class Serial(models.Model):
    """The next serial of a year; its row is the lock that keeps numbers without gaps."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = "编号"
        verbose_name_plural = "编号"

    def __str__(self):
        return f"{self.year}-{self.last:03d}"


class BudgetLine(models.Model):
    """One line of the itemised budget; what the fund does not bear is 自筹."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="budget_lines", verbose_name="立项申请"
    )
    position = models.PositiveSmallIntegerField("序号")
    item = models.CharField("项目", max_length=60)
    note = models.CharField("说明", max_length=120, blank=True)
    quantity = MoneyField("数量", help_text="可以有两位小数。")
    unit_price = MoneyField("单价（元）")
    amount = MoneyField("金额（元）")
    from_fund = MoneyField("基金承担（元）")

    class Meta:
        verbose_name = "预算明细"
        verbose_name_plural = "预算明细"
        ordering = ["application", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_fund__gte=0, from_fund__lte=F("amount"), amount__gt=0),
                name="fund_share_within_the_line",
            )
        ]

    def __str__(self):
        return self.item

    @property
    def own_share(self):
        """自筹: what the unit bears itself, in yuan."""
        return self.amount - self.from_fund


class ApplicationVersion(AppendOnly):
    """The content as it was handed in, or as a change was approved; never rewritten."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="versions", verbose_name="立项申请"
    )
    number = models.PositiveSmallIntegerField("版本")
    content = models.JSONField("内容", encoder=DjangoJSONEncoder)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="经办人")

    class Meta:
        verbose_name = "申请版本"
        verbose_name_plural = "申请版本"
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"], name="version_numbers_are_unique"
            )
        ]

    def __str__(self):
        return f"{self.application} 第 {self.number} 版"


class AttachmentPurpose(models.TextChoices):
    PROPOSAL = "proposal", "申请材料"
    SUPERIOR = "superior", "上级团组织意见原件"
    CLOSURE = "closure", "结项材料"


class ApplicationAttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of the applications a person sees; removed ones are evidence for the county."""
        rows = self.filter(application__in=Application.objects.visible_to(user))
        return rows if user.is_county else rows.filter(removed_at=None)


class ApplicationAttachment(Attachment):
    """A file of an application; taken off the list it stays stored, as evidence."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="attachments", verbose_name="立项申请"
    )
    purpose = models.CharField("用途", max_length=20, choices=AttachmentPurpose.choices)
    removed_at = models.DateTimeField("移除时间", null=True)

    objects = ApplicationAttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["id"]

    def __str__(self):
        return self.name
