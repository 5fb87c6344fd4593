"""A Meilisearch server that the operator runs, through its official client. Imported when first needed."""
