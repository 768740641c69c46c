"""The shapes of what is typed in the awards room."""
