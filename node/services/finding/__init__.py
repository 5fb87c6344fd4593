"""Search over the catalogue: what is indexed, when, and in which order hits are shown."""
