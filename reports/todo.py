"""Everything that can wait for a person, of all rooms."""

from accounts.prepared import Prepared
from funds.todo import KINDS as FUNDS
from mentors.todo import KINDS as MENTORS
from units.todo import KINDS as UNITS

KINDS = [*FUNDS, *MENTORS, *UNITS]
PREPARED = Prepared(KINDS)
