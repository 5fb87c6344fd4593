"""The node's own JSON interface under /api: what the command line and other programs of its people use."""
