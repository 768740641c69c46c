"""Money: the ledger, and the matters that draw on it."""

from funds.models.application import Application
from funds.models.bank import BankBalance
from funds.models.carry_over import (
    CarryOver,
    CarryOverBooking,
    CarryOverState,
    may_decide_carry_over,
)
from funds.models.change import Change, ChangeState
from funds.models.closure import Closure, Expense
from funds.models.content import ApplicationAttachment, ApplicationVersion, BudgetLine, Serial
from funds.models.dues import DuesMethod, DuesRecord, DuesState
from funds.models.dues_payment import DuesPayment
from funds.models.dues_use import DuesUse, DuesUseFile
from funds.models.kinds import AccountKind, CommitmentKind, EntryKind, Source
from funds.models.ledger import Commitment, Entry, FundAccount, PlannedReceipt
from funds.models.plaque import Plaque, PlaquePhoto, PlaqueState
from funds.models.states import State
from funds.models.witness import LedgerWitness, chain_heads

__all__ = [
    "AccountKind",
    "Application",
    "ApplicationAttachment",
    "ApplicationVersion",
    "BankBalance",
    "BudgetLine",
    "CarryOver",
    "CarryOverBooking",
    "CarryOverState",
    "Change",
    "ChangeState",
    "Closure",
    "Commitment",
    "CommitmentKind",
    "DuesMethod",
    "DuesPayment",
    "DuesRecord",
    "DuesState",
    "DuesUse",
    "DuesUseFile",
    "Entry",
    "EntryKind",
    "Expense",
    "FundAccount",
    "LedgerWitness",
    "Plaque",
    "PlaquePhoto",
    "PlaqueState",
    "PlannedReceipt",
    "Serial",
    "Source",
    "State",
    "chain_heads",
    "may_decide_carry_over",
]
