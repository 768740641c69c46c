"""What the reports keep themselves: the rooms below hold everything else."""

from reports.models.briefings import (
    BriefingDraft,
    BriefingKind,
    FrozenBriefing,
    ParagraphKind,
)

__all__ = ["BriefingDraft", "BriefingKind", "FrozenBriefing", "ParagraphKind"]
