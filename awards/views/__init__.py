"""The awards room's pages."""
