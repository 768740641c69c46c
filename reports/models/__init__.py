"""What the reports keep themselves: the rooms below hold everything else."""

from reports.models.imports import ImportKind, ImportUpload

__all__ = ["ImportKind", "ImportUpload"]
