"""A copy of another's work, and its original's changes taken in."""
