"""One's own account: made, entered, secured."""
