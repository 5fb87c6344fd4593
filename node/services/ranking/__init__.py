"""The ranking of this node: statements from rows, one ranking per viewpoint, followed as contributions arrive."""
