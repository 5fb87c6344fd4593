"""Organisations and the trust between them."""
