"""试点工作 over the years: a new one beside the old, ending, 结转, archiving."""
