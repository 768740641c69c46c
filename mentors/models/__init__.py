"""Who guides which unit, and everything the "five ones" are made of."""

from mentors.models.assignments import (
    MentorAssignment,
    SignatureActivity,
    Stage,
    guides,
    has_guided,
    units_belonging_to,
    units_guided_by,
    units_once_guided_by,
    units_served_by,
    units_tied_to,
    units_visible_to,
)
from mentors.models.documents import Document, DocumentKind, DocumentState, DocumentVersion
from mentors.models.records import Coordination, Difficulty, DifficultyState, Research
from mentors.models.visits import (
    OUT,
    ExcusedWeek,
    ExcuseState,
    Mode,
    Visit,
    VisitPhoto,
    VisitState,
)

__all__ = [
    "Coordination",
    "Difficulty",
    "DifficultyState",
    "Document",
    "DocumentKind",
    "DocumentState",
    "DocumentVersion",
    "ExcuseState",
    "ExcusedWeek",
    "MentorAssignment",
    "Mode",
    "OUT",
    "Research",
    "SignatureActivity",
    "Stage",
    "Visit",
    "VisitPhoto",
    "VisitState",
    "guides",
    "has_guided",
    "units_belonging_to",
    "units_guided_by",
    "units_served_by",
    "units_once_guided_by",
    "units_tied_to",
    "units_visible_to",
]
