"""审计: who came in, and what he took along or looked into; kept for ever, changed by nobody.

What people did to matters is in the TransitionLog, what they changed in the rows' own histories.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from pilotwork import clock
from pilotwork.appendonly import AppendOnly


class AuditKind(models.TextChoices):
    SIGN_IN = "sign_in", "登录"
    FAILED = "failed", "登录失败"
    LOCKED = "locked", "登录锁定"
    SIGN_OUT = "sign_out", "退出"
    PRINT = "print", "打开打印件"
    EXPORT = "export", "导出"
    ATTACHMENT = "attachment", "查看附件"


class AuditEvent(AppendOnly):
    """One sign-in, print, export or attachment: who, what, from where, when.

    Of a failed sign-in `by` is whose account was tried; nobody where there is no such account: what
    was typed then may be somebody's password, and is not kept.
    """

    at = models.DateTimeField("时间", default=clock.now)
    kind = models.CharField("类别", max_length=12, choices=AuditKind.choices)
    by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="人员",
    )
    by_name = models.CharField("人员（当时）", max_length=110, blank=True)
    title = models.CharField("内容", max_length=300, blank=True)
    path = models.CharField("页面", max_length=500, blank=True)
    content_type = models.ForeignKey(
        ContentType,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        verbose_name="对象类别",
    )
    object_id = models.BigIntegerField("对象", null=True)
    client = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=64, blank=True)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-at", "-id"]
        # These lead to a person's and an object's rows too; each further one would slow every page.
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_recent"),
            models.Index(fields=["by", "-at", "-id"], name="audit_of_person"),
            models.Index(fields=["kind", "-at", "-id"], name="audit_of_kind"),
            models.Index(fields=["content_type", "object_id"], name="audit_of_object"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.title}".strip()


class AuditSeal(AppendOnly):
    """封存: how many events a day had, and the digest over them and the seal before.

    Events are not chained one by one, so that nobody who signs in waits for another; a day's are
    sealed together when it is over.
    """

    number = models.PositiveIntegerField("序号", unique=True)
    day = models.DateField("日期", unique=True)
    events = models.PositiveIntegerField("条数")
    digest = models.CharField("校验码", max_length=64)

    class Meta:
        verbose_name = "审计封存"
        verbose_name_plural = "审计封存"
        ordering = ["number"]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}"
