"""Queries of what stays inside: the organisation's own records, and drafts. Nothing that syncs comes here."""
