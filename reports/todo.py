"""Everything that can wait for a person, of all rooms."""

from accounts.prepared import Prepared
from awards.todo import KINDS as AWARDS
from funds.todo import KINDS as FUNDS
from mentors.todo import KINDS as MENTORS
from pairings.todo import KINDS as PAIRINGS
from units.todo import KINDS as UNITS

KINDS = [*FUNDS, *MENTORS, *PAIRINGS, *AWARDS, *UNITS]
PREPARED = Prepared(KINDS)
