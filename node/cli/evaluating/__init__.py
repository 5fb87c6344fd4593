"""The group `evaluate`: this node's engines on data that somebody brings."""
