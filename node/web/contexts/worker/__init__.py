"""A worker's own pages: private, seen by nobody else."""
