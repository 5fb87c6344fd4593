"""What is kept of a worker: sealed, read back as one ledger, erased with nothing left."""
