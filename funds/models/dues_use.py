"""专项工作经费: what a unit used its returned or waived dues for."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from funds.models.dues import DuesRecord
from pilotwork import clock
from pilotwork.files import Attachment
from pilotwork.money import MoneyField


class DuesUseQuerySet(models.QuerySet):
    def standing(self):
        """Uses that were not struck out."""
        return self.filter(voided_at=None)


class DuesUse(models.Model):
    """One use; a wrong one is struck out with the reason and stays readable."""

    record = models.ForeignKey(
        DuesRecord, on_delete=models.PROTECT, related_name="uses", verbose_name="团费记录"
    )
    spent_on = models.DateField("日期")
    purpose = models.CharField("用途", max_length=200)
    amount = MoneyField("金额（元）")
    voucher_number = models.CharField("票据号", max_length=60, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    voided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="划去人"
    )
    voided_at = models.DateTimeField("划去时间", null=True)
    void_reason = models.CharField("划去理由", max_length=200, blank=True)

    objects = DuesUseQuerySet.as_manager()

    class Meta:
        verbose_name = "专项工作经费使用"
        verbose_name_plural = "专项工作经费使用"
        ordering = ["-spent_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="dues_use_is_positive"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
                name="struck_out_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.spent_on} {self.purpose}"


class DuesUseFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the record sees the files of its uses."""
        return self.filter(use__record__in=DuesRecord.objects.visible_to(user))


class DuesUseFile(Attachment):
    """A picture or scan of what was bought or spent."""

    use = models.ForeignKey(
        DuesUse, on_delete=models.PROTECT, related_name="files", verbose_name="使用"
    )

    objects = DuesUseFileQuerySet.as_manager()

    class Meta:
        verbose_name = "使用票据"
        verbose_name_plural = "使用票据"
        ordering = ["id"]

    def __str__(self):
        return self.name
