"""People, the duties they hold, the log of everything they decide, and the audit."""

from accounts.models.audit import AuditEvent, AuditKind, AuditSeal
from accounts.models.factor import FactorReset, RecoveryCode, SecondFactor
from accounts.models.log import Act, TransitionLog
from accounts.models.user import Duty, DutyGrant, RegistrationCode, User

__all__ = [
    "Act",
    "AuditEvent",
    "AuditKind",
    "AuditSeal",
    "Duty",
    "DutyGrant",
    "FactorReset",
    "RecoveryCode",
    "RegistrationCode",
    "SecondFactor",
    "TransitionLog",
    "User",
]
