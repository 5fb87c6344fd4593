"""What lint looks at, one subject a file. Each check takes a document and yields problems."""
