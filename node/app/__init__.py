"""The composition root: builds the services of one node, wires them, serves them."""
