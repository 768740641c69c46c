"""情况汇报 and 工作总结: the text that people edit, and the frozen ones that are kept for ever."""

from django.db import models

from accounts.models import User
from funds.models import LedgerWitness
from pilotwork.appendonly import AppendOnlyQuerySet, digest_of
from pilotwork.history import History
from units.models import PilotProgramme


class BriefingKind(models.TextChoices):
    REPORT = "report", "情况汇报"
    SUMMARY = "summary", "工作总结"


class ParagraphKind(models.TextChoices):
    """The levels of an official document (GB/T 9704-2012, 7.3.3); numbers are set by themselves."""

    HEADING1 = "heading1", "一级标题（一、）"
    HEADING2 = "heading2", "二级标题（（一））"
    HEADING3 = "heading3", "三级标题（1.）"
    HEADING4 = "heading4", "四级标题（（1））"
    PARAGRAPH = "paragraph", "正文"


class BriefingDraft(models.Model):
    """The text of one programme's report as people last saved it, figures left out.

    `paragraphs` is a list of {"key", "kind", "text", "is_hidden"}; `text` names its figures by
    placeholders such as 【走访次数】. Keys of the standard text stand in reports.briefing.standard,
    those of added paragraphs begin with "own". Until somebody saves there is no row.
    """

    programme = models.ForeignKey(
        PilotProgramme,
        on_delete=models.PROTECT,
        related_name="briefing_drafts",
        verbose_name="试点工作",
    )
    kind = models.CharField("种类", max_length=10, choices=BriefingKind.choices)
    title = models.CharField("标题", max_length=80)
    addressee = models.CharField("主送", max_length=120, blank=True)
    signature = models.CharField("署名", max_length=80, blank=True)
    dated_on = models.DateField("成文日期", null=True, blank=True)
    paragraphs = models.JSONField("段落", default=list)
    # What a form was shown, so that a stale one is noticed; 0 is the standard text, never saved.
    version = models.PositiveIntegerField("版本", default=0)
    saved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="保存人"
    )
    saved_at = models.DateTimeField("保存时间", null=True)

    history = History()

    class Meta:
        verbose_name = "汇报文稿"
        verbose_name_plural = "汇报文稿"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind"], name="one_draft_per_programme_and_kind"
            )
        ]

    def __str__(self):
        return f"{self.programme} {self.get_kind_display()}"


class FrozenBriefingQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """The county's staff and leaders read what was reported."""
        return self.all() if user.is_county else self.none()


class FrozenBriefing(LedgerWitness):
    """定稿: text, figures and the ledger's chain heads as they were, kept for ever.

    `blocks` is the composed text, a list of {"kind", "runs": [[text, figure's key or ""]]};
    `figures` {key: the number as printed}. Inserted by reports.briefing.freeze and nothing else.
    """

    programme = models.ForeignKey(
        PilotProgramme,
        on_delete=models.PROTECT,
        related_name="frozen_briefings",
        verbose_name="试点工作",
    )
    kind = models.CharField("种类", max_length=10, choices=BriefingKind.choices)
    number = models.PositiveIntegerField("编号")
    title = models.CharField("标题", max_length=80)
    addressee = models.CharField("主送", max_length=120, blank=True)
    signature = models.CharField("署名", max_length=80, blank=True)
    dated_on = models.DateField("成文日期")
    cutoff_on = models.DateField("统计截止日期")
    blocks = models.JSONField("正文")
    figures = models.JSONField("数字")
    note = models.CharField("备注", max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="定稿人")
    by_name = models.CharField("定稿人（当时）", max_length=110)
    frozen_at = models.DateTimeField("定稿时间")
    request_key = models.UUIDField("提交标识", unique=True, editable=False)

    objects = FrozenBriefingQuerySet.as_manager()

    class Meta:
        verbose_name = "定稿"
        verbose_name_plural = "定稿"
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"], name="frozen_briefings_are_numbered"
            )
        ]

    def __str__(self):
        return f"第 {self.number} 号 {self.title}"

    @classmethod
    def insert_guard_sql(cls, vendor):
        """A trigger that refuses a frozen report which does not take its programme's next number."""
        return numbering_guard(cls._meta.db_table, vendor)

    def computed_digest(self):
        """The digest over everything that is kept."""
        covered = [f.attname for f in self._meta.concrete_fields if f.name not in {"id", "digest"}]
        fields = {name: getattr(self, name) for name in covered}
        return digest_of(fields | {"request_key": str(self.request_key)}, "")


GAP = """
    NEW.number <> 1 + COALESCE(
        (SELECT MAX(number) FROM {table} WHERE programme_id = NEW.programme_id), 0)
"""
MESSAGE = "frozen report does not take the next number"


def numbering_guard(table, vendor):
    """Return [(trigger name, SQL that creates it)]: numbers of a programme have no gap."""
    name, gap = f"{table}_numbered", GAP.format(table=table)
    if vendor == "sqlite":
        return [
            (
                name,
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW WHEN {gap} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
            )
        ]
    return [
        (
            name,
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {gap} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; "
            f"END IF; RETURN NEW; END $$; "
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()",
        )
    ]
