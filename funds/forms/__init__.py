"""The shapes of what people type in the funds room."""
