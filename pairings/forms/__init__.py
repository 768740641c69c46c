"""The pairings room's forms."""
