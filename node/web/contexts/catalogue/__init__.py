"""Modules, tasks and paths, with what is said about them."""
