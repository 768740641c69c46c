"""The verbs of the mentors room, by noun."""

from mentors.actions.activities import (
    advance_activity,
    may_register_activity,
    register_activity,
)
from mentors.actions.assignments import assign_mentor, hand_over, what_moves

__all__ = [
    "advance_activity",
    "assign_mentor",
    "hand_over",
    "may_register_activity",
    "register_activity",
    "what_moves",
]
