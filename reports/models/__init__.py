"""What the reports keep themselves: the rooms below hold everything else."""

from reports.models.digests import Digest

__all__ = ["Digest"]
