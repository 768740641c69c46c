"""What waits for people in the awards room, derived from the transitions they may take now."""

KINDS = []
