"""From tokens to safe HTML."""
