"""联试共建: which pilot unit is paired with which office, and what the two do together."""

from pairings.models.agreements import (
    Agreement,
    AgreementFile,
    AgreementTopic,
    Topic,
)
from pairings.models.joint import JointState, Side
from pairings.models.pairs import Pairing
from pairings.models.seminars import Seminar, SeminarPhoto

__all__ = [
    "Agreement",
    "AgreementFile",
    "AgreementTopic",
    "JointState",
    "Pairing",
    "Seminar",
    "SeminarPhoto",
    "Side",
    "Topic",
]
