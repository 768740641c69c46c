"""The verbs of the funds room, by noun."""
