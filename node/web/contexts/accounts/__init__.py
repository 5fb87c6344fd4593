"""One's own account and the ways into it."""
