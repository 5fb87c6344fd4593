"""`bench load`: many people at once, each at their own work, on one node."""
