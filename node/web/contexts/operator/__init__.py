"""The operator's pages, and what readers report."""
