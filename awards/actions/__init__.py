"""The verbs of the awards room, by noun."""
