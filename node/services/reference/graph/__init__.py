"""Occupation → task → step → skill → module, and the work activities that lead from one trade's task to another's."""
