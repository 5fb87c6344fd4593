"""Not used by the node: `node.store.migrating` runs the migrations itself. Present for alembic's own commands."""
