"""Verdicts: given, shown, confirmed again."""
