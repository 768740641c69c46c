"""The append-only log of transitions: from, to, by, at and the opinion (DOMAIN, Money)."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef

from pilotwork.appendonly import AppendOnly, AppendOnlyQuerySet, digest_of


class Act(models.TextChoices):
    """The acts of which nobody does two adjoining ones in one matter (review–approve–pay)."""

    REVIEW = "review", "初审"
    APPROVE = "approve", "审批"
    PAY = "pay", "拨付"


class TransitionLogQuerySet(AppendOnlyQuerySet):
    def of(self, matter):
        """The log of one matter, oldest first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(matter), object_id=matter.pk
        ).order_by("number")

    def about(self, model):
        """For a subquery on matters of `model`: the outer row's log."""
        kind = ContentType.objects.get_for_model(model)
        return self.filter(content_type=kind, object_id=OuterRef("pk"))

    def until(self, moment, model):
        """For a subquery on matters of `model`: the outer row's log before `moment`, newest first."""
        return self.about(model).filter(at__lt=moment).order_by("-number")

    def heads(self):
        """The last row of every matter's log."""
        later = self.model.objects.filter(
            content_type=OuterRef("content_type"),
            object_id=OuterRef("object_id"),
            number__gt=OuterRef("number"),
        )
        return self.filter(~Exists(later))


class TransitionLog(AppendOnly):
    """One transition or opinion in one matter; numbered and chained per matter.

    The digest covers the row and the digest before it, so that a row rewritten behind the
    application's back breaks the chain that is printed on vouchers.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, verbose_name="事项类别")
    object_id = models.BigIntegerField("事项")
    matter = GenericForeignKey("content_type", "object_id")
    number = models.PositiveIntegerField("序号")
    verb = models.CharField("动作", max_length=40)
    label = models.CharField("办理", max_length=40)
    act = models.CharField("环节", max_length=10, choices=Act.choices, blank=True)
    source = models.CharField("原状态", max_length=20, blank=True)
    target = models.CharField("新状态", max_length=20)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    by_name = models.CharField("经办人（当时）", max_length=110)
    at = models.DateTimeField("时间")
    opinion = models.TextField("意见", blank=True)
    minutes_number = models.CharField("会议纪要号", max_length=60, blank=True)
    details = models.JSONField("要素", default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField("校验码", max_length=64)

    objects = TransitionLogQuerySet.as_manager()

    class Meta:
        verbose_name = "流转记录"
        verbose_name_plural = "流转记录"
        ordering = ["content_type", "object_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"], name="log_numbers_are_unique"
            )
        ]
        indexes = [
            models.Index(fields=["content_type", "-at", "-id"], name="log_recent"),
            models.Index(fields=["by", "content_type", "object_id", "act"], name="log_acts"),
            models.Index(fields=["-at", "-id"], name="log_of_all"),
            models.Index(fields=["by", "-at", "-id"], name="log_of_person"),
        ]

    def __str__(self):
        return f"{self.label} {self.by_name}"

    def computed_digest(self, previous):
        """The digest this row must carry when the row before it carries `previous`."""
        return digest_of(
            {
                "matter": [self.content_type.app_label, self.content_type.model, self.object_id],
                "number": self.number,
                "verb": self.verb,
                "label": self.label,
                "act": self.act,
                "source": self.source,
                "target": self.target,
                "by": self.by_id,
                "by_name": self.by_name,
                "at": self.at,
                "opinion": self.opinion,
                "minutes_number": self.minutes_number,
                "details": self.details,
            },
            previous,
        )
