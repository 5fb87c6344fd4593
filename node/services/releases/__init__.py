"""Releases of tools: feeds that curators name, read now and then, so that what names an older version is flagged."""
