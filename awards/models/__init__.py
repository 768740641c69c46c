"""资源倾斜: rewards, award quotas and nominations, 希望工程 and 支教."""

from awards.models.campaigns import NO_MINORS, Allocation, Campaign, CampaignKind
from awards.models.contributions import Contribution, ContributionFile, ContributionState
from awards.models.cycles import (
    UNIT_TYPES,
    YOUTH_TYPES,
    AwardCycle,
    AwardLevel,
    AwardType,
    BaseQuota,
    CycleState,
    Objection,
)
from awards.models.nominations import EDITABLE, Nomination, NominationState, Result
from awards.models.rewards import Reward, RewardFile, RewardLevel, RewardState

__all__ = [
    "EDITABLE",
    "NO_MINORS",
    "UNIT_TYPES",
    "YOUTH_TYPES",
    "Allocation",
    "AwardCycle",
    "AwardLevel",
    "AwardType",
    "BaseQuota",
    "Campaign",
    "CampaignKind",
    "Contribution",
    "ContributionFile",
    "ContributionState",
    "CycleState",
    "Nomination",
    "NominationState",
    "Objection",
    "Result",
    "Reward",
    "RewardFile",
    "RewardLevel",
    "RewardState",
]
