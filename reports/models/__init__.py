"""What the reports keep themselves: the rooms below hold everything else."""
