"""Organisations, who belongs to them, the programme with its settings, and the pilot units."""

from units.models.organisations import (
    Kind,
    Level,
    Membership,
    Organisation,
    members_of,
    organisations_of,
)
from units.models.pilot_units import PilotUnit, UnitLevel, UnitState, in_force_or_ahead
from units.models.postings import PublicPosting
from units.models.programmes import (
    PilotProgramme,
    ProgrammeState,
    WorkingDayOverride,
    working_day_overrides,
)
from units.models.suggestions import Suggestion, SuggestionKind, SuggestionState, new_receipt

__all__ = [
    "Kind",
    "Level",
    "Membership",
    "Organisation",
    "PilotProgramme",
    "PilotUnit",
    "ProgrammeState",
    "PublicPosting",
    "Suggestion",
    "SuggestionKind",
    "SuggestionState",
    "UnitLevel",
    "UnitState",
    "WorkingDayOverride",
    "in_force_or_ahead",
    "members_of",
    "organisations_of",
    "new_receipt",
    "working_day_overrides",
]
