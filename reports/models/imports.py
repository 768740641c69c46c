"""What was uploaded to be imported, kept between its preview and the confirmation."""

import datetime as dt

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.models import User
from pilotwork import clock

KEPT_FOR = dt.timedelta(days=1)


class ImportKind(models.TextChoices):
    ORGANISATIONS = "organisations", "团组织和试点单位"
    DUES = "dues", "应上缴团费"
    QUOTAS = "quotas", "评优基本名额"
    VISITS = "visits", "以往走访"


class ImportUploadQuerySet(models.QuerySet):
    def kept(self):
        """Uploads of the last day; older ones are as good as gone."""
        return self.filter(uploaded_at__gt=clock.now() - KEPT_FOR)

    def outdated(self):
        """Uploads that nobody can open any more."""
        return self.filter(uploaded_at__lte=clock.now() - KEPT_FOR)

    def visible_to(self, user):
        """Who uploaded a file sees it, nobody else."""
        return self.kept().filter(uploaded_by=user)


class ImportUpload(models.Model):
    """One uploaded table: its cleaned rows until they are imported, then how many there were."""

    kind = models.CharField("种类", max_length=20, choices=ImportKind.choices)
    name = models.CharField("文件名", max_length=120)
    # [[row's number in Excel, {heading: value}, {heading: what is wrong}]]
    rows = models.JSONField("内容", default=list, encoder=DjangoJSONEncoder)
    unknown = models.JSONField("不导入的列", default=list)
    uploaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", default=clock.now)
    confirmed_at = models.DateTimeField("导入时间", null=True)
    # {status: number of rows} as it was confirmed.
    result = models.JSONField("结果", default=dict)

    objects = ImportUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "导入"
        verbose_name_plural = "导入"
        ordering = ["-uploaded_at", "-id"]
        indexes = [models.Index(fields=["uploaded_at"], name="import_uploaded")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.name}"
