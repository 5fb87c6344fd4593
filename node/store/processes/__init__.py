"""Several processes of one node on PostgreSQL: who is the core, and what the others are told and pass on."""
