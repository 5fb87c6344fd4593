"""Turns records, hosted and followed alike, into catalogue rows in the transaction that stores them."""
