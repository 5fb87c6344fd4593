"""Practitioners, and becoming one."""
