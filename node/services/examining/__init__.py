"""What the doctor looks at: folder, tables and keys, the address, the clock, the release, peers, search."""
