"""Everything that can wait for a person, of all rooms."""

from accounts.todo import Counter
from funds.todo import KINDS as FUNDS
from mentors.todo import KINDS as MENTORS
from units.todo import KINDS as UNITS

KINDS = [*FUNDS, *MENTORS, *UNITS]
COUNTER = Counter(KINDS)
