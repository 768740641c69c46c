"""The second factor: codes from a person's phone, and recovery codes on paper for when it is lost."""

import hashlib

from django.db import models

from accounts.models.user import User
from pilotwork import clock
from pilotwork.appendonly import AppendOnly, AppendOnlyQuerySet


class SecondFactor(models.Model):
    """The key that a person's phone makes codes of; no page, list or log ever shows it again."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="second_factor", verbose_name="人员"
    )
    sealed_key = models.TextField("密钥（加密保存）", editable=False)
    # The time step of the last code that was accepted: that code and earlier ones are spent.
    last_step = models.BigIntegerField("最近使用的时间步", default=0, editable=False)
    # Codes, of the phone or of paper, that were wrong since the last right one.
    failures = models.PositiveIntegerField("连续输错次数", default=0, editable=False)
    failed_at = models.DateTimeField("最近输错的时间", null=True, editable=False)

    class Meta:
        verbose_name = "手机验证码"
        verbose_name_plural = "手机验证码"

    def __str__(self):
        return f"{self.user} 的手机验证码"


class RecoveryCodeQuerySet(models.QuerySet):
    def usable(self):
        """Codes that were not used yet."""
        return self.filter(used_at__isnull=True)


class RecoveryCode(models.Model):
    """One of ten codes on paper, each good for signing in once; only its digest is kept.

    A code has 79 random bits, which nobody finds by trying: a slow hash would add nothing.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name="人员"
    )
    digest = models.CharField("摘要", max_length=64, editable=False)
    created_at = models.DateTimeField("生成时间", default=clock.now, editable=False)
    used_at = models.DateTimeField("使用时间", null=True, editable=False)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "恢复码"
        verbose_name_plural = "恢复码"
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once"),
        ]

    def __str__(self):
        return f"{self.user} 的恢复码"

    @staticmethod
    def digest_of(user, code):
        """The digest under which `code` (normalised) is kept for `user`."""
        return hashlib.sha256(f"{user.pk}:{code}".encode()).hexdigest()


class FactorResetQuerySet(AppendOnlyQuerySet):
    def untold_to(self, user):
        """Those since the person last signed in."""
        own = self.filter(user=user)
        return own.filter(at__gt=user.last_login) if user.last_login else own


class FactorReset(AppendOnly):
    """That somebody took away another person's second factor, and why; the person is shown it."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="factor_resets", verbose_name="人员"
    )
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="办理人"
    )
    by_name = models.CharField("办理人姓名", max_length=120)
    reason = models.CharField("原因", max_length=200)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        verbose_name = "手机验证码重置"
        verbose_name_plural = "手机验证码重置"
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.user} 的手机验证码由 {self.by_name} 重置"

    @property
    def told(self):
        """What the person is told about it."""
        at = f"{clock.local(self.at):%Y年%m月%d日 %H:%M}"
        return (
            f"您的手机验证码已于 {at} 由 {self.by_name} 重置，原因：{self.reason}。"
            "如果不是您申请的，请立即联系县团委。"
        )
