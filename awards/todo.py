"""What waits for people in the awards room, derived from the transitions they may take now."""

from awards.cycle_todo import KINDS as CYCLES
from awards.reward_todo import KINDS as REWARDS

KINDS = [*CYCLES, *REWARDS]
