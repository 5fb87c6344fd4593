"""Organisations: whom this node trusts and follows, and what would be otherwise."""
