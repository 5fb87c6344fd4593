"""Moderation: rules, takedowns, reports, labels, and the public log of all of it."""
