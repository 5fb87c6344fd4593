"""How the record types are written from the lexicons; run by `python -m schemas.generate`, never by a node."""
