"""People, the duties they hold, and the log of everything they decide."""

from accounts.models.factor import FactorReset, RecoveryCode, SecondFactor
from accounts.models.log import Act, TransitionLog
from accounts.models.user import Duty, DutyGrant, RegistrationCode, User

__all__ = [
    "Act",
    "Duty",
    "DutyGrant",
    "FactorReset",
    "RecoveryCode",
    "RegistrationCode",
    "SecondFactor",
    "TransitionLog",
    "User",
]
