"""Texts that exist already become modules and tasks."""
