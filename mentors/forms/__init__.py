"""The shapes of what is typed in the mentors room."""
