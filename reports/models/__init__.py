"""What the reports keep themselves: the rooms below hold everything else."""

from reports.models.briefings import (
    BriefingDraft,
    BriefingKind,
    FrozenBriefing,
    ParagraphKind,
)
from reports.models.digests import Digest
from reports.models.imports import ImportKind, ImportUpload

__all__ = [
    "BriefingDraft",
    "BriefingKind",
    "Digest",
    "FrozenBriefing",
    "ImportKind",
    "ImportUpload",
    "ParagraphKind",
]
