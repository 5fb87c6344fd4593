"""Queries of what is signed and synced: identities, heads, records, blobs, events, followed hosts."""
