"""活动协议: what a pair agreed to do together, on which topics, and what came of it."""

from django.db import models
from django.db.models import F, Q
from django_fsm import transition

from pairings.models.joint import Joint, JointAttachment, JointState, not_withdrawn
from pairings.models.pairs import Pairing
from pairings.rules import may_add_results


class Topic(models.TextChoices):
    TAX_LAW = "tax_law", "税法知识讲解"
    TAX_RELIEF = "tax_relief", "减免税政策"
    FORESTRY = "forestry", "林木养护技能"
    STUDENT_AID = "student_aid", "帮困助学"
    DEPUTY_SECRETARY = "deputy_secretary", "聘任团委副书记"
    CULTURE_SPORTS = "culture_sports", "联合举办文化体育活动"
    OTHER = "other", "其他"


class Agreement(Joint):
    """An agreement of both sides; it counts once, whatever its topics."""

    CONTENT = ("title", "signed_on", "starts_on", "ends_on", "terms", "steps", "results")

    pairing = models.ForeignKey(
        Pairing, on_delete=models.PROTECT, related_name="agreements", verbose_name="结对"
    )
    signed_on = models.DateField("签订日期")
    starts_on = models.DateField("期限自")
    ends_on = models.DateField("期限至")
    terms = models.TextField("协议内容", max_length=4000)
    steps = models.TextField("推进步骤", max_length=2000, blank=True)
    results = models.TextField("成果", max_length=4000, blank=True)

    class Meta:
        verbose_name = "活动协议"
        verbose_name_plural = "活动协议"
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "signed_on", "title"],
                condition=not_withdrawn(),
                name="one_agreement_per_pair_day_and_title",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="agreement_waiting"),
            models.Index(fields=["-signed_on", "-id"], name="agreement_newest"),
        ]

    @property
    def happened_on(self):
        """The day by which it counts."""
        return self.signed_on

    @property
    def topic_labels(self):
        """The words of its topics, in their usual order."""
        own = {row.topic for row in self.topics.all()}
        return [topic.label for topic in Topic if topic in own]

    def written(self):
        """{field: value} of what is written, its topics too."""
        return super().written() | {"topics": self.topic_labels}

    @transition(
        "state",
        source=JointState.CONFIRMED,
        target=JointState.CONFIRMED,
        permission=may_add_results,
        custom={"label": "补充成果"},
    )
    def add_results(self):
        """Either side says what came of it."""


class AgreementTopic(models.Model):
    """One topic of an agreement."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="topics", verbose_name="协议"
    )
    topic = models.CharField("主题", max_length=20, choices=Topic.choices)

    class Meta:
        verbose_name = "协议主题"
        verbose_name_plural = "协议主题"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "topic"], name="topics_are_named_once")
        ]

    def __str__(self):
        return self.get_topic_display()


class AgreementFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the agreement sees its files that were not taken off."""
        agreements = Agreement.objects.visible_to(user).order_by()
        return self.filter(agreement__in=agreements, removed_at=None)


class AgreementFile(JointAttachment):
    """The signed paper, scanned, or what belongs to it."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="files", verbose_name="协议"
    )

    objects = AgreementFileQuerySet.as_manager()

    class Meta:
        verbose_name = "协议附件"
        verbose_name_plural = "协议附件"
        ordering = ["id"]
