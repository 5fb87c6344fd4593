"""Not used by the node: `node.store.keeping.migrating` runs the migrations itself. Here for alembic's own commands."""
