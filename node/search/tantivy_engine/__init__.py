"""The embedded engine: one tantivy index in the data folder, nothing to start. Imported when first needed."""
