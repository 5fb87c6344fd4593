"""Queries of what running a node takes: people, moderation, the audit log, jobs, small facts."""
