"""The pairings room's pages."""
