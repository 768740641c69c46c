"""How fast the main pages are, and whether they stay so as data grows."""
