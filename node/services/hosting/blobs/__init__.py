"""Blobs: arriving, kept under the names of their content in folders or in a bucket, and let go of."""
