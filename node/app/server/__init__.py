"""How a process meets the network: its socket, its threads, what leaves together, and how it goes."""
