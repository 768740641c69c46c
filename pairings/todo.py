"""What waits for people in the pairings room, derived from the transitions they may take now."""

KINDS = []
