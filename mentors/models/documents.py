"""实施方案 and 总结报告: documents in versions, confirmed or returned by the reviewer."""

from django.db import models
from django.db.models import OuterRef
from django_fsm import FSMField, transition

from accounts.models import Act
from mentors.models.visits import OfUnitQuerySet
from mentors.rules import may_review, may_write_documents
from mentors.standing import UnitMatter
from pilotwork.files import Attachment
from pilotwork.sql import NumberOf
from units.models import PilotUnit


class DocumentQuerySet(OfUnitQuerySet):
    def with_version_count(self):
        """Annotate `version_count`, read only for the rows that are shown."""
        versions = DocumentVersion.objects.filter(document=OuterRef("pk")).order_by()
        return self.annotate(version_count=NumberOf(versions.values("pk")))


class DocumentKind(models.TextChoices):
    PLAN = "plan", "实施方案"
    SUMMARY = "summary", "总结报告"


class DocumentState(models.TextChoices):
    UPLOADED = "uploaded", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "退回修改"


# The verb that is waited for in each state; none in the others.
DOCUMENT_WAITS_FOR = {DocumentState.UPLOADED: "confirm", DocumentState.RETURNED: "upload"}


class Document(UnitMatter):
    """One unit's plan or summary report; its files are versions, the newest counts."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="documents", verbose_name="试点单位"
    )
    kind = models.CharField("种类", max_length=10, choices=DocumentKind.choices)
    confirmed_on = models.DateField("确认日期", null=True)
    state = FSMField(
        "状态",
        choices=DocumentState.choices,
        default=DocumentState.UPLOADED,
        protected=True,
        editable=False,
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "方案与总结"
        verbose_name_plural = "方案与总结"
        ordering = ["pilot_unit", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_unit", "kind"], name="one_document_per_unit_and_kind"
            )
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="document_waiting"),
            models.Index(fields=["-state_since", "-id"], name="document_newest"),
        ]

    def __str__(self):
        return f"{self.pilot_unit} {self.get_kind_display()}"

    @property
    def main_verb(self):
        """The verb that is waited for; empty once it is confirmed."""
        return DOCUMENT_WAITS_FOR.get(self.state, "")

    @transition(
        "state",
        source=[DocumentState.UPLOADED, DocumentState.RETURNED, DocumentState.CONFIRMED],
        target=DocumentState.UPLOADED,
        permission=may_write_documents,
        custom={"label": "上传新版本"},
    )
    def upload(self):
        """A new version waits for the reviewer; the earlier ones stay."""

    @transition(
        "state",
        source=DocumentState.UPLOADED,
        target=DocumentState.CONFIRMED,
        permission=may_review,
        custom={"label": "确认", "act": Act.REVIEW},
    )
    def confirm(self):
        """The newest version is accepted."""

    @transition(
        "state",
        source=DocumentState.UPLOADED,
        target=DocumentState.RETURNED,
        permission=may_review,
        custom={"label": "退回修改", "act": Act.REVIEW},
    )
    def send_back(self):
        """The unit is to correct it."""


class DocumentVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the document sees its versions."""
        return self.filter(document__in=Document.objects.visible_to(user))


class DocumentVersion(Attachment):
    """One uploaded file of a document."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="versions", verbose_name="文件"
    )
    number = models.PositiveSmallIntegerField("版本")

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "文件版本"
        verbose_name_plural = "文件版本"
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="document_version_numbers_are_unique"
            )
        ]

    def __str__(self):
        return f"第 {self.number} 版 {self.name}"
