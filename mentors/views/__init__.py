"""The mentors room's pages."""
