"""What `doctor` looks at: folder, tables and keys, the machine, the address, the running node."""
