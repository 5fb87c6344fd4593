"""Hosting repositories: signing, committing, announcing, blobs, identities."""
