"""Pure ranking of public contributions: no I/O, no clock, no randomness of its own."""
