"""Several processes of one node: who is the core, what is passed on to it, what it tells the others."""
