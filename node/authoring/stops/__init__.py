"""The stops of a path: the modules of its numbered list."""
