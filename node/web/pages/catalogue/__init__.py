"""Modules, tasks and paths, read by anybody."""
