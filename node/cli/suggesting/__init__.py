"""A change proposed to another's work, and one accepted."""
