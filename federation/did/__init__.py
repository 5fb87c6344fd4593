"""DID documents, and their resolution: did:web, did:plc, handles both ways."""
