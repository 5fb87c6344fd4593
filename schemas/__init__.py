"""Lexicons, the record types generated from them, identifiers and validation."""
