"""Worlds in which the feed and its rivals are lived through: laws of learning, policies, who chooses what."""
