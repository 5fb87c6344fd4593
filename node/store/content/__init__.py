"""Queries of what the catalogue shows: items, what people said of them, reference data, releases of tools."""
