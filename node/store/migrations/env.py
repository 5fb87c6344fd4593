"""Not used by the node: `node.store.engine.migrating` runs the migrations itself. Here for alembic's own commands."""
