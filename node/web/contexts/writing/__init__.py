"""An author's desk, and what becomes of published work."""
