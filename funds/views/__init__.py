"""The pages of the funds room, a module for each kind of page."""
