"""Writes the reference pages from the code: `.venv/bin/python -m docs.generate`. A test fails where a page is stale."""
